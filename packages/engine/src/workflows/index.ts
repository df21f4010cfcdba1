export { dispatchShard } from './dispatch-shard.ts';
export { runCohorts } from './run-cohorts.ts';
