import { ApplicationFailure } from '@temporalio/activity';
import { CallMismatchError } from '../cohorts/call-ledger.ts';
import { codeProgress, endCodeRun } from '../cohorts/code-runs.ts';
import { failCohort } from '../cohorts/fail-cohort.ts';
import type { CodeProgress, CodeQuery, StepCall, StepResult } from '../cohorts/run-contract.ts';
import { type CohortDeps, FlowPausedError, runStep } from '../cohorts/run-step.ts';
import { isDataError, sqlState } from '../db/database.ts';
import { VersionUnreadableError } from '../versions/version-cache.ts';
import { whileHeard } from './while-heard.ts';

export type CohortActivities = {
  /** Moves cohorts one step, exactly once per `(runId, call)`. */
  readonly runStep: (call: StepCall) => Promise<StepResult>;
  /** Fails everyone in the call's cohorts, under the same ledger entry. There is nothing behind it, so it is tried until it works. */
  readonly failCohort: (call: StepCall) => Promise<StepResult>;
  /** How far the parked people of a code flow's call have come. */
  readonly codeProgress: (query: CodeQuery) => Promise<CodeProgress>;
  /** Ends everyone still in a code flow's run: its workflow has returned. */
  readonly endCodeRun: (call: StepCall) => Promise<StepResult>;
};

/** The interpreter's activities. Errors leave as codes: no message, cause or stack of ours reaches a history. */
export function createCohortActivities(deps: CohortDeps): CohortActivities {
  return {
    runStep: (call) => coded(deps, () => runStep(deps, call)),
    failCohort: (call) => coded(deps, () => failCohort(deps, call), false),
    codeProgress: (query) => coded(deps, () => codeProgress(deps.db, query)),
    endCodeRun: (call) => coded(deps, () => endCodeRun(deps, call)),
  };
}

async function coded<T>(deps: CohortDeps, work: () => Promise<T>, mayGiveUp = true): Promise<T> {
  try {
    return await whileHeard(work);
  } catch (error) {
    if (error instanceof FlowPausedError) throw failure('flow_paused', 'flow_paused', false);
    deps.log.error({ err: error }, 'step call failed');
    if (error instanceof CallMismatchError) throw failure('call_mismatch', 'call_mismatch', mayGiveUp);
    // Another process, or the next build, may read it.
    if (error instanceof VersionUnreadableError) throw failure('version_unreadable', 'version_unreadable', false);
    const state = sqlState(error);
    // A data error that survived the bisection will not go away by trying again.
    const nonRetryable = mayGiveUp && isDataError(error);
    throw failure('step_failed', state === null ? 'step_failed' : `database_${state}`, nonRetryable);
  }
}

/** A failure made of codes alone: what happened stands in our log. */
function failure(type: string, message: string, nonRetryable: boolean): ApplicationFailure {
  const made = ApplicationFailure.create({ type, message, nonRetryable });
  made.stack = '';
  return made;
}
