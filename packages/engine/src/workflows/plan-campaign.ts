import { proxyActivities } from '@temporalio/workflow';
import type { CampaignActivities } from '../activities/campaign-activities.ts';

/** What the schedule of a campaign starts each time: it says that the time has come. Ids alone. */
export async function planCampaign(workspaceId: string, campaignId: string): Promise<void> {
  const { planTime } = proxyActivities<CampaignActivities>({
    startToCloseTimeout: '30s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    summary: 'plan campaign',
  });
  await planTime(workspaceId, campaignId);
}
