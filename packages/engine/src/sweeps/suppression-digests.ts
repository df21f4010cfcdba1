import { addDigests } from '../contacts/numbers.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

const page = 1_000;

/** Completes what an upgrade began: numbers that were suppressed before are recognised after their owners were erased, too. */
export const suppressionDigests = defineSweep({
  name: 'suppression-digests',
  every: 60_000,
  create: (deps) => async () => {
    const rows = await deps.db.router.selectFrom('suppressions').select('workspace_id').distinct().execute();
    const workspaces = rows.map((row) => row.workspace_id);
    await inEach(deps.log, 'suppression-digests', workspaces, async (workspaceId) => {
      for (let added = page; added === page; )
        added = await inWorkspace(deps.db, workspaceId, (tx) => addDigests(deps, { tx, workspaceId }, page));
    });
    return workspaces.length;
  },
});
