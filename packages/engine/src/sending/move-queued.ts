import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { sql } from 'kysely';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import { queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { storedPurpose } from '../gate/facts.ts';
import { chooseSenders, readRouting, withoutProbes } from '../routing/store.ts';

const pageSize = 1_000;
/** What waits longer than this stays where it is: by then its account may be up again. */
const soonMs = 60_000;

/** How far a page came; null where there is no more. */
export type MovedPage = { readonly moved: number; readonly after: string | null };

/**
 * Gives messages that wait for an account that is down to other senders of their routes: one page. Only what is in the queue and was
 * provably not sent; only along routes, which say who may stand in for whom. The gate is asked again when they are claimed. One stays to be
 * tried, and goes once it was.
 *
 * @param after where the page before ended; null to begin.
 */
export async function moveQueued(work: Work, accountId: string, after: string | null): Promise<MovedPage> {
  const { tx, workspaceId, now } = work;
  const rows = await sql<{
    seq: string;
    message_id: string;
    number: string;
    contact_id: string;
    purpose: string | null;
    has_media: boolean;
    lane: number;
    attempts: number;
  }>`
    SELECT q.seq, q.message_id, q.number, q.lane, q.attempts, m.contact_id, m.purpose, m.media IS NOT NULL AS has_media FROM (
      SELECT seq, message_id, number, lane, attempts FROM message_queue
      WHERE workspace_id = ${workspaceId} AND account_id = ${accountId} AND state = ${sql.lit(queueState.ready)} AND seq > ${after ?? '0'}
        AND not_before <= ${new Date(now.getTime() + soonMs)}
      ORDER BY seq LIMIT ${pageSize} FOR UPDATE SKIP LOCKED
    ) q JOIN messages m ON m.workspace_id = ${workspaceId} AND m.id = q.message_id ORDER BY q.seq`.execute(tx);
  const last = rows.rows.at(-1);
  if (last === undefined) return { moved: 0, after: null };
  const chosen = await chooseSenders(
    work,
    withoutProbes(await readRouting(work, now)),
    rows.rows.map((row) => ({
      contactId: row.contact_id,
      number: row.number,
      purpose: storedPurpose(row.purpose),
      preferredSender: null,
      hasMedia: row.has_media,
    })),
    now,
  );
  const movable = rows.rows.flatMap(({ seq, message_id: id, lane, attempts, number, has_media: hasMedia }, index) => {
    const to = chosen[index] ?? null;
    return to === null ||
      to.routeId === null ||
      to.sender.accountId === accountId ||
      (hasMedia && !to.sender.takesMedia(placeOfNumber(number).country))
      ? []
      : [{ seq, id, lane, attempts, routeId: to.routeId, accountId: to.sender.accountId, address: to.sender.address }];
  });
  const isLast = rows.rows.length < pageSize;
  const stays = isLast && movable.length === rows.rows.length ? probeOf(movable) : undefined;
  const moves = movable.filter((each) => each !== stays);
  if (moves.length > 0)
    await sql`
      WITH x AS (
        SELECT * FROM unnest(
          ${uuidArray(moves.map(({ id }) => id))}::uuid[], ${uuidArray(moves.map((to) => to.accountId))}::uuid[],
          ${textArray(moves.map(({ address }) => address))}::text[], ${uuidArray(moves.map(({ routeId }) => routeId))}::uuid[], ${scalarArray(moves.map(({ seq }) => Number(seq)))}::bigint[]
        ) AS u(id, account_id, sender, route_id, seq)
      ), queued AS (
        UPDATE message_queue q SET account_id = x.account_id, sender = x.sender, not_before = least(q.not_before, ${now})
        FROM x WHERE q.workspace_id = ${workspaceId} AND q.message_id = x.id AND q.seq = x.seq
      )
      UPDATE messages m SET account_id = x.account_id, sender = x.sender, route_id = x.route_id
      FROM x WHERE m.workspace_id = ${workspaceId} AND m.id = x.id`.execute(tx);
  return { moved: moves.length, after: isLast ? null : last.seq };
}

/** What stays behind to be tried, so that the account is found again when it works: never tried yet, and of the lane that waits best. */
function probeOf<Row extends { readonly lane: number; readonly attempts: number }>(rows: readonly Row[]) {
  return rows.reduce<Row | undefined>(
    (best, row) => (row.attempts === 0 && row.lane >= (best?.lane ?? 0) ? row : best),
    undefined,
  );
}
