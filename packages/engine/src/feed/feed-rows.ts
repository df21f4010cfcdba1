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
  readonly hidden: boolean;
};

/** Rows read at once. */
export const mostRows = 2_000;
/** Rows are kept for an hour; a client away for longer starts with a snapshot. */
const resumeWithinMs = 50 * 60_000;

/** Rows after a cursor, up to `until` where given, and whether more are there that may not be read yet. */
export async function readFeed(
  db: Db,
  workspaceId: string,
  after: Cursor,
  until: Cursor | null,
): Promise<{ readonly rows: FeedRow[]; readonly hidden: boolean }> {
  const found = await sql<FeedRow>`
    SELECT id, xid::text AS xid, flow_ids, contact_ids, topic, ids, counts, everything, xid >= pg_snapshot_xmin(pg_current_snapshot()) AS hidden
    FROM feed WHERE workspace_id = ${workspaceId} AND (xid, id) > (${after.xid}::xid8, ${after.id}::bigint)
      ${until === null ? sql`` : sql`AND (xid, id) <= (${until.xid}::xid8, ${until.id}::bigint)`}
    ORDER BY xid, id LIMIT ${mostRows}`.execute(db.router);
  const firstHidden = found.rows.findIndex((row) => row.hidden);
  return { rows: firstHidden < 0 ? found.rows : found.rows.slice(0, firstHidden), hidden: firstHidden >= 0 };
}

/** The newest place that nothing can commit behind any more. */
export async function presentCursor(db: Db, workspaceId: string): Promise<Cursor> {
  const rows = await sql<Cursor>`
    SELECT xid::text AS xid, id FROM feed WHERE workspace_id = ${workspaceId} AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid DESC, id DESC LIMIT 1`.execute(db.router);
  return rows.rows[0] ?? { xid: '0', id: '0' };
}

/** Whether a client that was away goes on from there. */
export async function isKept(db: Db, workspaceId: string, cursor: Cursor, now: Date): Promise<boolean> {
  const oldest = new Date(now.getTime() - resumeWithinMs);
  const rows = await sql`
    SELECT 1 FROM feed WHERE workspace_id = ${workspaceId} AND id = ${cursor.id}::bigint AND xid = ${cursor.xid}::xid8 AND at > ${oldest}`.execute(
    db.router,
  );
  return rows.rows.length > 0;
}
