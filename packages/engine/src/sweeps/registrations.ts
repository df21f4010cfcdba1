import { listWorkspaces } from '../access/workspaces.ts';
import { inWorkspace } from '../db/database.ts';
import { watchRegistrations } from '../routing/watch-registrations.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Looks every hour whose registration ends soon. */
export const registrations = defineSweep({
  name: 'registrations',
  every: 3_600_000,
  create: (deps) => async () => {
    let found = 0;
    await inEach(deps.log, 'registrations', await listWorkspaces(deps.db), async (workspaceId) => {
      found += await inWorkspace(deps.db, workspaceId, (tx) =>
        watchRegistrations(deps, { tx, workspaceId, now: deps.clock.now() }),
      );
    });
    return found;
  },
});
