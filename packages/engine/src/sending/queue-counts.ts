import { sql } from 'kysely';
import { queueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { noFlow } from './holds.ts';

/** Minutes that are kept of what came into the queue and left it. */
export const minutesKept = 60;

/**
 * Folds up to `limit` deltas of a workspace into the depths and into the minute of each; a reader sees each delta exactly once, before
 * or after.
 */
export async function rollUpQueue({ tx, workspaceId }: Scope, limit = 20_000): Promise<number> {
  const rolled = await sql<{ n: number }>`
    WITH picked AS (
      SELECT id FROM queue_deltas WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      DELETE FROM queue_deltas d USING picked WHERE d.workspace_id = ${workspaceId} AND d.id = picked.id
      RETURNING d.account_id, d.lane, d.flow_key, d.came, d.went, date_trunc('minute', d.at) AS minute
    ), minutes AS (
      INSERT INTO queue_minutes AS t (workspace_id, minute, account_id, lane, flow_key, came, went)
      SELECT ${workspaceId}::uuid, minute, account_id, lane, flow_key, sum(came), sum(went) FROM moved GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5
      ON CONFLICT (workspace_id, minute, account_id, lane, flow_key) DO UPDATE SET came = t.came + excluded.came, went = t.went + excluded.went
    ), folded AS (
      INSERT INTO queue_depths AS t (workspace_id, account_id, lane, flow_key, n)
      SELECT ${workspaceId}::uuid, account_id, lane, flow_key, sum(came - went) FROM moved GROUP BY 2, 3, 4 ORDER BY 2, 3, 4
      ON CONFLICT (workspace_id, account_id, lane, flow_key) DO UPDATE SET n = t.n + excluded.n
    )
    SELECT count(*)::int AS n FROM moved`.execute(tx);
  await sql`DELETE FROM queue_depths WHERE workspace_id = ${workspaceId} AND n = 0`.execute(tx);
  return rolled.rows[0]?.n ?? 0;
}

/** How much waits for an account, in a lane, of a flow. */
export type Depth = {
  readonly accountId: string;
  readonly lane: number;
  readonly flowId: string | null;
  readonly depth: number;
  /** Since when the first that is ready could have gone; null where nothing is. */
  readonly oldest: Date | null;
  /** What came and what left in the last five minutes. */
  readonly came: number;
  readonly went: number;
};

const orNull = (flowKey: string): string | null => (flowKey === noFlow ? null : flowKey);

/** Minutes over which rates are taken. */
export const rateMinutes = 5;

/** Every backlog with what is known of it: depths, deltas and the minutes since in one snapshot; the queue itself is not counted. */
export async function readDepths({ tx, workspaceId }: Scope, now: Date): Promise<Depth[]> {
  const since = new Date(now.getTime() - rateMinutes * 60_000);
  const rows = await sql<{
    account_id: string;
    lane: number;
    flow_key: string;
    depth: string;
    came: string;
    went: string;
    oldest: Date | null;
  }>`
    WITH counted AS (
      SELECT account_id, lane, flow_key, sum(n) AS depth, sum(came) AS came, sum(went) AS went FROM (
        SELECT account_id, lane, flow_key, n, 0 AS came, 0 AS went FROM queue_depths WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT account_id, lane, flow_key, came - went, CASE WHEN at >= ${since} THEN came ELSE 0 END, CASE WHEN at >= ${since} THEN went ELSE 0 END
        FROM queue_deltas WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT account_id, lane, flow_key, 0, came, went FROM queue_minutes WHERE workspace_id = ${workspaceId} AND minute >= ${since}
      ) parts GROUP BY 1, 2, 3
    )
    SELECT c.*, (
      SELECT min(first) FROM senders s CROSS JOIN LATERAL (
        SELECT not_before AS first FROM message_queue q
        WHERE q.account_id = c.account_id AND q.state = ${sql.lit(queueState.ready)} AND q.lane = c.lane AND q.sender = s.address AND q.flow_key = c.flow_key
          AND q.not_before <= ${now} ORDER BY q.not_before, q.seq LIMIT 1
      ) heads WHERE s.workspace_id = ${workspaceId} AND s.account_id = c.account_id
    ) AS oldest FROM counted c ORDER BY lane, account_id, flow_key`.execute(tx);
  return rows.rows.map((row) => ({
    accountId: row.account_id,
    lane: row.lane,
    flowId: orNull(row.flow_key),
    depth: Number(row.depth),
    oldest: row.oldest,
    came: Number(row.came),
    went: Number(row.went),
  }));
}

export type Minute = { readonly minute: Date; readonly came: number; readonly went: number };

/** What came and went in each of the last minutes in which something did, the first one first. */
export async function readMinutes({ tx, workspaceId }: Scope, now: Date): Promise<Minute[]> {
  const since = new Date(Math.floor(now.getTime() / 60_000) * 60_000 - (minutesKept - 1) * 60_000);
  const rows = await sql<{ minute: Date; came: string; went: string }>`
    SELECT minute, sum(came) AS came, sum(went) AS went FROM (
      SELECT minute, came, went FROM queue_minutes WHERE workspace_id = ${workspaceId} AND minute >= ${since}
      UNION ALL
      SELECT date_trunc('minute', at), came, went FROM queue_deltas WHERE workspace_id = ${workspaceId} AND at >= ${since}
    ) parts GROUP BY minute ORDER BY minute`.execute(tx);
  return rows.rows.map(({ minute, came, went }) => ({ minute, came: Number(came), went: Number(went) }));
}
