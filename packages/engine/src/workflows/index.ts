export { dispatchShard } from './dispatch-shard.ts';
export { planCampaign } from './plan-campaign.ts';
export { runCohorts } from './run-cohorts.ts';
