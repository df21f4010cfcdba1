import { sql } from 'kysely';
import { removeFiles } from '../media/remove-files.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Takes files away that belong to nothing any more. */
export const mediaRemovals = defineSweep({
  name: 'media-removals',
  every: 60_000,
  create: (deps) => async () => {
    const { rows } = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM media_removals WHERE due_at IS NULL OR due_at <= ${deps.clock.now()}`.execute(
      deps.db.router,
    );
    let handled = 0;
    await inEach(deps.log, 'media-removals', rows, async ({ workspace_id: id }) => {
      handled += await removeFiles({ ...deps, files: deps.media.files }, id);
    });
    return handled;
  },
});
