import {
  ActivityFailure,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { CohortActivities } from '../activities/cohort-activities.ts';
import { cohortsPerCall, type RunInput, type SleepingCohort, type StepCall, type StepResult } from './contract.ts';

const localOptions = {
  startToCloseTimeout: '2500ms',
  scheduleToCloseTimeout: '3s',
  retry: { maximumAttempts: 2, initialInterval: '50ms' },
} as const;
const serverOptions = {
  startToCloseTimeout: '60s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
} as const;

/**
 * The interpreter: carries cohorts forward until all of them sleep long, park or are done. It knows cohorts, ranks and
 * times, never nodes or people. Calls go one after another: local first, then the same call with the server's retries.
 */
export async function runCohorts(input: RunInput): Promise<void> {
  const labels: Record<number, string> = { ...input.labels };
  let { call, nextCohort } = input;
  let ready = [...input.ready];
  let sleeping = [...input.sleeping];

  while (ready.length + sleeping.length > 0) {
    if (ready.length === 0) {
      const soonest = Math.min(...sleeping.map((sleeper) => sleeper.until));
      const wait = soonest - Date.now();
      if (wait > 0) await sleep(wait);
    }
    const woken = sleeping.filter((sleeper) => sleeper.until <= Date.now());
    sleeping = sleeping.filter((sleeper) => sleeper.until > Date.now());
    ready.push(...woken.map(({ cohort, step }) => ({ cohort, step })));
    const step = Math.min(...ready.map((cohort) => cohort.step));
    const cohorts = ready.filter((cohort) => cohort.step === step).map((cohort) => cohort.cohort);
    ready = ready.filter((cohort) => cohort.step !== step);
    cohorts.sort((a, b) => a - b);

    const result = await move(
      {
        workspaceId: input.workspaceId,
        runId: input.runId,
        call,
        step,
        cohorts,
        firstCohort: nextCohort,
        now: Date.now(),
        alone: ready.length + sleeping.length === 0,
      },
      labels[step] ?? (step < 0 ? 'end' : `step ${step}`),
    );
    call += 1;
    nextCohort += cohortsPerCall;
    for (const outlet of result.outlets) {
      ready.push({ cohort: outlet.cohort, step: outlet.nextStep });
      labels[outlet.nextStep] = outlet.label;
    }
    for (const sleeper of result.sleeping) {
      sleeping.push(asSleeper(sleeper));
      labels[sleeper.nextStep] = sleeper.label;
    }
    if (workflowInfo().continueAsNewSuggested && ready.length + sleeping.length > 0) {
      await continueAsNew<typeof runCohorts>({ ...input, call, nextCohort, ready, sleeping, labels });
    }
  }
}

function asSleeper(entry: StepResult['sleeping'][number]): SleepingCohort {
  return { cohort: entry.cohort, step: entry.nextStep, until: entry.until };
}

/** One ledgered call. A call that cannot be made to work fails its cohort instead of the run. */
async function move(call: StepCall, summary: string): Promise<StepResult> {
  const local = proxyLocalActivities<CohortActivities>({ ...localOptions, summary });
  const regular = proxyActivities<CohortActivities>({ ...serverOptions, summary });
  try {
    return await local.runStep(call);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn('step call goes on with server retries', { step: call.step, call: call.call });
  }
  try {
    return await regular.runStep(call);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return regular.failCohort(call);
  }
}
