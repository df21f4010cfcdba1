import { ApplicationFailure } from '@temporalio/activity';
import { type CohortDeps, runStep } from '../cohorts/run-step.ts';
import { failCohort } from '../cohorts/fail-cohort.ts';
import { sqlState } from '../db/database.ts';
import type { StepCall, StepResult } from '../workflows/contract.ts';

export type CohortActivities = ReturnType<typeof createCohortActivities>;

/** The interpreter's activities. Errors leave as codes: no message, cause or stack of ours reaches a history. */
export function createCohortActivities(deps: CohortDeps) {
  return {
    /** Moves cohorts one step, exactly once per `(runId, call)`. */
    runStep: (call: StepCall): Promise<StepResult> => coded(deps, () => runStep(deps, call)),
    /** Fails everyone in the call's cohorts, under the same ledger entry. */
    failCohort: (call: StepCall): Promise<StepResult> => coded(deps, () => failCohort(deps, call)),
  };
}

async function coded<T>(deps: CohortDeps, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    deps.log.error({ err: error }, 'step call failed');
    const state = sqlState(error);
    throw ApplicationFailure.create({ type: 'step_failed', message: state === null ? 'step_failed' : `database_${state}` });
  }
}
