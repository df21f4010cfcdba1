import { sql } from 'kysely';
import { arriveBySegments } from '../cohorts/segment-arrivals.ts';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { shown } from '../http/ids.ts';
import { inEach } from '../runtime/in-each.ts';
import { settleChanged, settleWhole } from '../segments/keep.ts';
import { lockSegments } from '../segments/members.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';

const dayMs = 86_400_000;

/**
 * Keeps who is in which segment: of people who changed or whom time may have moved, of new segments, and once a day of everybody. Who
 * comes or goes is let into the flows that wait for it, in the same transaction.
 */
export const segments = defineSweep({
  name: 'segments',
  every: 100,
  again: (handled) => handled > 0,
  create: (deps) => async () => {
    const now = deps.clock.now();
    const rows = await sql<{ workspace_id: string }>`
      SELECT w.workspace_id FROM workspaces w
      WHERE EXISTS (SELECT 1 FROM segment_dirty d WHERE d.workspace_id = w.workspace_id)
        OR EXISTS (SELECT 1 FROM segments s WHERE s.workspace_id = w.workspace_id AND (s.state = 'building' OR s.recounted_at <= ${new Date(now.getTime() - dayMs)}))
      UNION SELECT workspace_id FROM segment_dues WHERE due_at <= ${now}`.execute(deps.db.router);
    let handled = 0;
    await inEach(deps.log, 'segments', rows.rows, async ({ workspace_id: workspaceId }) => {
      handled += await keepSegments(deps, workspaceId, now);
    });
    return handled;
  },
});

async function keepSegments(deps: SweepDeps, workspaceId: string, now: Date): Promise<number> {
  const done = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now };
    if (!(await lockSegments(work))) return { handled: 0, runs: [], told: false };
    const changed = await settleChanged(deps, work);
    const kept = changed.handled > 0 ? changed : await settleWhole(deps, work);
    const runs = await arriveBySegments(deps.arrivalDeps, work, kept.moves);
    const ids = kept.segments.map((id) => shown('segment', id));
    if (ids.length > 0) await writeTopic(work, { topic: 'segments', ids });
    return { handled: kept.handled, runs, told: ids.length > 0 };
  });
  if (done.told || done.runs.length > 0) deps.onArrived(workspaceId, { runs: done.runs, wake: [] });
  return done.handled;
}
