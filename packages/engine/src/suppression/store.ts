import { sql } from 'kysely';
import { digitsSought } from '../contacts/digits-sought.ts';
import { textArray } from '../db/array-literals.ts';
import { containing } from '../db/like.ts';
import type { Scope } from '../db/work.ts';

/** A reason why a number may not be texted, as it is stored. */
export type SuppressionRow = {
  readonly id: string;
  readonly number: string | null;
  readonly contact_id: string | null;
  readonly reason: string;
  readonly note: string | null;
  readonly actor_kind: string | null;
  readonly actor: string | null;
  readonly at: Date;
  /** The time as the database writes it, with its microseconds. */
  readonly place: string;
};

export type SuppressionQuery = {
  readonly search?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: Date | undefined;
  /** Of these numbers alone. */
  readonly numbers?: readonly string[];
  readonly before: readonly [string, string] | null;
  readonly limit: number;
};

/** Suppressions, the latest first. */
export async function listSuppressions({ tx, workspaceId }: Scope, query: SuppressionQuery): Promise<SuppressionRow[]> {
  const { search, reason, since, numbers, before, limit } = query;
  const digits = search?.replace(/\D/g, '') ?? '';
  const rows = await sql<SuppressionRow>`
    SELECT s.id, s.number, c.id AS contact_id, s.reason, s.note, s.actor_kind, s.actor, s.at,
      to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM suppressions s LEFT JOIN contacts c ON c.workspace_id = s.workspace_id AND c.phone = s.number
    WHERE s.workspace_id = ${workspaceId}
      ${digits === '' ? sql`` : sql`AND s.number LIKE ANY(${textArray(digitsSought(digits).map(containing))}::text[])`}
      ${reason === undefined ? sql`` : sql`AND s.reason = ${reason}`}
      ${since === undefined ? sql`` : sql`AND s.at >= ${since}`}
      ${numbers === undefined ? sql`` : sql`AND s.number = ANY(${textArray(numbers)}::text[])`}
      ${before === null ? sql`` : sql`AND (s.at, s.id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`}
    ORDER BY s.at DESC, s.id DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}
