import { ActivityFailure, isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { CohortActivities } from '../activities/cohort-activities.ts';
import type { StepCall, StepResult } from './contract.ts';

/** The engine's activities, with node type and step id as their summary. */
export function cohortActivities(summary: string) {
  return {
    local: proxyLocalActivities<CohortActivities>({
      startToCloseTimeout: '2500ms',
      scheduleToCloseTimeout: '3s',
      retry: { maximumAttempts: 2, initialInterval: '50ms' },
      summary,
    }),
    regular: proxyActivities<CohortActivities>({
      startToCloseTimeout: '60s',
      retry: { initialInterval: '500ms', maximumInterval: '30s' },
      summary,
    }),
  };
}

/**
 * One ledgered call: local first, then the same call with the server's retries (protocol 9). A call that cannot be made to work
 * fails its cohort instead of the run.
 */
export async function move(call: StepCall, summary: string): Promise<StepResult> {
  const { local, regular } = cohortActivities(summary);
  try {
    return await local.runStep(call);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  }
  try {
    return await regular.runStep(call);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return regular.failCohort(call);
  }
}
