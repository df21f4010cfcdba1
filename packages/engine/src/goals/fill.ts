import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import { dayMs } from './conversions.ts';

/** Days before a goal of which what happened is counted. */
export const pastDays = 30;
/** Events that one transaction counts. */
const page = 5_000;

type Unfilled = {
  readonly id: string;
  readonly event_type: string;
  readonly fill_xid: string | null;
  readonly may_begin: boolean;
  /** To the microsecond. */
  readonly fill_at: string | null;
  readonly fill_event_id: string | null;
};

/**
 * Counts a page of what happened before a goal was there, from the newest back. From its commit on a trigger counts; a transaction that looked
 * for goals before that, and told nobody, ended before the first page is read. What both count counts once.
 *
 * @returns the goal that it was at, and whether that is done; null where nothing is left, or somebody has to be waited for.
 */
export async function fillGoal(work: Work): Promise<{ readonly goalId: string; readonly done: boolean } | null> {
  const { tx, workspaceId, now } = work;
  const { rows } = await sql<Unfilled>`
    SELECT id, event_type, fill_xid, coalesce(fill_xid < pg_snapshot_xmin(pg_current_snapshot()), false) AS may_begin, fill_at::text, fill_event_id
    FROM goals WHERE workspace_id = ${workspaceId} AND filled_at IS NULL AND archived_at IS NULL
    ORDER BY created_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`.execute(tx);
  const [goal] = rows;
  if (goal === undefined) return null;
  const here = sql`workspace_id = ${workspaceId} AND id = ${goal.id}::uuid`;
  if (goal.fill_xid === null) {
    // Whoever looked for goals without finding this one has an older transaction than this.
    await sql`UPDATE goals SET fill_xid = pg_current_xact_id() WHERE ${here}`.execute(tx);
    return { goalId: goal.id, done: false };
  }
  if (!goal.may_begin) return null;
  const { fill_at: at, fill_event_id: eventId } = goal;
  const counted = await sql<{ readonly events: number }>`
    WITH taken AS MATERIALIZED (
      SELECT e.id, e.contact_id, e.occurred_at, e.data FROM events e
      WHERE e.workspace_id = ${workspaceId} AND e.type = ${goal.event_type} AND e.occurred_at >= ${new Date(now.getTime() - pastDays * dayMs)}
        ${at === null || eventId === null ? sql`` : sql`AND (e.occurred_at, e.id) < (${at}::timestamptz, ${eventId}::uuid)`}
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT ${page}
    ), counted AS (
      INSERT INTO conversions (workspace_id, goal_id, event_id, contact_id, at, value_micro, currency)
      SELECT ${workspaceId}::uuid, g.id, t.id, t.contact_id, t.occurred_at, v.value, CASE WHEN v.value IS NOT NULL THEN g.currency END
      FROM taken t JOIN goals g ON g.workspace_id = ${workspaceId} AND g.id = ${goal.id}::uuid
      CROSS JOIN LATERAL (SELECT goal_value(t.data, g.value_field, g.currency) AS value) AS v
      ON CONFLICT DO NOTHING
    ), last AS (
      SELECT id, occurred_at FROM taken ORDER BY occurred_at, id LIMIT 1
    ), moved AS (
      UPDATE goals SET fill_at = coalesce((SELECT occurred_at FROM last), fill_at), fill_event_id = coalesce((SELECT id FROM last), fill_event_id),
        filled_at = CASE WHEN (SELECT count(*) FROM taken) < ${page} THEN ${now}::timestamptz END
      WHERE ${here}
    )
    SELECT count(*)::int AS events FROM taken`.execute(tx);
  return { goalId: goal.id, done: (counted.rows[0]?.events ?? 0) < page };
}
