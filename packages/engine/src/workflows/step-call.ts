import { isCancellation, proxyActivities, proxyLocalActivities, TemporalFailure } from '@temporalio/workflow';
import type { CohortActivities } from '../activities/cohort-activities.ts';
import type { StepCall, StepResult } from '../cohorts/run-contract.ts';

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
      // How long the people of a call wait for another process when theirs has ended.
      heartbeatTimeout: '15s',
      retry: { initialInterval: '500ms', maximumInterval: '30s' },
      summary,
    }),
  };
}

type Calls = Pick<CohortActivities, 'runStep' | 'codeProgress'>;

/** Makes a call local first, then the same call with the server's retries (protocol 9). */
export async function localFirst<T>(summary: string, work: (activities: Calls) => Promise<T>): Promise<T> {
  const { local, regular } = cohortActivities(summary);
  try {
    return await work(local);
  } catch (error) {
    if (!failedThere(error)) throw error;
  }
  return work(regular);
}

/** One ledgered call. One that cannot be made to work fails its cohort instead of the run. */
export async function move(call: StepCall, summary: string): Promise<StepResult> {
  try {
    return await localFirst(summary, (activities) => activities.runStep(call));
  } catch (error) {
    if (!failedThere(error)) throw error;
    return cohortActivities(summary).regular.failCohort(call);
  }
}

/** The activity failed, not this workflow's own code. A local activity's failure arrives bare, a regular one's as an ActivityFailure. */
function failedThere(error: unknown): boolean {
  return error instanceof TemporalFailure && !isCancellation(error);
}
