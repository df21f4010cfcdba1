import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { inEach } from '../runtime/in-each.ts';
import { cancelNextPage, dueCancels } from '../sending/cancel-queued.ts';
import { closeDrains } from '../sending/holds.ts';
import { takePages } from '../sending/take-pages.ts';
import { defineSweep } from './define-sweep.ts';

/** Takes out of the queue what was cancelled and can no longer be undone, page by page, and closes drains that have nothing left. */
export const queueHolds = defineSweep({
  name: 'queue-holds',
  every: 'quick',
  again: (canceled) => canceled > 0,
  create: (deps) => async () => {
    const now = deps.clock.now();
    const workspaces = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM queue_holds
      WHERE finished_at IS NULL AND ((mode = 'cancel' AND starts_at <= ${now}) OR (mode = 'drain' AND above > 0))`.execute(
      deps.db.router,
    );
    let handled = 0;
    await inEach(deps.log, 'queue-holds', workspaces.rows, async ({ workspace_id: workspaceId }) => {
      const due = await inWorkspace(deps.db, workspaceId, async (tx) => {
        const work = { tx, workspaceId, now };
        const closed = await closeDrains(work);
        if (closed > 0) await writeTopic(work, { topic: 'queue', ids: [] });
        return { closed, ids: await dueCancels(work, now) };
      });
      if (due.closed > 0) deps.onArrived(workspaceId, { runs: [], wake: [] });
      for (const id of due.ids) {
        // Also where nothing was left: a cancel that is finished is shown as that.
        const settled = () => deps.dispatch.onSettled(workspaceId);
        handled += await takePages(deps, workspaceId, (work) => cancelNextPage(work, id), settled);
      }
    });
    return handled;
  },
});
