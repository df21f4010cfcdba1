import { fail } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { inWorkspace, isDataError } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { stepAt, VersionUnreadableError } from '../versions/version-cache.ts';
import { abandonRun } from './abandon-run.ts';
import { applyPlan } from './apply.ts';
import { closeCall, emptyResult, type OpenedCall, openCall } from './call-ledger.ts';
import { type CohortRow, lockCohorts } from './cohort-rows.ts';
import { planStep } from './plan.ts';
import type { StepCall, StepResult } from './run-contract.ts';
import type { CohortDeps } from './run-step.ts';
import { setAside } from './set-aside.ts';

/**
 * Fails everyone in the call's cohorts, where the call itself can never work; the same ledger entry keeps it exactly once. People who
 * cannot even be failed are set aside, so that nothing about them comes back as an error (protocol 10). A call that the ledger knows
 * as another one ends its run.
 */
export async function failCohort(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  const result = await inWorkspace(deps.db, call.workspaceId, async (tx) => {
    const work: Work = { tx, workspaceId: call.workspaceId, now: new Date(call.now) };
    const opened = await openCall(tx, call);
    if (opened.kind === 'repeat') return opened.result;
    if (opened.kind === 'nothing') return emptyResult;
    if (opened.kind === 'mismatch') return abandonRun(deps, work, call, opened);
    if (opened.kind === 'closed') {
      await closeCall(tx, call, emptyResult, false);
      return emptyResult;
    }
    const rows = await lockCohorts(work, call.runId, call.cohorts);
    await sql`SAVEPOINT failing`.execute(tx);
    let failed: StepResult;
    try {
      failed = await failRows(deps, work, call, opened, rows);
    } catch (error) {
      if (!isDataError(error) && !(error instanceof VersionUnreadableError)) throw error;
      await sql`ROLLBACK TO SAVEPOINT failing`.execute(tx);
      deps.log.error({ err: error, run: call.runId, people: rows.length }, 'people could not even be failed');
      failed = await setAside(work, call, rows);
    }
    const contactIds = rows.map((row) => row.contact.id);
    await writeFeed(work, { flowIds: [opened.flowId], contactIds, counts: true });
    await closeCall(tx, call, failed, opened.unstarted);
    await deps.failPoints.reach('fail_cohort.before_commit');
    return failed;
  });
  await deps.failPoints.reach('fail_cohort.after_commit');
  deps.onMoved(call.workspaceId);
  return result;
}

async function failRows(
  deps: CohortDeps,
  work: Work,
  call: StepCall,
  opened: Extract<OpenedCall, { kind: 'open' }>,
  rows: readonly CohortRow[],
): Promise<StepResult> {
  const version = await deps.versions.load(work, opened.versionId);
  const { now } = work;
  const plan = planStep({
    version,
    step: stepAt(version, Math.max(0, call.step)),
    decided: rows.map((row) => ({ row, decision: fail({ code: 'step_failed' }), thrown: true })),
    firstCohort: call.firstCohort,
    now,
  });
  await applyPlan({ ...work, flowId: opened.flowId, runId: call.runId }, plan);
  return plan.result;
}
