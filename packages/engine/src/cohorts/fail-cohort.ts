import { fail } from '@signalbox/nodes/define/decision';
import { inWorkspace } from '../db/database.ts';
import { stepAt } from '../flows/version-cache.ts';
import type { StepCall, StepResult } from '../workflows/contract.ts';
import { applyPlan } from './apply.ts';
import { closeCall, emptyResult, openCall } from './call-ledger.ts';
import { lockCohorts } from './cohort-rows.ts';
import { planStep } from './plan.ts';
import type { CohortDeps } from './run-step.ts';

/** Fails everyone in the call's cohorts, where the call itself can never work; the same ledger entry keeps it exactly once. */
export async function failCohort(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  return inWorkspace(deps.db, call.workspaceId, async (tx) => {
    const opened = await openCall(tx, call);
    if (opened.kind === 'repeat') return opened.result;
    if (opened.kind === 'closed') {
      await closeCall(tx, call, emptyResult, false);
      return emptyResult;
    }
    const version = await deps.versions.load(tx, call.workspaceId, opened.versionId);
    const now = new Date(call.now);
    const rows = await lockCohorts(tx, call.workspaceId, call.runId, call.cohorts);
    const plan = planStep({
      version,
      step: stepAt(version, Math.max(0, call.step)),
      decided: rows.map((row) => ({ row, decision: fail({ code: 'step_failed' }), thrown: true })),
      firstCohort: call.firstCohort,
      now,
    });
    const context = { tx, workspaceId: call.workspaceId, flowId: opened.flowId, runId: call.runId, now, ids: deps.ids };
    await applyPlan(context, plan, { senders: null, messages: new Map(), consents: [], profile: new Map() });
    await closeCall(tx, call, plan.result, opened.unstarted);
    return plan.result;
  });
}
