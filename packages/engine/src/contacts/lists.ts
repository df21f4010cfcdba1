import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import { type ContactFilter, matchesFilter } from './store.ts';

/** Lists are whom one writes to, tags say something of somebody. */
export const listKinds = ['list', 'tag'] as const;
export type ListKind = (typeof listKinds)[number];

/** Lists and tags of a workspace at most. */
export const mostLists = 1_000;

/** A list or a tag as it is stored, and how many people it has. */
export type ListRow = {
  readonly id: string;
  readonly kind: ListKind;
  readonly name: string;
  readonly size: number;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Lists and tags by name; those of one person, or one alone, where they are named. */
export async function listLists(
  { tx, workspaceId }: Scope,
  asked: { readonly id?: string; readonly contactId?: string; readonly kind?: ListKind | undefined } = {},
): Promise<ListRow[]> {
  const { id, contactId, kind } = asked;
  const ofContact = sql`AND EXISTS (SELECT 1 FROM contact_list_members m WHERE m.workspace_id = l.workspace_id AND m.list_id = l.id AND m.contact_id = ${contactId ?? null}::uuid)`;
  const rows = await sql<ListRow>`
    SELECT l.id, l.kind, l.name, l.revision, l.created_at, l.updated_at,
      (SELECT count(*) FROM contact_list_members m WHERE m.workspace_id = l.workspace_id AND m.list_id = l.id)::int AS size
    FROM contact_lists l
    WHERE l.workspace_id = ${workspaceId} ${id === undefined ? sql`` : sql`AND l.id = ${id}::uuid`}
      ${kind === undefined ? sql`` : sql`AND l.kind = ${kind}`} ${contactId === undefined ? sql`` : ofContact}
    ORDER BY lower(l.name), l.id LIMIT ${mostLists}`.execute(tx);
  return rows.rows;
}

/** One list or tag; null where there is none. */
export async function readList(scope: Scope, id: string): Promise<ListRow | null> {
  const [row] = await listLists(scope, { id });
  return row ?? null;
}

/** Whom a change of many people is about. */
export type Members = { readonly contactIds: readonly string[] } | { readonly filter: ContactFilter };

/** Who of a workspace that is, of contacts called `c`. */
export const whom = (workspaceId: string, members: Members) =>
  'contactIds' in members
    ? sql`c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND c.id = ANY(${[...members.contactIds]}::uuid[])`
    : matchesFilter(workspaceId, members.filter);

/** How many were changed, and some of them: more than the feed tells one by one. */
export type ChangedMembers = { readonly changed: number; readonly some: readonly string[] };

const counted = sql`
  SELECT (SELECT count(*) FROM done)::int AS changed, ARRAY(SELECT contact_id FROM done LIMIT 51) AS some`;

/** Puts people on a list, in one statement whatever their number. Who is on it stays as they are. */
export async function addMembers(
  { tx, workspaceId, now }: Work,
  listId: string,
  members: Members,
): Promise<ChangedMembers> {
  const { rows } = await sql<ChangedMembers>`
    WITH done AS (
      INSERT INTO contact_list_members (workspace_id, list_id, contact_id, at)
      SELECT c.workspace_id, ${listId}::uuid, c.id, ${now} FROM contacts c WHERE ${whom(workspaceId, members)} ORDER BY c.id
      ON CONFLICT DO NOTHING RETURNING contact_id
    ) ${counted}`.execute(tx);
  return rows[0] ?? { changed: 0, some: [] };
}

/** Takes people off a list, in one statement as well. */
export async function removeMembers(
  { tx, workspaceId }: Work,
  listId: string,
  members: Members,
): Promise<ChangedMembers> {
  const { rows } = await sql<ChangedMembers>`
    WITH done AS (
      DELETE FROM contact_list_members m USING contacts c
      WHERE m.workspace_id = ${workspaceId} AND m.list_id = ${listId}::uuid AND c.workspace_id = m.workspace_id AND c.id = m.contact_id
        AND ${whom(workspaceId, members)} RETURNING m.contact_id
    ) ${counted}`.execute(tx);
  return rows[0] ?? { changed: 0, some: [] };
}

/** Which of these ids are nobody's. */
export async function unknownContacts(
  { tx, workspaceId }: Scope,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ANY(${[...contactIds]}::uuid[]) AND deleted_at IS NULL`.execute(
    tx,
  );
  const known = new Set(rows.rows.map((row) => row.id));
  return new Set(contactIds.filter((id) => !known.has(id)));
}
