import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

type Case = {
  readonly word: string;
  readonly waiting: boolean;
  /** What the person is before the word; `asked` waits in a flow that never recorded consent. */
  readonly before: 'new' | 'asked' | 'consented' | 'suppressed';
  readonly handledBy: 'compliance' | 'reply' | 'unhandled';
  readonly suppressedAfter: boolean;
  /** Answers to the word alone; to a compliance word, from us and the carrier together. */
  readonly answers: number;
};

const cases: readonly Case[] = [
  ...['STOP', 'END', 'CANCEL'].flatMap((word): Case[] => [
    { word, waiting: false, before: 'consented', handledBy: 'compliance', suppressedAfter: true, answers: 1 },
    { word, waiting: true, before: 'consented', handledBy: 'compliance', suppressedAfter: true, answers: 1 },
    { word, waiting: false, before: 'new', handledBy: 'compliance', suppressedAfter: true, answers: 1 },
    { word, waiting: false, before: 'suppressed', handledBy: 'compliance', suppressedAfter: true, answers: 0 },
  ]),
  ...['START', 'UNSTOP', 'YES'].flatMap((word): Case[] => [
    { word, waiting: false, before: 'suppressed', handledBy: 'compliance', suppressedAfter: false, answers: 1 },
    // Nobody asked: a late yes to something else is no consent.
    word === 'YES'
      ? { word, waiting: false, before: 'new', handledBy: 'unhandled', suppressedAfter: false, answers: 0 }
      : { word, waiting: false, before: 'new', handledBy: 'compliance', suppressedAfter: false, answers: 1 },
    { word, waiting: false, before: 'consented', handledBy: 'unhandled', suppressedAfter: false, answers: 0 },
    { word, waiting: true, before: 'consented', handledBy: 'reply', suppressedAfter: false, answers: 1 },
    { word, waiting: true, before: 'asked', handledBy: 'reply', suppressedAfter: false, answers: 1 },
  ]),
  // Nobody but us reads these as opting out: the carrier knows its words as whole texts only.
  ...['Stop.', 'opt out', 'please stop texting me'].flatMap((word): Case[] => [
    { word, waiting: true, before: 'consented', handledBy: 'compliance', suppressedAfter: true, answers: 1 },
    { word, waiting: false, before: 'suppressed', handledBy: 'compliance', suppressedAfter: true, answers: 0 },
  ]),
  { word: 'HELP', waiting: false, before: 'consented', handledBy: 'compliance', suppressedAfter: false, answers: 1 },
  { word: 'HELP', waiting: false, before: 'new', handledBy: 'compliance', suppressedAfter: false, answers: 1 },
  { word: 'HELP', waiting: true, before: 'consented', handledBy: 'compliance', suppressedAfter: false, answers: 1 },
  { word: 'HELP', waiting: false, before: 'suppressed', handledBy: 'compliance', suppressedAfter: true, answers: 1 },
];

