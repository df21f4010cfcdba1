import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { readUses } from '../templates/uses.ts';

/**
 * Removes sample flows with everyone's enrollments in them, sample contacts with their messages, links and enrollments, and sample prices,
 * webhooks, opening hours, fields, lists, segments, goals, pools of codes, sign-up forms and templates that nobody changed; sample programmes are archived. What real
 * contacts left in real flows stays, and so do the counts of real flows, less what the sample contacts added as they stand in them.
 *
 * @returns ids of the removed flows.
 */
export async function removeSampleData(work: Work): Promise<string[]> {
  const { tx, workspaceId } = work;
  const flows = await sql<{ id: string }>`
    SELECT id FROM flows WHERE workspace_id = ${workspaceId} AND is_sample ORDER BY id FOR UPDATE`.execute(tx);
  const flowIds = flows.rows.map((row) => row.id);
  const people = await sql<{ id: string; phone: string }>`
    SELECT id, phone FROM contacts WHERE workspace_id = ${workspaceId} AND is_sample ORDER BY id FOR UPDATE`.execute(
    tx,
  );
  const contactIds = people.rows.map((row) => row.id);
  const numbers = people.rows.map((row) => row.phone);
  const ofSample = sql`workspace_id = ${workspaceId} AND (flow_id = ANY(${flowIds}::uuid[]) OR contact_id = ANY(${contactIds}::uuid[]))`;

  const removed = await sql<{ id: string }>`
    WITH present AS (DELETE FROM enrollments WHERE ${ofSample} RETURNING id),
      past AS (DELETE FROM enrollment_history WHERE ${ofSample} RETURNING id)
    SELECT id FROM present UNION ALL SELECT id FROM past`.execute(tx);
  const enrollmentIds = removed.rows.map((row) => row.id);
  await sql`DELETE FROM enrollment_path WHERE workspace_id = ${workspaceId} AND enrollment_id = ANY(${enrollmentIds}::uuid[])`.execute(
    tx,
  );
  await sql`DELETE FROM settlements WHERE workspace_id = ${workspaceId} AND enrollment_id = ANY(${enrollmentIds}::uuid[])`.execute(
    tx,
  );

  const messages = await sql<{
    id: string;
  }>`SELECT id FROM messages WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${contactIds}::uuid[])`.execute(
    tx,
  );
  const messageIds = messages.rows.map((row) => row.id);
  for (const table of ['message_queue', 'message_attempts', 'message_receipts'] as const) {
    await sql`DELETE FROM ${sql.table(table)} WHERE workspace_id = ${workspaceId} AND message_id = ANY(${messageIds}::uuid[])`.execute(
      tx,
    );
  }
  await sql`DELETE FROM message_queue WHERE workspace_id = ${workspaceId} AND flow_id = ANY(${flowIds}::uuid[])`.execute(
    tx,
  );
  await sql`DELETE FROM messages WHERE workspace_id = ${workspaceId} AND id = ANY(${messageIds}::uuid[])`.execute(tx);
  // Consent and events go with their contact.
  await sql`DELETE FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${contactIds}::uuid[])`.execute(tx);
  await sql`DELETE FROM numbers WHERE workspace_id = ${workspaceId} AND number = ANY(${numbers}::text[]) AND suppressed_at IS NULL`.execute(
    tx,
  );

  // Their workflows may still be open: a call that finds no run does nothing and ends.
  await sql`
    DELETE FROM run_steps WHERE workspace_id = ${workspaceId} AND run_id IN (
      SELECT id FROM runs WHERE workspace_id = ${workspaceId} AND flow_id = ANY(${flowIds}::uuid[]))`.execute(tx);
  for (const table of ['flow_count_deltas', 'flow_count_totals', 'flow_count_days', 'runs'] as const) {
    await sql`DELETE FROM ${sql.table(table)} WHERE workspace_id = ${workspaceId} AND flow_id = ANY(${flowIds}::uuid[])`.execute(
      tx,
    );
  }
  for (const table of [
    'prices',
    'opening_hours',
    'contact_fields',
    'contact_lists',
    'segments',
    'goals',
    'sign_up_forms',
    'code_pools',
  ] as const)
    await sql`DELETE FROM ${sql.table(table)} WHERE workspace_id = ${workspaceId} AND is_sample`.execute(tx);
  // Off, as it was made: one that somebody turned on is theirs.
  await sql`DELETE FROM webhook_endpoints WHERE workspace_id = ${workspaceId} AND is_sample AND NOT enabled`.execute(
    tx,
  );
  // What somebody may have agreed to is not deleted: nobody signs up to it any more.
  await sql`
    UPDATE consent_programmes SET archived_at = ${work.now}, updated_at = ${work.now}, revision = revision + 1
    WHERE workspace_id = ${workspaceId} AND is_sample AND archived_at IS NULL`.execute(tx);
  // Versions, triggers and batches go with their flow.
  await sql`DELETE FROM campaigns WHERE workspace_id = ${workspaceId} AND flow_id = ANY(${flowIds}::uuid[])`.execute(
    tx,
  );
  await sql`DELETE FROM flows WHERE workspace_id = ${workspaceId} AND id = ANY(${flowIds}::uuid[])`.execute(tx);
  await removeTemplates(work);
  return flowIds;
}

/** Sample templates and then snippets that nothing names any longer; one that a flow of the workspace's own sends is the workspace's own. */
async function removeTemplates(work: Work): Promise<void> {
  const { tx, workspaceId } = work;
  const samples = await tx
    .selectFrom('message_templates')
    .select(['id', 'key'])
    .where('workspace_id', '=', workspaceId)
    .where('is_sample', '=', true)
    .orderBy('kind', 'desc')
    .execute();
  for (const sample of samples) {
    const isUsed = (await readUses(work, sample)).length > 0;
    const here = sql`workspace_id = ${workspaceId} AND id = ${sample.id}`;
    await (isUsed
      ? sql`UPDATE message_templates SET is_sample = false WHERE ${here}`
      : sql`DELETE FROM message_templates WHERE ${here}`
    ).execute(tx);
  }
}
