import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { fillGoal } from '../goals/fill.ts';
import { shown } from '../http/ids.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';

/** Counts for new goals what happened in the month before them, a page a turn. */
export const goals = defineSweep({
  name: 'goals',
  every: 500,
  again: (handled) => handled > 0,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM goals WHERE filled_at IS NULL`.execute(deps.db.router);
    let handled = 0;
    await inEach(deps.log, 'goals', rows.rows, async ({ workspace_id: workspaceId }) => {
      handled += await fill(deps, workspaceId, deps.clock.now());
    });
    return handled;
  },
});

async function fill(deps: SweepDeps, workspaceId: string, now: Date): Promise<number> {
  const filled = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now };
    const page = await fillGoal(work);
    if (page?.done === true) await writeTopic(work, { topic: 'goals', ids: [shown('goal', page.goalId)] });
    return page;
  });
  if (filled?.done === true) deps.onArrived(workspaceId, { runs: [], wake: [] });
  return filled === null ? 0 : 1;
}
