import { sql } from 'kysely';
import { watchStock } from '../codes/watch-stock.ts';
import { inWorkspace } from '../db/database.ts';
import { shown } from '../http/ids.ts';
import { codesLow } from '../notices/codes-low.ts';
import { raiseNotices, resolveNotices } from '../notices/store.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';

/** Tells of pools of codes that run low, and that it is over once they do not. */
export const codes = defineSweep({
  name: 'codes',
  every: 30_000,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM code_pools`.execute(deps.db.router);
    let raised = 0;
    await inEach(deps.log, 'codes', rows.rows, async ({ workspace_id: workspaceId }) => {
      raised += await watch(deps, workspaceId);
    });
    return raised;
  },
});

function watch(deps: SweepDeps, workspaceId: string): Promise<number> {
  return inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    const pools = await watchStock(work);
    const low = pools.filter(({ is_low }) => is_low);
    const enough = pools.filter(({ is_low }) => !is_low);
    const incidents = low.map(({ id, name, left }) => ({ subject: shown('pool', id), values: { pool: name, left } }));
    if (enough.length > 0)
      await resolveNotices(
        work,
        codesLow,
        enough.map(({ id }) => shown('pool', id)),
      );
    return raiseNotices(deps, work, codesLow, incidents);
  });
}
