import { sql } from 'kysely';
import { turnOccurrence } from '../campaigns/let-in.ts';
import { inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';

/** Occurrences looked at in one turn. */
const most = 50;

/** Begins the campaigns whose time has come, lets in the next page of each that is under way, and ends those whose people are through. */
export const campaigns = defineSweep({
  name: 'campaigns',
  every: 200,
  again: (pages) => pages > 0,
  create: (deps) => async () => {
    const { rows } = await sql<{ workspace_id: string; id: string }>`
      SELECT workspace_id, id FROM campaign_occurrences
      WHERE state IN ('planned', 'letting_in', 'finishing') AND next_at <= ${deps.clock.now()} ORDER BY next_at LIMIT ${most}`.execute(
      deps.db.router,
    );
    let pages = 0;
    await inEach(deps.log, 'campaigns', rows, async ({ workspace_id: workspaceId, id }) => {
      const turn = await inWorkspace(deps.db, workspaceId, async (tx) => {
        const work = { tx, workspaceId, now: deps.clock.now() };
        const result = await turnOccurrence(deps.arrivalDeps, work, id);
        if (result.told) await writeTopic(work, { topic: 'campaigns', ids: [] });
        await deps.failPoints.reach('campaign.before_commit');
        return result;
      });
      await deps.failPoints.reach('campaign.after_commit');
      if (!turn.told && turn.runs.length === 0) return;
      pages += 1;
      deps.onArrived(workspaceId, { runs: turn.runs, wake: [] });
    });
    return pages;
  },
});
