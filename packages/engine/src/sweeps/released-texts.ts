import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { releasedTextsBatch, routeReleasedTexts } from '../inbound/released-texts.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Routes on texts that their passage ended without. */
export const releasedTexts = defineSweep({
  name: 'released-texts',
  every: 'quick',
  again: (routed) => routed > 0,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM released_texts`.execute(
      deps.db.router,
    );
    let total = 0;
    const workspaces = rows.rows.map((row) => row.workspace_id);
    await inEach(deps.log, 'released-texts', workspaces, async (workspaceId) => {
      for (let taken = releasedTextsBatch; taken === releasedTextsBatch; ) {
        const routed = await inWorkspace(deps.db, workspaceId, async (tx) => {
          const result = await routeReleasedTexts(deps.arrivalDeps, { tx, workspaceId, now: deps.clock.now() });
          await deps.failPoints.reach('route_released.before_commit');
          return result;
        });
        await deps.failPoints.reach('route_released.after_commit');
        deps.onArrived(workspaceId, routed);
        taken = routed.taken;
        total += taken;
      }
    });
    return total;
  },
});
