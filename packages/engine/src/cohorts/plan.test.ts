import { type Decision, end, fail, next, sleepUntil, untilSettled, waitFor } from '@signalbox/nodes/define/decision';
import { flow } from '@signalbox/nodes/flow/builder';
import { end as endStep } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { describe, expect, test } from 'vitest';
import { positionState } from '../db/states.ts';
import { personAt, stepOf, versionOf } from './cohort-case.ts';
import type { CohortRow } from './cohort-rows.ts';
import { mergePlans, planStep } from './plan.ts';
import type { Move, Plan, PlanOptions } from './plan-types.ts';

/** event → ask → answer (or timeout) → rest → done, and a branch with a free way out. */
function sampleFlow() {
  const w = flow('Sample');
  const start = w.step('start', apiEvent, { event: 'order.placed' });
  const ask = w.step('ask', sendSms, { text: 'Well?' });
  const answer = w.step('answer', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const rest = w.step('rest', wait, { duration: { amount: 10, unit: 'minutes' } });
  const choose = w.step('choose', branch, {
    branches: [{ id: 'known', label: 'Known', condition: { field: 'contact.first_name', op: 'is_set' } }],
  });
  start.to('next', ask);
  ask.to('sent', answer);
  answer.to('replied', rest).to('timeout', choose);
  rest.to('done', choose);
  choose.to('known', w.step('done', endStep, {}));
  return w.graph();
}

const version = versionOf(sampleFlow());
const now = new Date('2026-03-02T15:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const minute = 60_000;
const firstCohort = 10;

function planAt(stepId: string, decision: Decision, row: CohortRow, options: Partial<PlanOptions> = {}): Plan {
  const decided = [{ row, decision, thrown: false }];
  return planStep({ version, step: stepOf(version, stepId), decided, firstCohort, now, ...options });
}

/** What a plan comes to for one person. */
type PlanCase = {
  readonly name: string;
  readonly step: string;
  readonly decision: Decision;
  readonly row?: Partial<CohortRow>;
  readonly options?: Partial<PlanOptions>;
  readonly move?: Partial<Move>;
  readonly finished?: { readonly outcome: string };
  readonly counts: Readonly<Record<string, number>>;
  readonly returnedTexts?: readonly string[];
  readonly result: Partial<Plan['result']>;
};

const cases: readonly PlanCase[] = [
  {
    name: 'next: leaves by the outlet and stands ready before what follows, in the cohort of the outlet',
    step: 'answer',
    decision: next('timeout'),
    move: { state: positionState.ready, inRun: true, cohort: 11, step: stepOf(version, 'choose').rank, hop: 4 },
    counts: { 'answer left': 1, 'answer out:timeout': 1, 'choose entered': 1 },
    result: {
      outlets: [
        { outlet: 'timeout', cohort: 11, size: 1, nextStep: stepOf(version, 'choose').rank, label: 'branch choose' },
      ],
    },
  },
  {
    name: 'next by an outlet that leads nowhere: the enrollment is finished',
    step: 'choose',
    decision: next('else'),
    finished: { outcome: 'finished' },
    counts: { 'choose left': 1, 'choose out:else': 1 },
    result: { outlets: [], ended: 1 },
  },
  {
    name: 'sleep within an hour: a timer of the run, in a cohort after the outlets',
    step: 'rest',
    decision: sleepUntil(after(10 * minute), 'done'),
    move: { state: positionState.asleep, inRun: true, cohort: 11, dueOutlet: 0, dueAt: after(10 * minute), hop: 3 },
    counts: {},
    result: { sleeping: [expect.objectContaining({ cohort: 11, size: 1, until: after(10 * minute).getTime() })] },
  },
  {
    name: 'sleep that is over already: goes on at once',
    step: 'rest',
    decision: sleepUntil(after(0), 'done'),
    move: { state: positionState.ready, cohort: 10, hop: 4 },
    counts: { 'rest left': 1, 'rest out:done': 1, 'choose entered': 1 },
    result: { sleeping: [] },
  },
  {
    name: 'sleep over an hour: parks until a whole minute and keeps no run',
    step: 'rest',
    decision: sleepUntil(after(90 * minute + 1), 'done'),
    row: { listening: true },
    move: { state: positionState.parked, inRun: false, cohort: 0, dueAt: after(91 * minute), listening: true },
    counts: {},
    result: { parked: 1 },
  },
  {
    name: 'sleep of a code flow: stays in its run, parked in the cohort that the call named',
    step: 'rest',
    decision: sleepUntil(after(10 * minute), 'done'),
    options: { stays: true },
    move: { state: positionState.parked, inRun: true, cohort: 10, dueOutlet: 0 },
    counts: { 'rest entered': 1 },
    result: { parked: 1 },
  },
  {
    name: 'wait: parks on the event and its end, whichever comes first',
    step: 'answer',
    decision: waitFor('message.received', after(5 * minute), { arrived: 'replied', timeout: 'timeout' }),
    row: { listening: true },
    move: {
      state: positionState.parked,
      waitingEvent: 'message.received',
      arrivedOutlet: 0,
      dueOutlet: 1,
      dueAt: after(5 * minute),
      listening: false,
    },
    counts: {},
    result: { parked: 1 },
  },
  {
    name: 'wait for a reply that was faster: leaves at once with it',
    step: 'answer',
    decision: waitFor('message.received', after(5 * minute), { arrived: 'replied', timeout: 'timeout' }),
    row: { keptReplyId: 'reply', listening: true },
    move: { state: positionState.ready, cohort: 10, eventId: 'reply', keptReplyId: null, listening: false },
    counts: { 'answer left': 1, 'answer out:replied': 1, 'rest entered': 1 },
    result: { parked: 0 },
  },
  {
    name: 'wait for another event: a reply goes on being listened for',
    step: 'answer',
    decision: waitFor('custom.order.paid', after(90 * minute), { arrived: 'replied', timeout: 'timeout' }),
    row: { listening: true },
    move: { waitingEvent: 'custom.order.paid', listening: true, dueAt: after(90 * minute) },
    counts: {},
    result: { parked: 1 },
  },
  {
    name: 'settle: parks on the message, listening where a wait for a reply follows',
    step: 'ask',
    decision: untilSettled('message', { sent: 'sent', notSent: 'not_sent' }),
    move: { state: positionState.parked, waitingMessageId: 'message', arrivedOutlet: 0, dueOutlet: 1, listening: true },
    counts: {},
    result: { parked: 1 },
  },
  {
    name: 'settle with a reply still kept: it is routed on, nobody answers the message before any more',
    step: 'ask',
    decision: untilSettled('message', { sent: 'sent', notSent: 'not_sent' }),
    row: { keptReplyId: 'reply' },
    move: { keptReplyId: null },
    returnedTexts: ['reply'],
    counts: {},
    result: { parked: 1 },
  },
  {
    name: 'settle that nobody waits for: leaves as sent at once',
    step: 'ask',
    decision: untilSettled('message', { sent: 'sent', notSent: 'not_sent' }),
    options: { goesOn: true },
    move: { state: positionState.ready, cohort: 10, listening: true, hop: 4 },
    counts: { 'ask left': 1, 'ask out:sent': 1, 'answer entered': 1 },
    result: { parked: 0 },
  },
  {
    name: 'end: the enrollment is finished with its reason',
    step: 'done',
    decision: end({ code: 'reached_end' }),
    finished: { outcome: 'finished' },
    counts: { 'done left': 1 },
    result: { ended: 1, failed: 0 },
  },
  {
    name: 'fail: the person failed, and nobody else',
    step: 'ask',
    decision: fail({ code: 'message_empty' }),
    finished: { outcome: 'failed' },
    counts: { 'ask failed': 1 },
    result: { ended: 0, failed: 1 },
  },
  {
    name: 'woken from a sleep: leaves the step before first, then decides here',
    step: 'choose',
    decision: next('known'),
    row: { asleep: { step: stepOf(version, 'rest').rank, outlet: 0 } },
    move: { hop: 5, step: stepOf(version, 'done').rank },
    counts: {
      'rest left': 1,
      'rest out:done': 1,
      'choose entered': 1,
      'choose left': 1,
      'choose out:known': 1,
      'done entered': 1,
    },
    result: {},
  },
  {
    name: 'someone who goes on in the same call: leaves here and stands nowhere yet',
    step: 'choose',
    decision: next('known'),
    options: { ahead: new Set(['person']) },
    counts: { 'choose left': 1, 'choose out:known': 1, 'done entered': 1 },
    result: { outlets: [] },
  },
  {
    name: 'a code flow: stays at the step, ready in the cohort of the outlet',
    step: 'choose',
    decision: next('known'),
    options: { stays: true },
    move: { state: positionState.ready, inRun: true, cohort: 10, step: stepOf(version, 'choose').rank },
    counts: { 'choose entered': 1, 'choose left': 1, 'choose out:known': 1 },
    result: {},
  },
];

describe('a step’s decisions as a plan', () => {
  test.each(cases)('$name', ({ step, decision, row, options, move, finished, counts, returnedTexts, result }) => {
    const plan = planAt(step, decision, personAt('person', row), options);
    expect(plan.moves).toEqual(move === undefined ? [] : [expect.objectContaining({ id: 'person', ...move })]);
    expect(plan.finished).toEqual(
      finished === undefined ? [] : [expect.objectContaining({ id: 'person', ...finished })],
    );
    expect(
      Object.fromEntries([...plan.counts.values()].map(({ stepId, metric, n }) => [`${stepId} ${metric}`, n])),
    ).toEqual(counts);
    expect(plan.returnedTexts).toEqual(returnedTexts ?? []);
    expect(plan.result).toMatchObject(result);
  });

  test('every kind of decision has a case', () => {
    const kinds: ReadonlyArray<Decision['kind']> = ['next', 'sleep', 'wait', 'settle', 'end', 'fail'];
    expect([...new Set(cases.map(({ decision }) => decision.kind))].sort()).toEqual([...kinds].sort());
  });

  test('an outlet that the step does not have is the node’s fault', () => {
    expect(() => planAt('choose', next('nowhere'), personAt('person'))).toThrow('left by outlet nowhere');
  });

  test('more wake-ups than a run keeps: everybody parks', () => {
    const decided = Array.from({ length: 17 }, (_, index) => ({
      row: personAt(`person ${index}`),
      decision: sleepUntil(after((index + 1) * minute), 'done'),
      thrown: false,
    }));
    const plan = planStep({ version, step: stepOf(version, 'rest'), decided, firstCohort, now });
    expect(plan.result).toMatchObject({ parked: 17, sleeping: [] });
  });

  test('people woken at an outlet that leads nowhere are done', () => {
    const row = personAt('person', { asleep: { step: stepOf(version, 'choose').rank, outlet: 1 } });
    const decided = [{ row, decision: end({ code: 'end_of_line' }), thrown: false }];
    const plan = planStep({ version, step: null, decided, firstCohort, now });
    expect(plan.finished).toEqual([expect.objectContaining({ id: 'person', outcome: 'finished', reason: null })]);
  });

  test('the plans of a call’s stages add up', () => {
    const one = planAt('choose', next('known'), personAt('a'));
    const other = planAt('choose', next('else'), personAt('b'));
    const both = mergePlans([one, other]);
    expect(both.moves.map(({ id }) => id)).toEqual(['a']);
    expect(both.finished.map(({ id }) => id)).toEqual(['b']);
    expect(
      both.counts.get('choose left') ?? [...both.counts.values()].find(({ metric }) => metric === 'left'),
    ).toMatchObject({ n: 2 });
    expect(both.result).toMatchObject({ ended: 1, outlets: one.result.outlets });
  });
});
