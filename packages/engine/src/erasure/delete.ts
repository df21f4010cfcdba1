import { writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { sql } from 'kysely';
import { type Members, whom } from '../contacts/lists.ts';
import { uuidArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Recorder } from '../http/recorder.ts';
import type { InboundDeps } from '../inbound/inbound-deps.ts';
import { type Left, leaveEverything } from './leave.ts';

/** People that one transaction deletes, takes back or erases at most. */
export const mostAtOnce = 2_000;

/** How many people are meant. */
export async function countMembers({ tx, workspaceId }: Scope, members: Members): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM contacts c WHERE ${whom(workspaceId, members)}`.execute(tx);
  return rows[0]?.n ?? 0;
}

const kept = sql.join(writtenFieldNames.flatMap((name) => [sql.lit(name), sql.ref(`c.${name}`)]));
const emptied = sql.join(writtenFieldNames.map((name) => sql`${sql.ref(name)} = NULL`));

/** What a deleted contact has for a phone: no number that a person could have, and nobody else's. */
const noPhone = sql`'deleted:' || id`;

/**
 * Deletes the first of the people who are meant, as many as go into one transaction: they leave every flow, list and queue, and what is known
 * of them stands apart, to be taken back. What stays tells nothing.
 */
export async function deleteContacts(
  deps: Pick<InboundDeps, 'versions'>,
  work: Work,
  members: Members,
  by: { readonly deletionId: string; readonly recorder: Recorder },
): Promise<Left & { readonly contactIds: readonly string[] }> {
  const { tx, workspaceId, now } = work;
  const found = await sql<{ id: string }>`
    SELECT c.id FROM contacts c WHERE ${whom(workspaceId, members)} ORDER BY c.id LIMIT ${mostAtOnce} FOR NO KEY UPDATE OF c`.execute(
    tx,
  );
  const contactIds = found.rows.map(({ id }) => id);
  if (contactIds.length === 0) return { contactIds, flowIds: [], wake: [] };
  const ids = uuidArray(contactIds);
  await sql`
    INSERT INTO deleted_contacts (workspace_id, contact_id, deletion_id, phone, profile, list_ids, actor_kind, actor, deleted_at)
    SELECT c.workspace_id, c.id, ${by.deletionId}::uuid, c.phone,
      jsonb_build_object(${kept}, 'attributes', c.attributes, 'unhandled', c.unhandled),
      ARRAY(SELECT list_id FROM contact_list_members m WHERE m.workspace_id = c.workspace_id AND m.contact_id = c.id ORDER BY list_id),
      ${by.recorder.kind}, ${by.recorder.id}, ${now}
    FROM contacts c WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${ids}::uuid[])`.execute(tx);
  await sql`DELETE FROM contact_list_members WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${ids}::uuid[])`.execute(
    tx,
  );
  const left = await leaveEverything(deps, work, contactIds);
  await sql`
    UPDATE contacts SET phone = ${noPhone}, ${emptied}, attributes = '{}', unhandled = false, deleted_at = ${now}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[])`.execute(tx);
  return { ...left, contactIds };
}
