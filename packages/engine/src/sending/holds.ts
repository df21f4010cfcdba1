import { type RawBuilder, sql } from 'kysely';
import type { HeldWaiting, HoldMode } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';

/** Stands for "no flow" in `message_queue.flow_key`. */
export const noFlow = '00000000-0000-0000-0000-000000000000';

/** What a hold is of: an account, a sender, a flow or a lane; several of them for what fits them all. */
export type HoldSubject = {
  readonly accountId: string | null;
  readonly sender: string | null;
  readonly flowId: string | null;
  readonly lane: number | null;
};

/** Whether row `q` of the queue, or whatever else has its columns, is of what hold `h` is of. */
export function concerns(h: string, q: string): RawBuilder<boolean> {
  const [hold, row] = [sql.ref(h), sql.ref(q)];
  return sql<boolean>`(${hold}.workspace_id = ${row}.workspace_id AND ${hold}.finished_at IS NULL
    AND (${hold}.account_id IS NULL OR ${hold}.account_id = ${row}.account_id) AND (${hold}.sender IS NULL OR ${hold}.sender = ${row}.sender)
    AND (${hold}.flow_id IS NULL OR ${hold}.flow_id = ${row}.flow_id) AND (${hold}.lane IS NULL OR ${hold}.lane = ${row}.lane))`;
}

/** Whether somebody holds row `q` of the queue back. Asked of a row at a time: as a join the planner would read the whole queue for it. */
export function isHeld(q: string): RawBuilder<boolean> {
  return sql<boolean>`(SELECT true FROM queue_holds h WHERE ${concerns('h', q)} AND ${sql.ref(q)}.seq > h.above LIMIT 1) IS NOT NULL`;
}

/** What row `q` of the queue waits for: the code of its message's reason, and the one that the provider gave for its last try. */
export function codesOf(q: string): RawBuilder<unknown> {
  const row = sql.ref(q);
  return sql`
    SELECT m.reason->>'code' AS code, m.reason FROM messages m WHERE m.workspace_id = ${row}.workspace_id AND m.id = ${row}.message_id
    UNION ALL
    SELECT t.error_code, NULL FROM (
      SELECT error_code FROM message_attempts a WHERE ${row}.attempts > 0 AND a.workspace_id = ${row}.workspace_id AND a.message_id = ${row}.message_id
      ORDER BY a.id DESC LIMIT 1
    ) t`;
}

/** How far the queue has been filled. */
export const filledTo = sql<string>`(SELECT last_value FROM message_queue_seq_seq)`;

/** A hold as it is stored. */
export type HoldRow = {
  readonly id: string;
  readonly mode: HoldMode;
  readonly account_id: string | null;
  readonly sender: string | null;
  readonly flow_id: string | null;
  readonly lane: number | null;
  readonly above: string;
  readonly since: Date;
  readonly waiting: HeldWaiting | null;
  readonly code: string | null;
  readonly starts_at: Date | null;
  readonly matched: number | null;
  readonly canceled: number;
  readonly finished_at: Date | null;
  readonly account_name: string | null;
  readonly flow_name: string | null;
};

const stored = sql`
  SELECT h.id, h.mode, h.account_id, h.sender, h.flow_id, h.lane, h.above, h.since, h.waiting, h.code, h.starts_at, h.matched, h.canceled, h.finished_at,
    a.name AS account_name, f.name AS flow_name
  FROM queue_holds h
  LEFT JOIN accounts a ON a.workspace_id = h.workspace_id AND a.id = h.account_id
  LEFT JOIN flows f ON f.workspace_id = h.workspace_id AND f.id = h.flow_id`;

/** Holds and cancels, the newest first: those that hold something now, and the cancels that ended of late. */
export async function listHolds({ tx, workspaceId }: Scope): Promise<HoldRow[]> {
  const rows = await sql<HoldRow>`
    ${stored} WHERE h.workspace_id = ${workspaceId} ORDER BY h.since DESC, h.id DESC`.execute(tx);
  return rows.rows;
}

export async function readHold({ tx, workspaceId }: Scope, id: string): Promise<HoldRow | undefined> {
  const rows = await sql<HoldRow>`
    ${stored} WHERE h.workspace_id = ${workspaceId} AND h.id = ${id}`.execute(tx);
  return rows.rows[0];
}

/**
 * Pauses or drains something; what was paused before is drained from now on, and the other way round. Every claim that begins after the
 * commit sees it.
 *
 * @returns the hold's id: the one it had, where it was held already.
 */
export async function hold(
  { tx, workspaceId, now }: Work,
  { id, mode, subject }: { readonly id: string; readonly mode: 'pause' | 'drain'; readonly subject: HoldSubject },
): Promise<string> {
  const { accountId, sender, flowId, lane } = subject;
  const rows = await sql<{ id: string }>`
    INSERT INTO queue_holds (workspace_id, id, mode, account_id, sender, flow_id, lane, above, since)
    VALUES (${workspaceId}, ${id}, ${mode}, ${accountId}, ${sender}, ${flowId}, ${lane}, CASE WHEN ${mode} = 'drain' THEN ${filledTo} ELSE 0 END, ${now})
    ON CONFLICT (workspace_id, account_id, sender, flow_id, lane) WHERE mode <> 'cancel'
      DO UPDATE SET mode = excluded.mode, above = excluded.above, since = excluded.since
    RETURNING id`.execute(tx);
  return rows.rows[0]?.id ?? id;
}

/** Lets go what was paused or drained. @returns false where there is no such hold. */
export async function letGo({ tx, workspaceId }: Work, id: string): Promise<boolean> {
  const rows = await sql`
    DELETE FROM queue_holds WHERE workspace_id = ${workspaceId} AND id = ${id} AND mode <> 'cancel' RETURNING 1`.execute(
    tx,
  );
  return rows.rows.length > 0;
}

/** A drain that has nothing left before it holds all there is: claims need not look behind it any more. */
export async function closeDrains({ tx, workspaceId }: Work): Promise<number> {
  const rows = await sql`
    UPDATE queue_holds h SET above = 0
    WHERE h.workspace_id = ${workspaceId} AND h.mode = 'drain' AND h.above > 0 AND NOT EXISTS (
      SELECT 1 FROM message_queue q WHERE ${concerns('h', 'q')} AND q.seq <= h.above)
    RETURNING 1`.execute(tx);
  return rows.rows.length;
}
