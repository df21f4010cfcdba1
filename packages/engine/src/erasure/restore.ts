import { writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { sql } from 'kysely';
import { makeNumbers, type NumberDeps } from '../contacts/numbers.ts';
import { uuidArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';
import { mostAtOnce } from './delete.ts';

/** Which of the deleted are meant: some, or all who went together. */
export type Deleted = { readonly contactIds: readonly string[] } | { readonly deletionId: string };

/** Who of a workspace's deleted contacts that is, of those called `d`. */
export const meant = (workspaceId: string, deleted: Deleted) =>
  'contactIds' in deleted
    ? sql`d.workspace_id = ${workspaceId} AND d.contact_id = ANY(${uuidArray(deleted.contactIds)}::uuid[])`
    : sql`d.workspace_id = ${workspaceId} AND d.deletion_id = ${deleted.deletionId}::uuid`;

/** Somebody else has the number by now, or the external id: two people cannot. */
export const isTaken = sql`EXISTS (
  SELECT 1 FROM contacts o WHERE o.workspace_id = d.workspace_id AND (o.phone = d.phone OR o.external_id = d.profile->>'external_id'))`;

/** How many could be taken back, and how many could not. */
export async function countDeleted(
  { tx, workspaceId }: Scope,
  deleted: Deleted,
): Promise<{ readonly free: number; readonly taken: number }> {
  const { rows } = await sql<{ free: number; taken: number }>`
    SELECT count(*) FILTER (WHERE NOT ${isTaken})::int AS free, count(*) FILTER (WHERE ${isTaken})::int AS taken
    FROM deleted_contacts d WHERE ${meant(workspaceId, deleted)}`.execute(tx);
  return rows[0] ?? { free: 0, taken: 0 };
}

const columns = sql.join(writtenFieldNames.map((name) => sql`${sql.ref(name)} = d.profile->>${sql.lit(name)}`));

/**
 * Takes back the first of the people who are meant, as many as go into one transaction, with what was known of them and onto the lists that
 * there still are. Flows that they left stay left. Who cannot come back stays deleted.
 */
export async function restoreContacts(
  deps: Pick<NumberDeps, 'digests'>,
  work: Work,
  deleted: Deleted,
): Promise<readonly string[]> {
  const { tx, workspaceId, now } = work;
  const found = await sql<{ contact_id: string; phone: string }>`
    SELECT d.contact_id, d.phone FROM deleted_contacts d WHERE ${meant(workspaceId, deleted)} AND NOT ${isTaken}
    ORDER BY d.contact_id LIMIT ${mostAtOnce} FOR UPDATE OF d`.execute(tx);
  const contactIds = found.rows.map((row) => row.contact_id);
  if (contactIds.length === 0) return [];
  const ids = uuidArray(contactIds);
  await makeNumbers(deps, work, found.rows.map(({ phone }) => phone).sort());
  await sql`
    UPDATE contacts c SET phone = d.phone, ${columns}, attributes = d.profile->'attributes', unhandled = (d.profile->>'unhandled')::boolean,
      deleted_at = NULL, updated_at = ${now}
    FROM deleted_contacts d
    WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${ids}::uuid[]) AND d.workspace_id = c.workspace_id AND d.contact_id = c.id`.execute(
    tx,
  );
  await sql`
    INSERT INTO contact_list_members (workspace_id, list_id, contact_id, at)
    SELECT d.workspace_id, l.id, d.contact_id, ${now} FROM deleted_contacts d
    JOIN contact_lists l ON l.workspace_id = d.workspace_id AND l.id = ANY(d.list_ids)
    WHERE d.workspace_id = ${workspaceId} AND d.contact_id = ANY(${ids}::uuid[])
    ON CONFLICT DO NOTHING`.execute(tx);
  await sql`DELETE FROM deleted_contacts WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${ids}::uuid[])`.execute(
    tx,
  );
  return contactIds;
}
