import { sql } from 'kysely';
import { digitsSought } from '../contacts/digits-sought.ts';
import { textArray } from '../db/array-literals.ts';
import { containing } from '../db/like.ts';
import type { Scope } from '../db/work.ts';
import { isTaken } from './restore.ts';

/** Somebody deleted, as they are stored. */
export type DeletedRow = {
  readonly contact_id: string;
  readonly deletion_id: string;
  readonly phone: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly actor_kind: string;
  readonly actor: string;
  readonly deleted_at: Date;
  readonly is_taken: boolean;
  /** The time as the database writes it, with its microseconds. */
  readonly place: string;
};

/** Who was deleted, the latest first, and how many they are. */
export async function listDeleted(
  { tx, workspaceId }: Scope,
  query: {
    readonly search: string | undefined;
    readonly limit: number;
    readonly before: readonly [string, string] | null;
  },
): Promise<{ readonly rows: DeletedRow[]; readonly total: number }> {
  const { search, limit, before } = query;
  const text = search?.trim() ?? '';
  const digits = text.replace(/[\s().+-]/g, '');
  const byPhone = /^\d{2,15}$/.test(digits)
    ? sql`OR d.phone LIKE ANY(${textArray(digitsSought(digits).map(containing))}::text[])`
    : sql``;
  const fits =
    text === ''
      ? sql`d.workspace_id = ${workspaceId}`
      : sql`d.workspace_id = ${workspaceId} AND (
          concat_ws(' ', d.profile->>'first_name', d.profile->>'last_name') ILIKE ${containing(text)} OR d.profile->>'email' ILIKE ${containing(text)} ${byPhone})`;
  const rows = await sql<DeletedRow>`
    SELECT d.contact_id, d.deletion_id, d.phone, d.profile->>'first_name' AS first_name, d.profile->>'last_name' AS last_name, d.actor_kind, d.actor,
      d.deleted_at, ${isTaken} AS is_taken, to_char(d.deleted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM deleted_contacts d
    WHERE ${fits} ${before === null ? sql`` : sql`AND (d.deleted_at, d.contact_id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`}
    ORDER BY d.deleted_at DESC, d.contact_id DESC LIMIT ${limit}`.execute(tx);
  const total = await sql<{ n: number }>`SELECT count(*)::int AS n FROM deleted_contacts d WHERE ${fits}`.execute(tx);
  return { rows: rows.rows, total: total.rows[0]?.n ?? 0 };
}

/** Which of these ids are nobody's among the deleted. */
export async function unknownDeleted(
  { tx, workspaceId }: Scope,
  contactIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ contact_id: string }>`
    SELECT contact_id FROM deleted_contacts WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${[...contactIds]}::uuid[])`.execute(
    tx,
  );
  const known = new Set(rows.rows.map((row) => row.contact_id));
  return new Set(contactIds.filter((id) => !known.has(id)));
}
