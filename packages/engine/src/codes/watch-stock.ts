import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** A pool, and whether somebody is to be told that it runs low. */
export type Watched = {
  readonly id: string;
  readonly name: string;
  readonly left: number;
  readonly is_low: boolean;
};

/** What is left in pools that ever had codes, counted no further than to where they are low; where nobody wants to be told none is. */
export async function watchStock({ tx, workspaceId }: Scope): Promise<Watched[]> {
  const { rows } = await sql<Watched>`
    SELECT p.id, p.name, s.left, p.archived_at IS NULL AND s.left < coalesce(p.low_at, 0) AS is_low
    FROM code_pools p CROSS JOIN LATERAL (
      SELECT count(*)::int AS left FROM (
        SELECT 1 FROM codes c WHERE c.workspace_id = p.workspace_id AND c.pool_id = p.id AND c.given_at IS NULL LIMIT coalesce(p.low_at, 0)
      ) AS f
    ) AS s
    WHERE p.workspace_id = ${workspaceId} AND EXISTS (SELECT 1 FROM codes c WHERE c.workspace_id = p.workspace_id AND c.pool_id = p.id)
    ORDER BY p.id`.execute(tx);
  return rows;
}
