import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { cohortsPerCall, type RunInput, type SleepingCohort, type StepResult } from '../cohorts/run-contract.ts';
import { move } from './step-call.ts';

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
