import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';
import { lowestIdAt } from '../runtime/ids.ts';

/** Requests of a day that failed alike: at one account, with one class and code. */
export type ErrorCluster = {
  readonly account_id: string;
  readonly account_name: string | null;
  readonly error_class: string | null;
  readonly error_code: string | null;
  readonly n: number;
  readonly first_at: Date;
  readonly last_at: Date;
  /** The latest message that it happened to. */
  readonly message_id: string;
};

const dayMs = 86_400_000;
/** Requests looked at, from the newest back. */
const mostSearched = 200_000;
const mostClusters = 50;

/** What failed of the last day's requests, what failed most often first. */
export async function readErrorClusters({ tx, workspaceId }: Scope, now: Date): Promise<ErrorCluster[]> {
  const rows = await sql<ErrorCluster>`
    SELECT t.account_id, a.name AS account_name, t.error_class, t.error_code, t.n, t.first_at, t.last_at, t.message_id FROM (
      SELECT account_id, error_class, error_code, count(*)::int AS n, min(started_at) AS first_at, max(started_at) AS last_at,
        (array_agg(message_id ORDER BY id DESC))[1] AS message_id
      FROM (
        SELECT id, account_id, state, error_class, error_code, started_at, message_id FROM message_attempts
        WHERE workspace_id = ${workspaceId} AND id >= ${lowestIdAt(now.getTime() - dayMs)}::uuid ORDER BY id DESC LIMIT ${mostSearched}
      ) attempts WHERE state IN ('refused', 'unknown', 'gave_up') GROUP BY 1, 2, 3
    ) t LEFT JOIN accounts a ON a.workspace_id = ${workspaceId} AND a.id = t.account_id
    ORDER BY t.n DESC, t.last_at DESC LIMIT ${mostClusters}`.execute(tx);
  return rows.rows;
}
