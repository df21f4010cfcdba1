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

/**
 * Turns decisions into a plan. Cohort ids are first + outlet index in published order; wake-ups follow after the outlets.
 *
 * @param options.step null ends the woken people: the outlet they leave by leads nowhere.
 */
export function planStep(options: {
  readonly version: LoadedVersion;
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
}): Plan {
  const { version, step, firstCohort, now } = options;
  const stays = options.stays === true;
  const moves: Move[] = [];
  const path: PathEntry[] = [];
  const finished: Finished[] = [];
  const counts: CountDeltas = new Map();
  const released: string[] = [];
  const sizes = new Map<number, number>();
  let parked = 0;
  let ended = 0;
  let failed = 0;

  const sleepers = options.wakeUps ?? wakeUps(options.decided, now);
  const inRunSleep = sleepers.size <= mostWakeUps;
  const sleeping = new Map<number, { cohort: number; outlet: number; size: number; until: number }>();

  for (const { row, decision } of options.decided) {
    let hop = row.hop;
    if (row.asleep !== null) {
      leave(row, stepAt(version, row.asleep.step), row.asleep.outlet, hop, null, row.eventId);
      hop += 1;
      if (step !== null) count(counts, step.id, 'entered');
    }
    if (step === null) {
      finish(row, row.asleep?.step ?? 0, 'finished', null);
      continue;
    }
    if (stays) count(counts, step.id, 'entered');
    decide(row, step, hop, decision);
  }

  return {
    moves,
    path,
    finished,
    counts,
    released,
    result: {
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
      sleeping: [...sleeping.values()].map((entry) => {
        const to = outletAt(step, entry.outlet).to;
        return {
          cohort: entry.cohort,
          until: entry.until,
          size: entry.size,
          nextStep: to ?? -1,
          label: labelOf(version, to),
        };
      }),
      parked,
      ended,
      failed,
      held: 0,
    },
  };

  function decide(row: CohortRow, at: LoadedStep, hop: number, decision: Decision): void {
    switch (decision.kind) {
      case 'next':
        proceed(row, at, outletIndex(at, decision.outlet), hop, decision.reason ?? null);
        return;
      case 'sleep':
        sleep(row, at, hop, decision.until, outletIndex(at, decision.outlet), decision.reason ?? null);
        return;
      case 'wait': {
        if (decision.event === 'message.received' && row.heldEventId !== null) {
          proceed(
            { ...row, eventId: row.heldEventId, heldEventId: null, listening: false },
            at,
            outletIndex(at, decision.outlets.arrived),
            hop,
            null,
          );
          return;
        }
        const long = decision.until.getTime() - now.getTime() > longestTimerMs;
        park(row, at, hop, {
          waitingEvent: decision.event,
          listening: decision.event !== 'message.received' && row.listening,
          dueAt: long ? ceilMinute(decision.until) : decision.until,
          dueOutlet: outletIndex(at, decision.outlets.timeout),
          arrivedOutlet: outletIndex(at, decision.outlets.arrived),
        });
        return;
      }
      case 'settle':
        if (row.heldEventId !== null) released.push(row.heldEventId);
        if (options.goesOn === true) {
          const sent = outletIndex(at, decision.outlets.sent);
          proceed({ ...row, heldEventId: null, listening: at.listens }, at, sent, hop, null);
          return;
        }
        park({ ...row, heldEventId: null }, at, hop, {
          waitingMessageId: decision.messageId,
          arrivedOutlet: outletIndex(at, decision.outlets.sent),
          dueOutlet: outletIndex(at, decision.outlets.notSent),
          listening: at.listens,
        });
        return;
      case 'end':
        path.push({
          enrollmentId: row.id,
          hop,
          step: at.rank,
          outlet: null,
          eventId: row.eventId,
          reason: decision.reason,
        });
        count(counts, at.id, 'left');
        finish(row, at.rank, 'finished', decision.reason);
        return;
      case 'fail':
        path.push({
          enrollmentId: row.id,
          hop,
          step: at.rank,
          outlet: null,
          eventId: row.eventId,
          reason: decision.reason,
        });
        count(counts, at.id, 'failed');
        finish(row, at.rank, 'failed', decision.reason);
    }
  }

  function leave(
    row: CohortRow,
    from: LoadedStep,
    outlet: number,
    hop: number,
    reason: Reason | null,
    eventId: string | null,
  ): void {
    path.push({ enrollmentId: row.id, hop, step: from.rank, outlet, eventId, reason });
    count(counts, from.id, 'left');
    count(counts, from.id, `out:${outletAt(from, outlet).id}`);
  }

  function proceed(row: CohortRow, at: LoadedStep, outlet: number, hop: number, reason: Reason | null): void {
    leave(row, at, outlet, hop, reason, row.eventId);
    const to = stays ? at.rank : outletAt(at, outlet).to;
    if (to === null) {
      finish(row, at.rank, 'finished', null);
      return;
    }
    if (!stays) count(counts, stepAt(version, to).id, 'entered');
    if (options.ahead?.has(row.id) === true) return;
    sizes.set(outlet, (sizes.get(outlet) ?? 0) + 1);
    moves.push({
      ...standing(row, hop + 1),
      state: positionState.ready,
      inRun: true,
      cohort: firstCohort + outlet,
      step: to,
    });
  }

  function sleep(
    row: CohortRow,
    at: LoadedStep,
    hop: number,
    until: Date,
    outlet: number,
    reason: Reason | null,
  ): void {
    const ms = until.getTime();
    if (ms <= now.getTime()) {
      proceed(row, at, outlet, hop, reason);
      return;
    }
    if (stays || !inRunSleep || ms - now.getTime() > longestTimerMs) {
      // A reply to the message before is kept for the wait that comes after.
      park(row, at, hop, { dueAt: ceilMinute(until), dueOutlet: outlet, listening: row.listening });
      return;
    }
    const cohort = firstCohort + at.outlets.length + (sleepers.get(ms) ?? 0);
    const entry = sleeping.get(cohort) ?? { cohort, outlet, size: 0, until: ms };
    entry.size += 1;
    sleeping.set(cohort, entry);
    moves.push({
      ...standing(row, hop),
      state: positionState.asleep,
      inRun: true,
      cohort,
      step: at.rank,
      dueAt: until,
      dueOutlet: outlet,
    });
  }

  function park(row: CohortRow, at: LoadedStep, hop: number, waits: Partial<Move>): void {
    parked += 1;
    moves.push({
      ...standing(row, hop),
      listening: false,
      ...waits,
      state: positionState.parked,
      inRun: stays,
      cohort: stays ? firstCohort : 0,
      step: at.rank,
    });
  }

  function finish(row: CohortRow, rank: number, outcome: Finished['outcome'], reason: Reason | null): void {
    if (outcome === 'failed') failed += 1;
    else ended += 1;
    finished.push({ id: row.id, outcome, step: rank, reason });
  }
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
