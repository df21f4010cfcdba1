import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { queueState } from '../db/states.ts';
import { concerns, isHeld, noFlow } from './holds.ts';

/** Whose turn it is to be claimed from. */

/** Messages that wait for the same account, lane, sender and flow. Turns go between these. */
export type Backlog = {
  readonly workspaceId: string;
  readonly accountId: string;
  readonly lane: number;
  /** Empty where a build before queued them. */
  readonly sender: string;
  readonly flowId: string | null;
  /** Turns that the workspace gets beside others. */
  readonly workspaceWeight: number;
  /** Turns that the flow gets beside others of the workspace. */
  readonly weight: number;
  /** Segments a second at most; null for no limit. */
  readonly accountRate: number | null;
  readonly senderRate: number | null;
  /** As whoever dispatched last found its account. */
  readonly isDown: boolean;
};

/** Lanes up to this one hold what somebody waits for: one-time passwords, transactions, replies. */
export const lastUrgentLane = 3;
export const lastLane = 6;

/**
 * The shard's backlogs with something to claim, in lanes up to `upTo`: one statement, which goes from backlog to backlog along the
 * index of what is ready and reads the first message of each. What is held, or of a paused flow, is passed by.
 */
export async function readyBacklogs(db: Db, shard: number, now: Date, upTo = lastLane): Promise<Backlog[]> {
  const ready = sql`q.account_id = a.id AND q.state = ${sql.lit(queueState.ready)}`;
  const rows = await sql<{
    workspace_id: string;
    account_id: string;
    lane: number;
    sender: string;
    flow_id: string | null;
    workspace_weight: number;
    weight: number;
    account_rate: number | null;
    sender_rate: number | null;
    is_down: boolean;
  }>`
    SELECT k.workspace_id, k.account_id, k.lane, k.sender, k.flow_id, w.queue_weight AS workspace_weight, coalesce(f.queue_weight, 1) AS weight, a.per_second AS account_rate, s.per_second AS sender_rate, a.health = 'down' AS is_down
    FROM accounts a
    CROSS JOIN LATERAL (
      WITH RECURSIVE backlogs AS (
        (SELECT q.lane, q.sender, q.flow_key FROM message_queue q WHERE ${ready} AND q.lane <= ${upTo} ORDER BY 1, 2, 3 LIMIT 1)
        UNION ALL
        SELECT n.* FROM backlogs b CROSS JOIN LATERAL (
          SELECT q.lane, q.sender, q.flow_key FROM message_queue q
          WHERE ${ready} AND q.lane <= ${upTo} AND (q.lane, q.sender, q.flow_key) > (b.lane, b.sender, b.flow_key) ORDER BY 1, 2, 3 LIMIT 1
        ) n
      )
      SELECT a.workspace_id, a.id AS account_id, lane, sender, nullif(flow_key, ${noFlow}::uuid) AS flow_id, flow_key FROM backlogs
    ) k
    JOIN workspaces w ON w.workspace_id = k.workspace_id
    LEFT JOIN flows f ON f.workspace_id = k.workspace_id AND f.id = k.flow_id
    LEFT JOIN senders s ON s.workspace_id = k.workspace_id AND s.address = k.sender
    WHERE a.shard = ${shard} AND CASE
      WHEN f.state = 'paused' OR EXISTS (SELECT 1 FROM queue_holds h WHERE ${concerns('h', 'k')} AND h.above = 0) THEN false
      ELSE (
        SELECT true FROM message_queue q
        WHERE ${ready} AND q.lane = k.lane AND q.sender = k.sender AND q.flow_key = k.flow_key AND q.not_before <= ${now} AND NOT ${isHeld('q')}
        ORDER BY q.not_before, q.seq LIMIT 1
      ) END`.execute(db.router);
  return rows.rows.map((row) => ({
    workspaceId: row.workspace_id,
    accountId: row.account_id,
    lane: row.lane,
    sender: row.sender,
    flowId: row.flow_id,
    workspaceWeight: row.workspace_weight,
    weight: row.weight,
    accountRate: row.account_rate,
    senderRate: row.sender_rate,
    isDown: row.is_down,
  }));
}
