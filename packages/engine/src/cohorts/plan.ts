import { type CountDeltas, count } from '../versions/counts.ts';
import type { LoadedStep, LoadedVersion } from '../versions/version-cache.ts';
import { stepAt } from '../versions/version-cache.ts';
import { carryOut, finish, leave, type PlanDraft } from './carry-out.ts';
import type { Decided } from './decide.ts';
import { labelOf, outletAt } from './outlets.ts';
import type { Finished, PathEntry } from './positions.ts';
import type { StepResult } from './run-contract.ts';
import { wakeUps } from './wake-ups.ts';

/** A position after the step. */
export type Move = {
  readonly id: string;
  readonly state: number;
  readonly inRun: boolean;
  readonly cohort: number;
  readonly step: number;
  readonly hop: number;
  readonly eventId: string | null;
  readonly keptReplyId: string | null;
  readonly listening: boolean;
  readonly dueAt: Date | null;
  readonly dueOutlet: number | null;
  readonly arrivedOutlet: number | null;
  readonly waitingEvent: string | null;
  readonly waitingMessageId: string | null;
};

/** Everything one step call writes about positions, computed before any SQL. */
export type Plan = {
  readonly moves: Move[];
  readonly path: PathEntry[];
  readonly finished: Finished[];
  readonly counts: CountDeltas;
  /** Replies that were held for someone who sends again without having waited: to be routed on. */
  readonly released: string[];
  readonly result: StepResult;
};

/** What a step's decisions are turned into a plan with. */
export type PlanOptions = {
  readonly version: LoadedVersion;
  /** Null ends the woken people: the outlet they leave by leads nowhere. */
  readonly step: LoadedStep | null;
  readonly decided: readonly Decided[];
  readonly firstCohort: number;
  readonly now: Date;
  /** A code flow's call: people stay in their run and at the step, whatever the outlet leads to. */
  readonly stays?: boolean;
  /** People who go on to a later step in the same call: they leave here and stand nowhere yet. */
  readonly ahead?: ReadonlySet<string>;
  /** The wake-ups of the whole call, where only a part of it is planned; else those of `decided`. */
  readonly wakeUps?: ReadonlyMap<number, number>;
  /** Nobody waits for what is sent: people leave by `sent` at once. */
  readonly goesOn?: boolean;
};

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
  const { moves, path, finished, counts, released } = draft;
  return { moves, path, finished, counts, released, result: resultOf(draft) };
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
    released: [],
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
    released: plans.flatMap((plan) => plan.released),
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
