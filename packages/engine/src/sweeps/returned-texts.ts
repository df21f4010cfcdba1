import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { returnedTextsBatch, routeReturnedTexts } from '../inbound/returned-texts.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Routes on texts that their enrollment ended without. */
export const returnedTexts = defineSweep({
  name: 'returned-texts',
  every: 'quick',
  again: (routed) => routed > 0,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM released_texts`.execute(
      deps.db.router,
    );
    let total = 0;
    const workspaces = rows.rows.map((row) => row.workspace_id);
    await inEach(deps.log, 'returned-texts', workspaces, async (workspaceId) => {
      for (let taken = returnedTextsBatch; taken === returnedTextsBatch; ) {
        const routed = await inWorkspace(deps.db, workspaceId, async (tx) => {
          const result = await routeReturnedTexts(deps.arrivalDeps, { tx, workspaceId, now: deps.clock.now() });
          await deps.failPoints.reach('route_returned.before_commit');
          return result;
        });
        await deps.failPoints.reach('route_returned.after_commit');
        deps.onArrived(workspaceId, routed);
        taken = routed.taken;
        total += taken;
      }
    });
    return total;
  },
});
