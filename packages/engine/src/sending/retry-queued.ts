import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import { type CancelFilter, cancelPage, filterRow, takes, undoMs } from './cancel-queued.ts';
import type { HoldSubject } from './holds.ts';
import type { Page } from './take-pages.ts';

/** Which of the messages that wait for another try are to be tried at once. */
export type RetryFilter = HoldSubject & Pick<CancelFilter, 'code' | 'queuedBefore'>;

/** As it is stored. */
export type RetryRow = {
  readonly id: string;
  readonly account_id: string | null;
  readonly account_name: string | null;
  readonly sender: string | null;
  readonly flow_id: string | null;
  readonly flow_name: string | null;
  readonly lane: number | null;
  readonly code: string | null;
  readonly starts_at: Date;
  readonly matched: number;
  readonly retried: number;
  readonly finished_at: Date | null;
};

const asRow = (work: Work, filter: RetryFilter) => filterRow(work, { ...filter, waiting: 'retrying' });

/** How many messages wait for another try, of those that the filter names. */
export async function countRetryable(work: Work, filter: RetryFilter): Promise<number> {
  const rows = await sql<{ n: number }>`
    WITH h AS (${asRow(work, filter)})
    SELECT count(*)::int AS n FROM message_queue q, h
    WHERE q.workspace_id = ${work.workspaceId} AND ${takes('h', 'q')} AND q.not_before > ${work.now}`.execute(work.tx);
  return rows.rows[0]?.n ?? 0;
}

/** Puts a retry down. Until it begins it can be undone, and messages wait as they did. */
export async function beginRetry(work: Work, id: string, filter: RetryFilter): Promise<void> {
  const matched = await countRetryable(work, filter);
  await sql`
    INSERT INTO queue_retries (workspace_id, id, account_id, sender, flow_id, lane, since, upto, code, before_id, starts_at, matched)
    SELECT workspace_id, ${id}::uuid, account_id, sender, flow_id, lane, since, upto, code, before_id, ${new Date(work.now.getTime() + undoMs)}, ${matched}
    FROM (${asRow(work, filter)}) x`.execute(work.tx);
}

/** @returns false where it has begun already, or there is none. */
export async function undoRetry({ tx, workspaceId, now }: Work, id: string): Promise<boolean> {
  const rows = await sql`
    DELETE FROM queue_retries WHERE workspace_id = ${workspaceId} AND id = ${id} AND retried = 0 AND starts_at > ${now} RETURNING 1`.execute(
    tx,
  );
  return rows.rows.length > 0;
}

const stored = sql`
  SELECT h.id, h.account_id, h.sender, h.flow_id, h.lane, h.code, h.starts_at, h.matched, h.retried, h.finished_at, a.name AS account_name, f.name AS flow_name
  FROM queue_retries h
  LEFT JOIN accounts a ON a.workspace_id = h.workspace_id AND a.id = h.account_id
  LEFT JOIN flows f ON f.workspace_id = h.workspace_id AND f.id = h.flow_id`;

/** Those to come and those that ended of late, the newest first. */
export async function listRetries({ tx, workspaceId }: Scope): Promise<RetryRow[]> {
  const rows = await sql<RetryRow>`
    ${stored} WHERE h.workspace_id = ${workspaceId} ORDER BY h.since DESC, h.id DESC`.execute(tx);
  return rows.rows;
}

export async function readRetry({ tx, workspaceId }: Scope, id: string): Promise<RetryRow | undefined> {
  const rows = await sql<RetryRow>`
    ${stored} WHERE h.workspace_id = ${workspaceId} AND h.id = ${id}`.execute(tx);
  return rows.rows[0];
}

/** Retries that have messages to bring forward now. */
export async function dueRetries({ tx, workspaceId }: Scope, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    SELECT id FROM queue_retries WHERE workspace_id = ${workspaceId} AND finished_at IS NULL AND starts_at <= ${now} ORDER BY since, id`.execute(
    tx,
  );
  return rows.rows.map(({ id }) => id);
}

/**
 * Lets the next page of a retry's messages have their turn now instead of later. The time in which they must go out stays what it was. Safe to
 * repeat after a crash; a second process that comes to it finds it locked.
 *
 * @returns how many were brought forward.
 */
export async function retryNextPage(work: Work, id: string): Promise<Page> {
  const { tx, workspaceId, now } = work;
  const locked = await sql`
    SELECT 1 FROM queue_retries WHERE workspace_id = ${workspaceId} AND id = ${id} AND finished_at IS NULL FOR UPDATE SKIP LOCKED`.execute(
    tx,
  );
  if (locked.rows.length === 0) return { handled: 0, done: true };
  const rows = await sql<{ n: number }>`
    WITH h AS (SELECT * FROM queue_retries WHERE workspace_id = ${workspaceId} AND id = ${id}), brought AS (
      UPDATE message_queue SET not_before = ${now} WHERE workspace_id = ${workspaceId} AND ctid = ANY(ARRAY(
        SELECT q.ctid FROM message_queue q, h WHERE q.workspace_id = ${workspaceId} AND ${takes('h', 'q')} AND q.not_before > ${now} LIMIT ${cancelPage}
      )) RETURNING 1
    )
    SELECT count(*)::int AS n FROM brought`.execute(tx);
  const retried = rows.rows[0]?.n ?? 0;
  const done = retried === 0;
  await sql`
    UPDATE queue_retries SET retried = retried + ${retried}, finished_at = ${done ? now : null}
    WHERE workspace_id = ${workspaceId} AND id = ${id}`.execute(tx);
  return { handled: retried, done };
}
