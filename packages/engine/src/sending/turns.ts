import { type RawBuilder, sql } from 'kysely';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
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
  /** The first message that could be claimed: when it came due, as PostgreSQL writes it, and its place in the queue. */
  readonly first: { readonly at: string; readonly seq: string };
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
 *
 * While a transaction is held open anywhere in the cluster, entries of what was claimed since stay in the index, and it reads past them all.
 */
export function readyBacklogs(db: Db, shard: number, now: Date, upTo = lastLane): Promise<Backlog[]> {
  const ready = sql`q.account_id = a.id AND q.state = ${sql.lit(queueState.ready)}`;
  return read(
    db,
    { shard, now },
    sql`accounts a
    CROSS JOIN LATERAL (
      WITH RECURSIVE backlogs AS (
        (SELECT q.lane, q.sender, q.flow_key FROM message_queue q WHERE ${ready} AND q.lane <= ${upTo} ORDER BY 1, 2, 3 LIMIT 1)
        UNION ALL
        SELECT n.* FROM backlogs b CROSS JOIN LATERAL (
          SELECT q.lane, q.sender, q.flow_key FROM message_queue q
          WHERE ${ready} AND q.lane <= ${upTo} AND (q.lane, q.sender, q.flow_key) > (b.lane, b.sender, b.flow_key) ORDER BY 1, 2, 3 LIMIT 1
        ) n
      )
      SELECT lane, sender, flow_key, NULL::timestamptz AS from_at, NULL::bigint AS from_seq FROM backlogs
    ) k`,
    sql`true`,
  );
}

/** Which of these backlogs have something to claim at or after what was first in them, and what is first now: without reading past what was claimed since. */
export function stillReady(db: Db, shard: number, now: Date, backlogs: readonly Backlog[]): Promise<Backlog[]> {
  return read(
    db,
    { shard, now },
    sql`unnest(
      ${uuidArray(backlogs.map(({ accountId }) => accountId))}::uuid[], ${scalarArray(backlogs.map(({ lane }) => lane))}::smallint[],
      ${textArray(backlogs.map(({ sender }) => sender))}::text[], ${uuidArray(backlogs.map(({ flowId }) => flowId ?? noFlow))}::uuid[],
      ${textArray(backlogs.map(({ first }) => first.at))}::timestamptz[], ${textArray(backlogs.map(({ first }) => first.seq))}::bigint[]
    ) AS k(account_id, lane, sender, flow_key, from_at, from_seq)
    JOIN accounts a ON a.id = k.account_id`,
    sql`(q.not_before, q.seq) >= (k.from_at, k.from_seq)`,
  );
}

/** @param from accounts `a` and the keys `k` of backlogs. @param fromFirst which rows `q` of a backlog count. */
async function read(
  db: Db,
  { shard, now }: { readonly shard: number; readonly now: Date },
  from: RawBuilder<unknown>,
  fromFirst: RawBuilder<unknown>,
): Promise<Backlog[]> {
  const rows = await sql<{
    workspace_id: string;
    account_id: string;
    lane: number;
    sender: string;
    flow_id: string | null;
    first: [string, string];
    workspace_weight: number;
    weight: number;
    account_rate: number | null;
    sender_rate: number | null;
    is_down: boolean;
  }>`
    SELECT k.workspace_id, k.account_id, k.lane, k.sender, k.flow_id, c.first, w.queue_weight AS workspace_weight, coalesce(f.queue_weight, 1) AS weight,
      k.per_second AS account_rate, s.per_second AS sender_rate, k.health = 'down' AS is_down
    FROM (
      SELECT a.workspace_id, a.id AS account_id, a.per_second, a.health, k.lane, k.sender, k.flow_key, nullif(k.flow_key, ${noFlow}::uuid) AS flow_id, k.from_at, k.from_seq
      FROM ${from} WHERE a.shard = ${shard}
    ) k
    JOIN workspaces w ON w.workspace_id = k.workspace_id
    LEFT JOIN flows f ON f.workspace_id = k.workspace_id AND f.id = k.flow_id
    LEFT JOIN senders s ON s.workspace_id = k.workspace_id AND s.address = k.sender
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN f.state = 'paused' OR EXISTS (SELECT 1 FROM queue_holds h WHERE ${concerns('h', 'k')} AND h.above = 0) THEN NULL
        ELSE (
          SELECT ARRAY[q.not_before::text, q.seq::text] FROM message_queue q
          WHERE q.account_id = k.account_id AND q.state = ${sql.lit(queueState.ready)} AND q.lane = k.lane AND q.sender = k.sender AND q.flow_key = k.flow_key
            AND q.not_before <= ${now} AND ${fromFirst} AND NOT ${isHeld('q')}
          ORDER BY q.not_before, q.seq LIMIT 1
        ) END AS first OFFSET 0
    ) c
    WHERE c.first IS NOT NULL`.execute(db.router);
  return rows.rows.map((row) => ({
    workspaceId: row.workspace_id,
    accountId: row.account_id,
    lane: row.lane,
    sender: row.sender,
    flowId: row.flow_id,
    first: { at: row.first[0], seq: row.first[1] },
    workspaceWeight: row.workspace_weight,
    weight: row.weight,
    accountRate: row.account_rate,
    senderRate: row.sender_rate,
    isDown: row.is_down,
  }));
}
