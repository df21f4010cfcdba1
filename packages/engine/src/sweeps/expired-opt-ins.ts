import { expireOptIns } from '../consent/double-opt-in.ts';
import { inWorkspace } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Ends questions about signing up that nobody answered in time. */
export const expiredOptIns = defineSweep({
  name: 'expired-opt-ins',
  every: 60_000,
  create: (deps) => async () => {
    const now = deps.clock.now();
    const rows = await deps.db.router
      .selectFrom('consents')
      .select('workspace_id')
      .distinct()
      .where('state', '=', 'pending')
      .where('expires_at', '<=', now)
      .execute();
    const workspaces = rows.map((row) => row.workspace_id);
    let expired = 0;
    await inEach(deps.log, 'expired-opt-ins', workspaces, async (workspaceId) => {
      for (let left = true; left; ) {
        const contactIds = await inWorkspace(deps.db, workspaceId, async (tx) => {
          const work = { tx, workspaceId, now };
          const ended = await expireOptIns(deps, work);
          if (ended.length > 0) await writeFeed(work, { contactIds: ended });
          return ended;
        });
        expired += contactIds.length;
        left = contactIds.length > 0;
      }
    });
    return expired;
  },
});
