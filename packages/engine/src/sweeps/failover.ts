import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { moveQueued } from '../sending/move-queued.ts';
import { defineSweep } from './define-sweep.ts';

/** Pages of one account in a turn, so that none keeps the others waiting. */
const mostPages = 20;

/** Moves what waits for accounts that are down to the other senders of its routes. */
export const failover = defineSweep({
  name: 'failover',
  every: 1_000,
  again: (moved) => moved > 0,
  create: (deps) => {
    const places = new Map<string, string>();
    return async () => {
      const accounts = await deps.db.router
        .selectFrom('accounts')
        .select(['workspace_id', 'id'])
        .where('health', '=', 'down')
        .execute();
      let moved = 0;
      await inEach(deps.log, 'failover', accounts, async ({ workspace_id: workspaceId, id }) => {
        for (let pages = 0; pages < mostPages; pages += 1) {
          const page = await inWorkspace(deps.db, workspaceId, (tx) =>
            moveQueued({ tx, workspaceId, now: deps.clock.now() }, id, places.get(id) ?? null),
          );
          moved += page.moved;
          if (page.after === null) {
            places.delete(id);
            break;
          }
          places.set(id, page.after);
        }
      });
      return moved;
    };
  },
});
