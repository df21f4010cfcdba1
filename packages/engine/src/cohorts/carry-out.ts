import type { Decision, Reason } from '@signalbox/nodes/define/decision';
import { positionState } from '../db/states.ts';
import { type CountDeltas, count } from '../versions/counts.ts';
import { type LoadedStep, stepAt } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';
import { outletAt, outletIndex } from './outlets.ts';
import type { Move, PlanOptions } from './plan-types.ts';
import type { Finished, PathEntry } from './positions.ts';
import { ceilMinute, longestTimerMs, mostWakeUps } from './wake-ups.ts';

/** A plan in the making: what one decision after another adds. */
export type PlanDraft = {
  readonly options: PlanOptions;
  readonly now: Date;
  readonly stays: boolean;
  readonly sleepers: ReadonlyMap<number, number>;
  readonly moves: Move[];
  readonly path: PathEntry[];
  readonly finished: Finished[];
  readonly counts: CountDeltas;
  readonly returnedTexts: string[];
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

/** Adds what follows from one decision: where the person stands next, or that they are done. */
export function carryOut(draft: PlanDraft, row: CohortRow, at: LoadedStep, hop: number, decision: Decision): void {
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

/** The person leaves a step by an outlet. */
export function leave(
  draft: PlanDraft,
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
  draft: PlanDraft,
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

function sleep(draft: PlanDraft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'sleep'>): void {
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

function wait(draft: PlanDraft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'wait'>): void {
  const arrived = outletIndex(at, decision.outlets.arrived);
  const isReply = decision.event === 'message.received';
  if (isReply && row.keptReplyId !== null) {
    const answered = { ...row, eventId: row.keptReplyId, keptReplyId: null, listening: false };
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

function settle(draft: PlanDraft, row: CohortRow, at: LoadedStep, hop: number, decision: Of<'settle'>): void {
  if (row.keptReplyId !== null) draft.returnedTexts.push(row.keptReplyId);
  const sent = outletIndex(at, decision.outlets.sent);
  if (draft.options.goesOn === true) {
    proceed(draft, { ...row, keptReplyId: null, listening: at.listens }, at, sent, hop, null);
    return;
  }
  park(draft, { ...row, keptReplyId: null }, at, hop, {
    waitingMessageId: decision.messageId,
    arrivedOutlet: sent,
    dueOutlet: outletIndex(at, decision.outlets.notSent),
    listening: at.listens,
  });
}

function stopHere(
  draft: PlanDraft,
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

function park(draft: PlanDraft, row: CohortRow, at: LoadedStep, hop: number, waits: Partial<Move>): void {
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

/** The person's enrollment is over. */
export function finish(
  draft: PlanDraft,
  row: CohortRow,
  rank: number,
  outcome: Finished['outcome'],
  reason: Reason | null,
): void {
  if (outcome === 'failed') draft.failed += 1;
  else draft.ended += 1;
  draft.finished.push({ id: row.id, outcome, step: rank, reason });
}

function standing(row: CohortRow, hop: number) {
  return {
    id: row.id,
    hop,
    eventId: row.eventId,
    keptReplyId: row.keptReplyId,
    listening: row.listening,
    dueAt: null,
    dueOutlet: null,
    arrivedOutlet: null,
    waitingEvent: null,
    waitingMessageId: null,
  };
}
