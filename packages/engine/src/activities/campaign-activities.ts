import { planNow } from '../campaigns/plan.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ids } from '../runtime/ids.ts';

export type CampaignActivities = {
  /** Plans the time of a campaign that has come by its schedule; one that is planned already stays as it is. */
  readonly planTime: (workspaceId: string, campaignId: string) => Promise<void>;
};

/** What schedules of campaigns reach the database through. */
export function createCampaignActivities(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A time is due. */
  readonly onPlanned: () => void;
}): CampaignActivities {
  return {
    async planTime(workspaceId, campaignId) {
      await inWorkspace(deps.db, workspaceId, (tx) =>
        planNow(deps, { tx, workspaceId, now: deps.clock.now() }, campaignId),
      );
      deps.onPlanned();
    },
  };
}