/** Asks something without ever recording consent, which a transactional text may do. */
function questionFlow() {
  const w = flow('Question');
  const ask = w.step('ask', keyword, { keywords: ['ASK'] });
  const question = w.step('question', sendSms, { text: 'Is the delivery at noon fine?', purpose: 'transactional' });
  const wait = w.step('wait', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const thanks = w.step('thanks', sendSms, { text: 'Thanks, noted.', purpose: 'transactional' });
  ask.to('next', question);
  question.to('sent', wait);
  wait.to('replied', thanks);
  return w.graph();
}

describe.each(['signalbox', 'carrier'] as const)('where the account says that %s answers', (handling) => {
  let harness: Harness;
  let next = handling === 'carrier' ? 500 : 0;
  beforeAll(async () => {
    harness = await startHarness({ optOut: handling });
    await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
    await harness.publish('Question', questionFlow());
  });
  afterAll(() => harness.close());

  const messages = (number: string) =>
    harness.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select(['direction', 'body', 'handled_by', 'state', 'reason'])
        .where('number', '=', number)
        .orderBy('id')
        .execute(),
    );
  const suppressed = async (number: string) =>
    (
      await harness.inTx((tx) =>
        tx.selectFrom('numbers').select('suppressed_at').where('number', '=', number).executeTakeFirst(),
      )
    )?.suppressed_at != null;
  const settled = (number: string) =>
    until('messages to settle', async () =>
      (await messages(number)).every((message) => message.direction === 'in' || message.state !== 'queued'),
    );
  const text = async (number: string, body: string) => {
    const before = (await messages(number)).filter((message) => message.direction === 'in').length;
    harness.carrier.text(number, businessNumber, body);
    await until('the text', async () => {
      const now = (await messages(number)).filter((message) => message.direction === 'in');
      return now.length > before && now.every((message) => message.handled_by !== null);
    });
  };

  const carrierAnswers = (number: string): number =>
    harness.carrier.ledger.messages.filter((message) => message.origin === 'carrier' && message.to === number).length;

  // Each is somebody of their own, and waits for most of its time.
  test.concurrent.each(cases)(
    '$word from someone $before, waiting $waiting',
    async ({ word, waiting, before, handledBy, suppressedAfter, answers }) => {
      next += 1;
      const person = phone(next);
      if (before !== 'new') {
        await text(person, before === 'asked' ? 'ask' : 'join');
        await until('the wait', async () => {
          const row = await harness.inTx((tx) =>
            tx
              .selectFrom('enrollments')
              .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
              .select('waiting_event')
              .where('phone', '=', person)
              .executeTakeFirst(),
          );
          return row?.waiting_event === 'message.received';
        });
        if (before === 'suppressed') await text(person, 'stop');
        else if (!waiting) {
          await text(person, 'no thanks');
          await until('the enrollment to end', async () => {
            const left = await harness.inTx((tx) =>
              tx
                .selectFrom('enrollments')
                .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
                .select('hop')
                .where('phone', '=', person)
                .execute(),
            );
            return left.length === 0;
          });
        }
        await settled(person);
      }
      const earlier = (await messages(person)).length;
      const carrierBefore = carrierAnswers(person);
      await text(person, word);
      await settled(person);
      if (handledBy === 'reply')
        await until('the answer', async () =>
          (await messages(person))
            .slice(earlier)
            .some((message) => message.direction === 'out' && message.state !== 'queued'),
        );
      const fresh = (await messages(person)).slice(earlier);
      expect(fresh.find((message) => message.direction === 'in')?.handled_by).toBe(handledBy);
      expect(await suppressed(person)).toBe(suppressedAfter);
      const ours = fresh.filter((message) => message.direction === 'out');
      const carriers = carrierAnswers(person) - carrierBefore;
      expect(ours.length + (handledBy === 'compliance' ? carriers : 0)).toBe(answers);
      if (handling === 'signalbox') expect(carriers).toBe(0);
      expect(ours.every((message) => ['accepted', 'delivered'].includes(message.state))).toBe(true);
      if (suppressedAfter && word !== 'HELP') {
        const left = await harness.inTx((tx) =>
          tx
            .selectFrom('enrollments')
            .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
            .select('hop')
            .where('phone', '=', person)
            .execute(),
        );
        expect(left).toEqual([]);
      }
    },
  );

  test('Yes from someone whom nobody asked grants nothing', async () => {
    next += 1;
    const person = phone(next);
    await text(person, 'Yes');
    const granted = await harness.inTx((tx) =>
      tx
        .selectFrom('consents')
        .innerJoin('contacts', 'contacts.id', 'consents.contact_id')
        .select('state')
        .where('phone', '=', person)
        .execute(),
    );
    expect(granted).toEqual([]);
    expect((await messages(person)).map(({ handled_by }) => handled_by)).toEqual(['unhandled']);
  });

  test('a late Yes from a stranger who had texted STOP takes back the STOP and grants nothing', async () => {
    next += 1;
    const person = phone(next);
    await text(person, 'STOP');
    expect(await suppressed(person)).toBe(true);
    await text(person, 'Yes');
    expect(await suppressed(person)).toBe(false);
    const granted = await harness.inTx((tx) =>
      tx
        .selectFrom('consent_ledger')
        .innerJoin('contacts', 'contacts.id', 'consent_ledger.contact_id')
        .select('purpose')
        .where('phone', '=', person)
        .where('action', '=', 'granted')
        .execute(),
    );
    expect(granted).toEqual([]);
  });

  test('a repeated STOP is confirmed once, and nothing is sent until START', async () => {
    next += 1;
    const person = phone(next);
    await text(person, 'stop');
    await text(person, 'STOP');
    await settled(person);
    const confirmations = (await messages(person)).filter((message) => message.direction === 'out');
    expect(confirmations).toHaveLength(handling === 'signalbox' ? 1 : 0);
    await text(person, 'join');
    await until('the enrollment to end', async () => {
      const ended = await harness.inTx((tx) =>
        tx
          .selectFrom('enrollment_history')
          .innerJoin('contacts', 'contacts.id', 'enrollment_history.contact_id')
          .select('outcome')
          .where('phone', '=', person)
          .execute(),
      );
      return ended.length === 1;
    });
    expect((await messages(person)).filter((message) => message.direction === 'out')).toHaveLength(
      confirmations.length,
    );
  });

  if (handling === 'carrier') {
    test('a carrier that refuses with 21610 is believed: the number is suppressed', async () => {
      next += 1;
      const person = phone(next);
      harness.carrier.ledger.setBlocked(businessNumber, person, true, 0);
      await text(person, 'join');
      await until('the suppression', () => suppressed(person));
      // The opt-out is stored before the refusal that told of it.
      const sent = async () => (await messages(person)).filter((message) => message.direction === 'out');
      const out = await until('the refusal', async () => {
        const rows = await sent();
        return rows.every((message) => message.state !== 'queued') ? rows : null;
      });
      expect(out.map((message) => [message.state, message.reason])).toEqual([
        ['failed', { code: 'provider_opted_out', values: { provider_code: '21610' } }],
      ]);
    });
  }

  // The last of them: it takes the numbers away.
  test('STOP is heard without any number to answer from, and is not answered', async () => {
    next += 1;
    const person = phone(next);
    await harness.inTx((tx) => tx.deleteFrom('senders').where('workspace_id', '=', harness.workspaceId).execute());
    await text(person, 'STOP');
    expect(await suppressed(person)).toBe(true);
    expect((await messages(person)).map(({ handled_by, direction }) => [handled_by, direction])).toEqual([
      ['compliance', 'in'],
    ]);
  });
});
