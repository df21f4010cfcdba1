import { sql } from 'kysely';
import { textArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';

/** Pools of a workspace at most, archived ones too: their keys are not given again. */
export const mostPools = 200;
/** Codes of a pool at most. */
export const mostCodes = 1_000_000;

/** A pool of codes, as it is stored. */
export type PoolRow = {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly low_at: number | null;
  readonly archived_at: Date | null;
  readonly is_sample: boolean;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Pools by name, archived ones last; one alone where it is named. */
export async function listPools({ tx, workspaceId }: Scope, id?: string): Promise<PoolRow[]> {
  const { rows } = await sql<PoolRow>`
    SELECT id, key, name, low_at, archived_at, is_sample, revision, created_at, updated_at FROM code_pools
    WHERE workspace_id = ${workspaceId} ${id === undefined ? sql`` : sql`AND id = ${id}::uuid`}
    ORDER BY archived_at IS NOT NULL, lower(name), id LIMIT ${mostPools}`.execute(tx);
  return rows;
}

/** How many codes a pool has, and what became of them. */
export type Stock = {
  readonly codes: number;
  readonly given: number;
  readonly redeemed: number;
  readonly left: number;
};

const empty: Stock = { codes: 0, given: 0, redeemed: 0, left: 0 };

/** The stock of pools, in one statement. */
export async function readStock(
  { tx, workspaceId }: Scope,
  poolIds: readonly string[],
): Promise<(poolId: string) => Stock> {
  const { rows } = await sql<Stock & { pool_id: string }>`
    SELECT pool_id, count(*)::int AS codes, count(given_at)::int AS given, count(redeemed_at)::int AS redeemed,
      count(*) FILTER (WHERE given_at IS NULL)::int AS left
    FROM codes WHERE workspace_id = ${workspaceId} AND pool_id = ANY(${[...poolIds]}::uuid[]) GROUP BY pool_id`.execute(
    tx,
  );
  const known = new Map(rows.map(({ pool_id, ...stock }) => [pool_id, stock]));
  return (poolId) => known.get(poolId) ?? empty;
}

/** Puts codes into a pool, in their order; those that any pool of the workspace has already stay where they are. Returns how many are new. */
export async function addCodes({ tx, workspaceId }: Work, poolId: string, codes: readonly string[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH added AS (
      INSERT INTO codes (workspace_id, code, pool_id)
      SELECT ${workspaceId}::uuid, x.code, ${poolId}::uuid FROM unnest(${textArray(codes)}::text[]) WITH ORDINALITY AS x(code, place) ORDER BY x.place
      ON CONFLICT (workspace_id, code) DO NOTHING RETURNING 1
    ) SELECT count(*)::int AS n FROM added`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** A code that somebody has. */
export type GivenRow = {
  readonly code: string;
  readonly contact_id: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  /** Null of somebody who was deleted. */
  readonly phone: string | null;
  readonly given_at: Date;
  readonly place: string;
  readonly redeemed_at: Date | null;
};

/** Codes that people have, the last given first. */
export async function listGiven(
  { tx, workspaceId }: Scope,
  poolId: string,
  { limit, before }: { readonly limit: number; readonly before: readonly [string, string] | null },
): Promise<GivenRow[]> {
  const { rows } = await sql<GivenRow>`
    SELECT c.code, g.contact_id, p.first_name, p.last_name, CASE WHEN p.deleted_at IS NULL THEN p.phone END AS phone,
      c.given_at, to_char(c.given_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, c.redeemed_at
    FROM codes c
    LEFT JOIN code_grants g ON g.workspace_id = c.workspace_id AND g.code = c.code
    LEFT JOIN contacts p ON p.workspace_id = g.workspace_id AND p.id = g.contact_id
    WHERE c.workspace_id = ${workspaceId} AND c.pool_id = ${poolId}::uuid AND c.given_at IS NOT NULL
      ${before === null ? sql`` : sql`AND (c.given_at, c.code) < (${before[0]}::timestamptz, ${before[1]})`}
    ORDER BY c.given_at DESC, c.code DESC LIMIT ${limit}`.execute(tx);
  return rows;
}
