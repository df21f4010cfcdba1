import { type Decision, fail, next, sleepUntil } from '@signalbox/nodes/define/decision';
import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { checkConsent } from '@signalbox/nodes/library/people/check-consent';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { describe, expect, test } from 'vitest';
import type { LoadedStep } from '../versions/version-cache.ts';
import { personAt, stepOf, versionOf } from './cohort-case.ts';
import type { CohortRow } from './cohort-rows.ts';
import { runAhead } from './run-ahead.ts';

const known = { id: 'known', label: 'Known', condition: { field: 'contact.first_name', op: 'is_set' } } as const;

/** event → check → (yes) choose → (known) hello, (else) note → hello; (no) hello. */
function sampleFlow() {
  const w = flow('Sample');
  const start = w.step('start', apiEvent, { event: 'order.placed' });
  const check = w.step('check', checkConsent, {});
  const choose = w.step('choose', branch, { branches: [known] });
  const note = w.step('note', updateContact, { assignments: [{ field: 'attributes.seen', value: 'yes' }] });
  const hello = w.step('hello', sendSms, { text: 'Hello' });
  start.to('next', check);
  check.to('yes', choose).to('no', hello);
  choose.to('known', hello).to('else', note);
  note.to('next', hello);
  return w.graph();
}

const version = versionOf(sampleFlow());
const now = new Date('2026-03-02T15:00:00Z');

/** How far two people get in one call, whose nodes decide as the table says. */
type AheadCase = {
  readonly name: string;
  readonly first: readonly [Decision, Decision];
  readonly later?: Readonly<Record<string, Decision>>;
  readonly refuses?: string;
  /** Steps of the call, each with who is decided for there and who goes on. */
  readonly stages: ReadonlyArray<readonly [step: string, people: readonly string[], ahead: readonly string[]]>;
  readonly discarded?: readonly string[];
};

const cases: readonly AheadCase[] = [
  {
    name: 'people who meet again at a later step are one group there',
    first: [next('yes'), next('no')],
    later: { choose: next('known'), hello: next('sent') },
    stages: [
      ['check', ['a', 'b'], ['a', 'b']],
      ['choose', ['a'], ['a']],
      ['hello', ['b', 'a'], []],
    ],
  },
  {
    name: 'never into a step that writes contacts: its locks come first',
    first: [next('yes'), next('yes')],
    later: { choose: next('else') },
    stages: [
      ['check', ['a', 'b'], ['a', 'b']],
      ['choose', ['a', 'b'], []],
    ],
  },
  {
    name: 'someone who stays is left where they are',
    first: [sleepUntil(new Date('2026-03-02T15:10:00Z'), 'yes'), next('no')],
    later: { hello: next('sent') },
    stages: [
      ['check', ['a', 'b'], ['b']],
      ['hello', ['b'], []],
    ],
  },
  {
    name: 'a step whose people fail for one common reason gets a call of its own',
    first: [next('yes'), next('yes')],
    later: { choose: fail({ code: 'node_threw' }) },
    refuses: 'choose',
    stages: [['check', ['a', 'b'], []]],
    discarded: ['a', 'b'],
  },
];

describe('running ahead', () => {
  test.each(cases)('$name', async ({ first, later = {}, refuses, stages, discarded = [] }) => {
    const dropped: string[] = [];
    let at = '';
    const decide = async (step: LoadedStep, rows: readonly CohortRow[]) => {
      at = step.id;
      return rows.map((row) => ({ row, decision: later[step.id] ?? next('next'), thrown: false }));
    };
    const made = await runAhead({
      version,
      first: {
        step: stepOf(version, 'check'),
        decided: [
          { row: personAt('a'), decision: first[0], thrown: false },
          { row: personAt('b'), decision: first[1], thrown: false },
        ],
        firstCohort: 0,
      },
      decide,
      now,
      refuses: () => at === refuses,
      discard: (row) => void dropped.push(row.id),
    });
    expect(made.map(({ step, decided, ahead }) => [step.id, decided.map(({ row }) => row.id), [...ahead]])).toEqual(
      stages,
    );
    expect(dropped).toEqual(discarded);
  });

  test('cohorts of later stages are numbered after those of earlier ones, and hops go on', async () => {
    const [, choose, hello] = await runAhead({
      version,
      first: {
        step: stepOf(version, 'check'),
        decided: [{ row: personAt('a'), decision: next('yes'), thrown: false }],
        firstCohort: 5,
      },
      decide: async (step, rows) =>
        rows.map((row) => ({ row, decision: next(step.id === 'choose' ? 'known' : 'sent'), thrown: false })),
      now,
      refuses: () => false,
      discard: () => undefined,
    });
    expect([choose?.firstCohort, hello?.firstCohort]).toEqual([7, 9]);
    expect([choose?.decided[0]?.row.hop, hello?.decided[0]?.row.hop]).toEqual([4, 5]);
  });
});
