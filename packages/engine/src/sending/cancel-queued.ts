import { type RawBuilder, sql } from 'kysely';
import { type HeldWaiting, queueState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import { codesOf, concerns, filledTo, type HoldSubject } from './holds.ts';
import type { Page } from './take-pages.ts';

/** Which messages a cancel takes out of the queue: what it is of, how they wait and for what (any, where null), and queued before a moment. */
export type CancelFilter = HoldSubject & {
  readonly waiting: HeldWaiting | null;
  /** Of a reason, or a provider's. */
  readonly code: string | null;
  readonly queuedBefore: Date | null;
};

/** How long a cancel can be undone: what it would take is held meanwhile. */
export const undoMs = 10_000;
/** Messages that a transaction takes out. */
export const cancelPage = 10_000;

/** What a cancel `h` takes of row `q`. What is with a dispatcher goes out, and what the law asks to be answered. */
export function takes(h: string, q: string): RawBuilder<boolean> {
  const [hold, row] = [sql.ref(h), sql.ref(q)];
  return sql<boolean>`(${concerns(h, q)} AND ${row}.state = ${sql.lit(queueState.ready)} AND NOT ${row}.compliance AND ${row}.seq <= ${hold}.upto
    AND (${hold}.before_id IS NULL OR ${row}.message_id < ${hold}.before_id)
    AND (${hold}.waiting IS NULL OR ${hold}.waiting = CASE WHEN ${row}.attempts > 0 THEN 'retrying' WHEN ${row}.not_before > ${hold}.since THEN 'put_off' ELSE 'due' END)
    AND (${hold}.code IS NULL OR ${hold}.code IN (SELECT code FROM (${codesOf(q)}) c)))`;
}

/** A filter as a row of holds, and of retries. */
export const filterRow = ({ workspaceId, now }: Work, filter: CancelFilter): RawBuilder<unknown> => sql`
  SELECT ${workspaceId}::uuid AS workspace_id, ${filter.accountId}::uuid AS account_id, ${filter.sender}::text AS sender, ${filter.flowId}::uuid AS flow_id,
    ${filter.lane}::smallint AS lane, ${filter.waiting}::text AS waiting, ${filter.code}::text AS code, ${now}::timestamptz AS since, NULL::timestamptz AS finished_at, ${filledTo} AS upto,
    ${filter.queuedBefore === null ? null : lowestIdAt(filter.queuedBefore.getTime())}::uuid AS before_id`;

/** How many messages a cancel would take out now. */
export async function countCancelable(work: Work, filter: CancelFilter): Promise<number> {
  const rows = await sql<{ n: number }>`
    WITH h AS (${filterRow(work, filter)})
    SELECT count(*)::int AS n FROM message_queue q, h WHERE q.workspace_id = ${work.workspaceId} AND ${takes('h', 'q')}`.execute(
    work.tx,
  );
  return rows.rows[0]?.n ?? 0;
}

/** Puts a cancel down: it holds what it is of from the commit on, and takes messages out once it cannot be undone any more. */
export async function beginCancel(work: Work, id: string, filter: CancelFilter): Promise<void> {
  const { tx, now } = work;
  const matched = await countCancelable(work, filter);
  await sql`
    INSERT INTO queue_holds (workspace_id, id, mode, account_id, sender, flow_id, lane, since, upto, waiting, code, before_id, starts_at, matched)
    SELECT workspace_id, ${id}::uuid, 'cancel', account_id, sender, flow_id, lane, since, upto, waiting, code, before_id, ${new Date(now.getTime() + undoMs)}, ${matched}
    FROM (${filterRow(work, filter)}) x`.execute(tx);
}

/** @returns false where it has begun already, or there is none. */
export async function undoCancel({ tx, workspaceId, now }: Work, id: string): Promise<boolean> {
  const rows = await sql`
    DELETE FROM queue_holds WHERE workspace_id = ${workspaceId} AND id = ${id} AND mode = 'cancel' AND canceled = 0 AND starts_at > ${now} RETURNING 1`.execute(
    tx,
  );
  return rows.rows.length > 0;
}

/** Cancels that have messages to take out now. */
export async function dueCancels({ tx, workspaceId }: Scope, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM queue_holds WHERE workspace_id = ${workspaceId} AND mode = 'cancel' AND finished_at IS NULL AND starts_at <= ${now}
    ORDER BY since, id`.execute(tx);
  return rows.rows.map(({ id }) => id);
}

/**
 * Takes the next page of a cancel out of the queue: people go on by `not_sent`, with the reason. Once nothing is left it is finished and
 * holds nothing any more. Safe to repeat after a crash; a second process that comes to it finds it locked. Rows are taken by where they lie:
 * one that somebody changes at the same moment lies elsewhere afterwards, and is left to the next page.
 *
 * @returns how many were taken out.
 */
export async function cancelNextPage(work: Work, id: string): Promise<Page> {
  const { tx, workspaceId, now } = work;
  const locked = await sql`
    SELECT 1 FROM queue_holds WHERE workspace_id = ${workspaceId} AND id = ${id} AND finished_at IS NULL FOR UPDATE SKIP LOCKED`.execute(
    tx,
  );
  if (locked.rows.length === 0) return { handled: 0, done: true };
  const reason = JSON.stringify({ code: 'queue_canceled' });
  const rows = await sql<{ n: number }>`
    WITH h AS (SELECT * FROM queue_holds WHERE workspace_id = ${workspaceId} AND id = ${id}), dequeued AS (
      DELETE FROM message_queue WHERE workspace_id = ${workspaceId} AND ctid = ANY(ARRAY(
        SELECT q.ctid FROM message_queue q, h WHERE q.workspace_id = ${workspaceId} AND ${takes('h', 'q')} LIMIT ${cancelPage}
      )) RETURNING message_id
    ), settled AS (
      UPDATE messages m SET state = 'canceled', reason = ${reason}::jsonb FROM dequeued
      WHERE m.workspace_id = ${workspaceId} AND m.id = dequeued.message_id RETURNING m.id, m.enrollment_id
    ), outcomes AS (
      INSERT INTO settlements (workspace_id, message_id, enrollment_id, sent, reason, at)
      SELECT ${workspaceId}::uuid, id, enrollment_id, false, ${reason}::jsonb, ${now} FROM settled WHERE enrollment_id IS NOT NULL
      ON CONFLICT DO NOTHING
    )
    SELECT count(*)::int AS n FROM dequeued`.execute(tx);
  const canceled = rows.rows[0]?.n ?? 0;
  const done = canceled === 0;
  await sql`
    UPDATE queue_holds SET canceled = canceled + ${canceled}, finished_at = ${done ? now : null}
    WHERE workspace_id = ${workspaceId} AND id = ${id}`.execute(tx);
  return { handled: canceled, done };
}
