import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { dueBefore, eraseContacts } from '../erasure/erase.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Erases people who were deleted so long ago that nobody can take them back any more. */
export const erasures = defineSweep({
  name: 'erasures',
  every: 600_000,
  again: (handled) => handled > 0,
  create: (deps) => async () => {
    const before = dueBefore(deps.clock.now());
    const { rows } = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM deleted_contacts WHERE deleted_at <= ${before}`.execute(deps.db.router);
    let handled = 0;
    await inEach(deps.log, 'erasures', rows, async ({ workspace_id: workspaceId }) => {
      const erased = await inWorkspace(deps.db, workspaceId, async (tx) => {
        const work = { tx, workspaceId, now: deps.clock.now() };
        const ids = await eraseContacts({ ...deps.arrivalDeps, ...deps }, work, { before });
        if (ids.length > 0) await writeTopic(work, { topic: 'deleted_contacts', ids: [] });
        return ids;
      });
      handled += erased.length;
    });
    return handled;
  },
});
