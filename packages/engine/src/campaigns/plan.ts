import type { Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { lastOccurrence } from './schedule.ts';
import { planOccurrence, readCampaign } from './store.ts';

/**
 * Plans the last time of a campaign that came by its cron line, where it is not there yet: it is written down when the one before begins,
 * so that mostly it is.
 */
export async function planNow(deps: { readonly ids: Ids }, work: Work, campaignId: string): Promise<void> {
  const campaign = await readCampaign(work, campaignId, { lock: true });
  if (campaign === null || campaign.schedule.kind !== 'recurring') return;
  if (campaign.state !== 'scheduled' && campaign.state !== 'running') return;
  const at = lastOccurrence(campaign.schedule, work.now);
  if (at !== null && campaign.launched_at !== null && at > campaign.launched_at)
    await planOccurrence(work, { id: deps.ids.uuid(), campaignId, at });
}
