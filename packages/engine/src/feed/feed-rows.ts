import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** A place in a workspace's feed. Transaction ids come first, so that no late commit can slip in behind it. */
export type Cursor = { readonly xid: string; readonly id: string };

export type FeedRow = {
  readonly id: string;
  readonly xid: string;
  readonly flow_ids: string[];
  readonly contact_ids: string[];
  readonly topic: string | null;
  readonly ids: string[];
  readonly counts: boolean;
  readonly everything: boolean;
  /** Whether a transaction that began earlier is still open. */
  readonly unsettled: boolean;
};

/** Rows read at once. */
export const mostRows = 2_000;
/** Rows are kept for an hour; a client away for longer starts with a snapshot. */
const resumeWithinMs = 50 * 60_000;

/**
 * Rows after a cursor, up to `until` where given, in the feed's order. The first `settled` of them lie before every transaction that is
 * still open: only there can a cursor stand, for one of the open ones may yet commit a row before the others.
 */
export async function readFeed(
  db: Db,
  workspaceId: string,
  after: Cursor,
  until: Cursor | null,
): Promise<{ readonly rows: FeedRow[]; readonly settled: number }> {
  const found = await sql<FeedRow>`
    SELECT id, xid::text AS xid, flow_ids, contact_ids, topic, ids, counts, everything, xid >= pg_snapshot_xmin(pg_current_snapshot()) AS unsettled
    FROM feed WHERE workspace_id = ${workspaceId} AND (xid, id) > (${after.xid}::xid8, ${after.id}::bigint)
      ${until === null ? sql`` : sql`AND (xid, id) <= (${until.xid}::xid8, ${until.id}::bigint)`}
    ORDER BY xid, id LIMIT ${mostRows}`.execute(db.router);
  const firstUnsettled = found.rows.findIndex((row) => row.unsettled);
  return { rows: found.rows, settled: firstUnsettled < 0 ? found.rows.length : firstUnsettled };
}

/** The rows of the last moments before a cursor, at most `mostRows`. */
export async function readRecent(db: Db, workspaceId: string, until: Cursor, since: Date): Promise<FeedRow[]> {
  const found = await sql<FeedRow>`
    SELECT * FROM (
      SELECT id, xid::text AS xid, flow_ids, contact_ids, topic, ids, counts, everything, false AS unsettled, at
      FROM feed WHERE workspace_id = ${workspaceId} AND (xid, id) <= (${until.xid}::xid8, ${until.id}::bigint)
      ORDER BY feed.xid DESC, id DESC LIMIT ${mostRows}
    ) AS newest WHERE at > ${since}`.execute(db.router);
  return found.rows;
}

/** The newest place that nothing can commit behind any more. */
export async function presentCursor(db: Db, workspaceId: string): Promise<Cursor> {
  const rows = await sql<Cursor>`
    SELECT xid::text AS xid, id FROM feed WHERE workspace_id = ${workspaceId} AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid DESC, id DESC LIMIT 1`.execute(db.router);
  return rows.rows[0] ?? { xid: '0', id: '0' };
}

/** Whether a client that was away goes on from there. */
export async function isRemembered(db: Db, workspaceId: string, cursor: Cursor, now: Date): Promise<boolean> {
  const oldest = new Date(now.getTime() - resumeWithinMs);
  const rows = await sql`
    SELECT 1 FROM feed WHERE workspace_id = ${workspaceId} AND id = ${cursor.id}::bigint AND xid = ${cursor.xid}::xid8 AND at > ${oldest}`.execute(
    db.router,
  );
  return rows.rows.length > 0;
}
