import { sql } from 'kysely';
import { type HoldMode, queueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { concerns } from './holds.ts';

/** One reason for which a message has not gone yet. */
export type Wait =
  | { readonly code: 'with_dispatcher' | 'outcome_unknown' | 'flow_paused' }
  | { readonly code: 'held'; readonly holdId: string; readonly mode: HoldMode }
  | { readonly code: 'put_off' | 'retrying'; readonly until: Date }
  | { readonly code: 'behind'; readonly messageId: string }
  | { readonly code: 'rate'; readonly perSecond: number }
  | { readonly code: 'in_line'; readonly ahead: number };

/** Messages ahead in its line are counted up to this. */
export const mostAhead = 10_000;

type Row = {
  state: number;
  attempts: number;
  not_before: Date;
  flow_paused: boolean;
  hold_id: string | null;
  hold_mode: HoldMode | null;
  behind: string | null;
  rate: number | null;
  ahead: number;
};

/**
 * Why a message waits, what keeps it longest first; its turn comes once nothing but `in_line` is left. Null where it is not in the queue.
 */
export async function whyWaiting({ tx, workspaceId }: Scope, messageId: string, now: Date): Promise<Wait[] | null> {
  const rows = await sql<Row>`
    SELECT q.state, q.attempts, q.not_before, coalesce(f.state = 'paused', false) AS flow_paused, h.id AS hold_id, h.mode AS hold_mode, least(a.per_second, s.per_second) AS rate,
      (SELECT b.message_id FROM message_queue b WHERE b.workspace_id = q.workspace_id AND b.number = q.number AND b.lane = q.lane AND b.seq < q.seq
        AND (b.state <> ${sql.lit(queueState.ready)} OR b.flow_id = q.flow_id OR b.attempts > 0 OR b.not_before <= ${now}) ORDER BY b.seq LIMIT 1) AS behind,
      (SELECT count(*)::int FROM (
        SELECT 1 FROM message_queue b WHERE b.account_id = q.account_id AND b.state = ${sql.lit(queueState.ready)} AND b.lane = q.lane AND b.sender = q.sender
          AND b.flow_key = q.flow_key AND b.not_before <= least(q.not_before, ${now}) AND (b.not_before, b.seq) < (q.not_before, q.seq) LIMIT ${mostAhead}) x) AS ahead
    FROM message_queue q
    LEFT JOIN flows f ON f.workspace_id = q.workspace_id AND f.id = q.flow_id
    LEFT JOIN accounts a ON a.workspace_id = q.workspace_id AND a.id = q.account_id
    LEFT JOIN senders s ON s.workspace_id = q.workspace_id AND s.address = q.sender
    LEFT JOIN LATERAL (SELECT h.id, h.mode FROM queue_holds h WHERE ${concerns('h', 'q')} AND q.seq > h.above ORDER BY h.since LIMIT 1) h ON true
    WHERE q.workspace_id = ${workspaceId} AND q.message_id = ${messageId}`.execute(tx);
  const row = rows.rows[0];
  return row === undefined ? null : waitsOf(row, now);
}

function waitsOf(row: Row, now: Date): Wait[] {
  if (row.state === queueState.dispatching) return [{ code: 'with_dispatcher' }];
  if (row.state === queueState.unknown) return [{ code: 'outcome_unknown' }];
  const waits: Wait[] = [];
  if (row.flow_paused) waits.push({ code: 'flow_paused' });
  if (row.hold_id !== null && row.hold_mode !== null)
    waits.push({ code: 'held', holdId: row.hold_id, mode: row.hold_mode });
  if (row.not_before > now) waits.push({ code: row.attempts > 0 ? 'retrying' : 'put_off', until: row.not_before });
  if (row.behind !== null) waits.push({ code: 'behind', messageId: row.behind });
  if (row.rate !== null) waits.push({ code: 'rate', perSecond: row.rate });
  return [...waits, { code: 'in_line', ahead: row.ahead }];
}
