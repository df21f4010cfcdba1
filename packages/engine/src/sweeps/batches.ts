import { sql } from 'kysely';
import { letInPage } from '../cohorts/batches.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Batches looked at in one turn; those that are full make room for others only in the next. */
const most = 50;

/** Lets in the next page of every running batch. */
export const batches = defineSweep({
  name: 'batches',
  every: 200,
  again: (pages) => pages > 0,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string; id: string }>`
      SELECT workspace_id, id FROM enrollment_batches WHERE state = 'running' ORDER BY created_at LIMIT ${most}`.execute(
      deps.db.router,
    );
    let pages = 0;
    await inEach(deps.log, 'batches', rows.rows, async ({ workspace_id: workspaceId, id }) => {
      const page = await inWorkspace(deps.db, workspaceId, async (tx) => {
        const result = await letInPage(deps.arrivalDeps, { tx, workspaceId, now: deps.clock.now() }, id);
        await deps.failPoints.reach('batch.before_commit');
        return result;
      });
      await deps.failPoints.reach('batch.after_commit');
      if (page.state === 'full') return;
      pages += 1;
      deps.onArrived(workspaceId, { runs: page.runs, wake: [] });
    });
    return pages;
  },
});
