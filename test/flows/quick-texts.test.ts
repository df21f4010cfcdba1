import { positionState } from '@signalbox/engine/db/states';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

/** Two questions, one after the other, and people who answer the first in two texts. */
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  const w = flow('Two questions');
  const start = w.step('start', keyword, { keywords: ['QUIZ'] });
  const first = w.step('first', sendSms, { text: 'How many?', purpose: 'transactional' });
  const answer = w.step('answer', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const second = w.step('second', sendSms, { text: 'Which colour?', purpose: 'transactional' });
  const colour = w.step('colour', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  const thanks = w.step('thanks', sendSms, { text: 'You said {{ reply.text }}.', purpose: 'transactional' });
  start.to('next', first);
  first.to('sent', answer);
  answer.to('replied', second);
  second.to('sent', colour);
  colour.to('replied', thanks);
  await harness.publish('Two questions', w.graph());
});
afterAll(() => harness.close());

const messages = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['direction', 'body', 'handled_by', 'accepted_at', 'created_at'])
      .where('number', '=', number)
      .orderBy('id')
      .execute(),
  );
const sent = async (number: string) =>
  (await messages(number)).filter(({ direction }) => direction === 'out').map(({ body }) => body);

async function text(number: string, body: string): Promise<void> {
  const before = (await messages(number)).length;
  harness.carrier.text(number, businessNumber, body);
  await until('the text', async () => (await messages(number)).slice(before).some((row) => row.handled_by !== null));
}

/** Someone who waits at a question, parked. */
async function waitsAfter(number: string, count: number): Promise<void> {
  await until('the wait', async () => {
    const row = await harness.inTx((tx) =>
      tx
        .selectFrom('enrollments')
        .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
        .select('waiting_event')
        .where('phone', '=', number)
        .executeTakeFirst(),
    );
    return (await sent(number)).length === count && row?.waiting_event === 'message.received';
  });
}

/** Lets the messages of a person lie further back, as if time had passed. */
async function goBack(number: string, seconds: number): Promise<void> {
  for (const { created_at, accepted_at, direction } of await messages(number)) {
    const back = (at: Date) => new Date(at.getTime() - seconds * 1_000);
    await harness.inTx((tx) =>
      tx
        .updateTable('messages')
        .set({ created_at: back(created_at), accepted_at: accepted_at === null ? null : back(accepted_at) })
        .where('number', '=', number)
        .where('direction', '=', direction)
        .where('created_at', '=', created_at)
        .execute(),
    );
  }
}

test('the second half of an answer does not answer the next question, which nobody has read', async () => {
  const person = phone(1);
  await text(person, 'quiz');
  await waitsAfter(person, 1);
  await text(person, '2');
  await waitsAfter(person, 2);
  // However long the machine takes: the answer and the next question are of this moment, or yet to come.
  const soon = new Date(Date.now() + 60_000);
  for (const [body, set] of [
    ['2', { created_at: soon }],
    ['Which colour?', { accepted_at: soon }],
  ] as const) {
    await harness.inTx((tx) =>
      tx.updateTable('messages').set(set).where('number', '=', person).where('body', '=', body).execute(),
    );
  }
  await text(person, 'please');
  expect((await messages(person)).at(-1)).toMatchObject({ body: 'please', handled_by: 'reply' });
  expect(await sent(person)).toEqual(['How many?', 'Which colour?']);
  await goBack(person, 600);
  await text(person, 'blue');
  await until('the thanks', async () => (await sent(person)).length === 3);
  expect((await sent(person)).at(-1)).toBe('You said blue.');
});

test('a lone quick reply still counts', async () => {
  const person = phone(2);
  await text(person, 'quiz');
  await waitsAfter(person, 1);
  await text(person, '2');
  await waitsAfter(person, 2);
  await harness.inTx((tx) =>
    tx
      .updateTable('messages')
      .set({ created_at: new Date(Date.now() - 4_000) })
      .where('number', '=', person)
      .where('body', '=', '2')
      .execute(),
  );
  await text(person, 'red');
  await until('the thanks', async () => (await sent(person)).length === 3);
  expect((await sent(person)).at(-1)).toBe('You said red.');
});

test('a question that was there for more than a second is answered', async () => {
  const person = phone(3);
  await text(person, 'quiz');
  await waitsAfter(person, 1);
  await text(person, '2');
  await waitsAfter(person, 2);
  await harness.inTx((tx) =>
    tx
      .updateTable('messages')
      .set({ accepted_at: new Date(Date.now() - 1_500) })
      .where('number', '=', person)
      .where('body', '=', 'Which colour?')
      .execute(),
  );
  await text(person, 'green');
  await until('the thanks', async () => (await sent(person)).length === 3);
});

test('a question that was there for more than a second is answered also while its person is still on the way', async () => {
  const person = phone(4);
  await text(person, 'quiz');
  await waitsAfter(person, 1);
  await text(person, '2');
  await waitsAfter(person, 2);
  await harness.inTx(async (tx) => {
    await tx
      .updateTable('messages')
      .set({ accepted_at: new Date(Date.now() - 1_500) })
      .where('number', '=', person)
      .where('body', '=', 'Which colour?')
      .execute();
    const { id } = await tx.selectFrom('contacts').select('id').where('phone', '=', person).executeTakeFirstOrThrow();
    await tx
      .updateTable('enrollments')
      .set({ listening: true, waiting_event: null, due_at: null, state: positionState.parked })
      .where('contact_id', '=', id)
      .execute();
  });
  await text(person, 'violet');
  const held = await harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
      .innerJoin('messages', 'messages.id', 'enrollments.held_event_id')
      .select('messages.body')
      .where('phone', '=', person)
      .execute(),
  );
  expect(held).toEqual([{ body: 'violet' }]);
});
