import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { rollUpCounts } from '../versions/counts.ts';
import { defineSweep } from './define-sweep.ts';

/** Adds the deltas of counts up (protocol 31). */
export const counts = defineSweep({
  name: 'counts',
  every: 5_000,
  create: (deps) => async () => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM flow_count_deltas`.execute(
      deps.db.router,
    );
    await inEach(deps.log, 'counts', rows.rows, async ({ workspace_id: workspaceId }) => {
      await inWorkspace(deps.db, workspaceId, (tx) => rollUpCounts({ tx, workspaceId }));
    });
    return rows.rows.length;
  },
});
