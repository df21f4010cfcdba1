import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { rollUpSpends } from '../pricing/spent.ts';
import { watchLimits } from '../pricing/watch-limits.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Rolls up what was spent by the hour, and tells of limits of which much is. */
export const spends = defineSweep({
  name: 'spends',
  every: 30_000,
  create: (deps) => async () => {
    const { db, log, clock } = deps;
    const { rows } = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM spend_deltas`.execute(
      db.router,
    );
    let moved = 0;
    await inEach(log, 'spends', rows, async ({ workspace_id: workspaceId }) => {
      moved += await inWorkspace(db, workspaceId, async (tx) => {
        const work = { tx, workspaceId, now: clock.now() };
        await watchLimits(deps, work);
        return rollUpSpends(work);
      });
    });
    return moved;
  },
});
