import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { inEach } from '../runtime/in-each.ts';
import { rollUpQueue } from '../sending/queue-counts.ts';
import { defineSweep } from './define-sweep.ts';

/** Adds up what came into the queue and left it, and tells whoever watches it. */
export const queueCounts = defineSweep({
  name: 'queue-counts',
  every: 2_000,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM queue_deltas`.execute(
      deps.db.router,
    );
    await inEach(deps.log, 'queue-counts', rows.rows, async ({ workspace_id: workspaceId }) => {
      await inWorkspace(deps.db, workspaceId, async (tx) => {
        await rollUpQueue({ tx, workspaceId });
        await writeTopic({ tx, workspaceId, now: deps.clock.now() }, { topic: 'queue', ids: [] });
      });
      deps.onArrived(workspaceId, { runs: [], wake: [] });
    });
    return rows.rows.length;
  },
});
