import type { Decision, Reason } from '@signalbox/nodes/define/decision';
import { type CountDeltas, count } from '../versions/counts.ts';
import type { LoadedStep, LoadedVersion } from '../versions/version-cache.ts';
import { stepAt } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';
import type { Decided } from './decide.ts';
import { type Finished, type PathEntry, positionState } from './positions.ts';
import type { StepResult } from './run-contract.ts';

/** A position after the step. */
export type Move = {
  readonly id: string;
  readonly state: number;
  readonly inRun: boolean;
  readonly cohort: number;
  readonly step: number;
  readonly hop: number;
  readonly eventId: string | null;
  readonly heldEventId: string | null;
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

/** Waits up to this long are one timer of their run; longer ones park (protocol 14). */
export const longestTimerMs = 3_600_000;
/** More wake-ups than this in one step keep no run. */
export const mostWakeUps = 16;
const minuteMs = 60_000;

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

/** A plan in the making: what one decision after another adds. */
type Draft = {
  readonly options: PlanOptions;
  readonly now: Date;
  readonly stays: boolean;
  readonly sleepers: ReadonlyMap<number, number>;
  readonly moves: Move[];
  readonly path: PathEntry[];
  readonly finished: Finished[];
  readonly counts: CountDeltas;
  readonly released: string[];
  /** People by outlet who stand ready at what follows. */
  readonly sizes: Map<number, number>;
  readonly sleeping: Map<
    number,
    { readonly cohort: number; readonly outlet: number; size: number; readonly until: number }
  >;
  parked: number;
  ended: number;
  failed: number;
};

function createDraft(options: PlanOptions): Draft {
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

function resultOf({ options, sizes, sleeping, parked, ended, failed }: Draft): StepResult {
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

function carryOut(draft: Draft, row: CohortRow, at: LoadedStep, hop: number, decision: Decision): void {
  switch (decision.kind) {
    case 'next':
      proceed(draft, row, at, outletIndex(at, decision.outlet), hop, decision.reason ?? null);
      return;
    case 'sleep':
      sleep(draft, row, at, hop, decision);
      return;
    case 'wait':
      wait(draft, row, at, hop, decision);
      return;
    case 'settle':
      settle(draft, row, at, hop, decision);
      return;
    case 'end':
      stopHere(draft, row, at, hop, 'finished', decision.reason);
      return;
    case 'fail':
      stopHere(draft, row, at, hop, 'failed', decision.reason);
  }
}

type Of<Kind extends Decision['kind']> = Extract<Decision, { readonly kind: Kind }>;

function leave(
  draft: Draft,
  row: CohortRow,
  from: LoadedStep,
  outlet: number,
  hop: number,
  reason: Reason | null,
): void {
  draft.path.push({ enrollmentId: row.id, hop, step: from.rank, outlet, eventId: row.eventId, reason });
  count(draft.counts, from.id, 'left');
  count(draft.counts, from.id, `out:${outletAt(from, outlet).id}`);
}

function proceed(
  draft: Draft,
  row: CohortRow,
  at: LoadedStep,
  outlet: number,
  hop: number,
  reason: Reason | null,
): void {
  const { version, firstCohort, ahead } = draft.options;
  leave(draft, row, at, outlet, hop, reason);
  const to = draft.stays ? at.rank : outletAt(at, outlet).to;
  if (to === null) {
    finish(draft, row, at.rank, 'finished', null);
    return;
  }
  if (!draft.stays) count(draft.counts, stepAt(version, to).id, 'entered');
  if (ahead?.has(row.id) === true) return;
  draft.sizes.set(outlet, (draft.sizes.get(outlet) ?? 0) + 1);
  draft.moves.push({
    ...standing(row, hop + 1),
    state: positionState.ready,
    inRun: true,
    cohort: firstCohort + outlet,
    step: to,
  });
}

function sleep(draft: Draft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'sleep'>): void {
  const { now, sleepers, stays } = draft;
  const outlet = outletIndex(at, decision.outlet);
  const until = decision.until.getTime();
  if (until <= now.getTime()) {
    proceed(draft, row, at, outlet, hop, decision.reason ?? null);
    return;
  }
  if (stays || sleepers.size > mostWakeUps || until - now.getTime() > longestTimerMs) {
    // A reply to the message before is kept for the wait that comes after.
    park(draft, row, at, hop, { dueAt: ceilMinute(decision.until), dueOutlet: outlet, listening: row.listening });
    return;
  }
  const cohort = draft.options.firstCohort + at.outlets.length + (sleepers.get(until) ?? 0);
  const entry = draft.sleeping.get(cohort) ?? { cohort, outlet, size: 0, until };
  entry.size += 1;
  draft.sleeping.set(cohort, entry);
  draft.moves.push({
    ...standing(row, hop),
    state: positionState.asleep,
    inRun: true,
    cohort,
    step: at.rank,
    dueAt: decision.until,
    dueOutlet: outlet,
  });
}

function wait(draft: Draft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'wait'>): void {
  const arrived = outletIndex(at, decision.outlets.arrived);
  const isReply = decision.event === 'message.received';
  if (isReply && row.heldEventId !== null) {
    const answered = { ...row, eventId: row.heldEventId, heldEventId: null, listening: false };
    proceed(draft, answered, at, arrived, hop, null);
    return;
  }
  const long = decision.until.getTime() - draft.now.getTime() > longestTimerMs;
  park(draft, row, at, hop, {
    waitingEvent: decision.event,
    listening: !isReply && row.listening,
    dueAt: long ? ceilMinute(decision.until) : decision.until,
    dueOutlet: outletIndex(at, decision.outlets.timeout),
    arrivedOutlet: arrived,
  });
}

function settle(draft: Draft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'settle'>): void {
  if (row.heldEventId !== null) draft.released.push(row.heldEventId);
  const sent = outletIndex(at, decision.outlets.sent);
  if (draft.options.goesOn === true) {
    proceed(draft, { ...row, heldEventId: null, listening: at.listens }, at, sent, hop, null);
    return;
  }
  park(draft, { ...row, heldEventId: null }, at, hop, {
    waitingMessageId: decision.messageId,
    arrivedOutlet: sent,
    dueOutlet: outletIndex(at, decision.outlets.notSent),
    listening: at.listens,
  });
}

function stopHere(
  draft: Draft,
  row: CohortRow,
  at: LoadedStep,
  hop: number,
  outcome: 'finished' | 'failed',
  reason: Reason,
): void {
  draft.path.push({ enrollmentId: row.id, hop, step: at.rank, outlet: null, eventId: row.eventId, reason });
  count(draft.counts, at.id, outcome === 'failed' ? 'failed' : 'left');
  finish(draft, row, at.rank, outcome, reason);
}

function park(draft: Draft, row: CohortRow, at: LoadedStep, hop: number, waits: Partial<Move>): void {
  draft.parked += 1;
  draft.moves.push({
    ...standing(row, hop),
    listening: false,
    ...waits,
    state: positionState.parked,
    inRun: draft.stays,
    cohort: draft.stays ? draft.options.firstCohort : 0,
    step: at.rank,
  });
}

function finish(draft: Draft, row: CohortRow, rank: number, outcome: Finished['outcome'], reason: Reason | null): void {
  if (outcome === 'failed') draft.failed += 1;
  else draft.ended += 1;
  draft.finished.push({ id: row.id, outcome, step: rank, reason });
}

function standing(row: CohortRow, hop: number) {
  return {
    id: row.id,
    hop,
    eventId: row.eventId,
    heldEventId: row.heldEventId,
    listening: row.listening,
    dueAt: null,
    dueOutlet: null,
    arrivedOutlet: null,
    waitingEvent: null,
    waitingMessageId: null,
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

/** The wake-up times within an hour, each with its place in their order. */
export function wakeUps(decided: readonly Decided[], now: Date): Map<number, number> {
  const times = new Set<number>();
  for (const { decision } of decided) {
    if (
      decision.kind === 'sleep' &&
      decision.until.getTime() > now.getTime() &&
      decision.until.getTime() - now.getTime() <= longestTimerMs
    ) {
      times.add(decision.until.getTime());
    }
  }
  return new Map([...times].sort((a, b) => a - b).map((time, index) => [time, index]));
}

/** An outlet's index. @throws Error where the node named one that the step does not have: a bug in the node. */
export function outletIndex(step: LoadedStep, id: string): number {
  const index = step.outlets.findIndex((outlet) => outlet.id === id);
  if (index < 0) throw new Error(`Node ${step.type} left by outlet ${id}, which the step does not have.`);
  return index;
}

function outletAt(step: LoadedStep | null, index: number): LoadedStep['outlets'][number] {
  const outlet = step?.outlets[index];
  if (outlet === undefined) throw new Error(`No outlet ${index}.`);
  return outlet;
}

/** Node type and step id: what the operators' view shows. Never a marketer's label (protocol 10). */
function labelOf(version: LoadedVersion, rank: number | null): string {
  if (rank === null) return 'end';
  const step = stepAt(version, rank);
  return `${step.type} ${step.id}`;
}

function ceilMinute(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / minuteMs) * minuteMs);
}
