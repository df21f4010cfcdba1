import { type CountDeltas, count } from '../versions/counts.ts';
import { stepAt } from '../versions/version-cache.ts';
import { carryOut, finish, leave, type PlanDraft } from './carry-out.ts';
import { labelOf, outletAt } from './outlets.ts';
import type { Plan, PlanOptions } from './plan-types.ts';
import type { StepResult } from './run-contract.ts';
import { wakeUps } from './wake-ups.ts';

/** Turns decisions into a plan. Cohort ids are first + outlet index in published order; wake-ups follow after the outlets. */
export function planStep(options: PlanOptions): Plan {
  const { version, step } = options;
  const draft = createDraft(options);
  for (const { row, decision } of options.decided) {
    let hop = row.hop;
    if (row.asleep !== null) {
      leave(draft, row, stepAt(version, row.asleep.step), row.asleep.outlet, hop, null);
      hop += 1;
      if (step !== null) count(draft.counts, step.id, 'entered');
    }
    if (step === null) {
      finish(draft, row, row.asleep?.step ?? 0, 'finished', null);
      continue;
    }
    if (draft.stays) count(draft.counts, step.id, 'entered');
    carryOut(draft, row, step, hop, decision);
  }
  const { moves, path, finished, counts, returnedTexts } = draft;
  return { moves, path, finished, counts, returnedTexts, result: resultOf(draft) };
}

function createDraft(options: PlanOptions): PlanDraft {
  return {
    options,
    now: options.now,
    stays: options.stays === true,
    sleepers: options.wakeUps ?? wakeUps(options.decided, options.now),
    moves: [],
    path: [],
    finished: [],
    counts: new Map(),
    returnedTexts: [],
    sizes: new Map(),
    sleeping: new Map(),
    parked: 0,
    ended: 0,
    failed: 0,
  };
}

function resultOf({ options, sizes, sleeping, parked, ended, failed }: PlanDraft): StepResult {
  const { version, step, firstCohort } = options;
  return {
    outlets: [...sizes.entries()]
      .sort(([a], [b]) => a - b)
      .map(([outlet, size]) => {
        const way = outletAt(step, outlet);
        return {
          outlet: way.id,
          cohort: firstCohort + outlet,
          size,
          nextStep: way.to ?? -1,
          label: labelOf(version, way.to),
        };
      }),
    sleeping: [...sleeping.values()].map(({ cohort, until, size, outlet }) => {
      const { to } = outletAt(step, outlet);
      return { cohort, until, size, nextStep: to ?? -1, label: labelOf(version, to) };
    }),
    parked,
    ended,
    failed,
    held: 0,
  };
}

/** One plan of the stages of a call. */
export function mergePlans(plans: readonly Plan[]): Plan {
  const counts: CountDeltas = new Map();
  for (const plan of plans) for (const { stepId, metric, n } of plan.counts.values()) count(counts, stepId, metric, n);
  const sum = (pick: (result: StepResult) => number) => plans.reduce((total, plan) => total + pick(plan.result), 0);
  return {
    moves: plans.flatMap((plan) => plan.moves),
    path: plans.flatMap((plan) => plan.path),
    finished: plans.flatMap((plan) => plan.finished),
    counts,
    returnedTexts: plans.flatMap((plan) => plan.returnedTexts),
    result: {
      outlets: plans.flatMap((plan) => plan.result.outlets),
      sleeping: plans.flatMap((plan) => plan.result.sleeping),
      parked: sum((result) => result.parked),
      ended: sum((result) => result.ended),
      failed: sum((result) => result.failed),
      held: sum((result) => result.held),
    },
  };
}
