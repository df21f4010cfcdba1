import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { dueRetries, retryNextPage } from '../sending/retry-queued.ts';
import { takePages } from '../sending/take-pages.ts';
import { defineSweep } from './define-sweep.ts';

/** Brings messages forward that somebody has tried again at once, once that can no longer be undone, page by page. */
export const queueRetries = defineSweep({
  name: 'queue-retries',
  every: 'quick',
  again: (retried) => retried > 0,
  create: (deps) => async () => {
    const now = deps.clock.now();
    const workspaces = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM queue_retries WHERE finished_at IS NULL AND starts_at <= ${now}`.execute(
      deps.db.router,
    );
    let handled = 0;
    await inEach(deps.log, 'queue-retries', workspaces.rows, async ({ workspace_id: workspaceId }) => {
      const ids = await inWorkspace(deps.db, workspaceId, (tx) => dueRetries({ tx, workspaceId }, now));
      for (const id of ids) handled += await takePages(deps, workspaceId, (work) => retryNextPage(work, id));
      deps.onArrived(workspaceId, { runs: [], wake: [] });
    });
    return handled;
  },
});
