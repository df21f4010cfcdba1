import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { answersIn } from '@signalbox/nodes/text/compliance-answers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';

let harness: Harness;
let next = 0;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const unset = { language: 'en', stop_answer: null, start_answer: null, help_answer: null } as const;
const settings = (values: { language?: string; stop_answer?: string; help_answer?: string }) =>
  harness.inTx((tx) =>
    tx
      .updateTable('workspaces')
      .set({ ...unset, ...values })
      .where('workspace_id', '=', harness.workspaceId)
      .execute(),
  );
beforeEach(() => settings({}));

const messages = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['direction', 'body', 'handled_by'])
      .where('number', '=', number)
      .orderBy('id')
      .execute(),
  );

const stranger = (): string => {
  next += 1;
  return phone(next);
};

/** Texts one after another; by what each was handled, and what went out. */
async function text(bodies: readonly string[], number = stranger()) {
  for (const [index, body] of bodies.entries()) {
    harness.carrier.text(number, businessNumber, body);
    await until('the text', async () => {
      const now = (await messages(number)).filter((message) => message.direction === 'in');
      return now.length > index && now.every((message) => message.handled_by !== null);
    });
  }
  const all = await messages(number);
  return {
    handledBy: all.flatMap(({ direction, handled_by: by }) => (direction === 'in' ? [by] : [])),
    said: all.flatMap(({ direction, body }) => (direction === 'out' ? [body] : [])),
  };
}

const graph = (word: string, hours: readonly { days: number[]; from: string; to: string }[] = []) => {
  const f = flow(word);
  const start = f.step('start', keyword, { keywords: [word], hours: [...hours] });
  const send = f.step('send', sendSms, { purpose: 'transactional', text: `A flow took ${word}.` });
  start.to('next', send);
  return f.graph();
};

test('each word is answered in its own language, else in the workspace’s', async () => {
  const [en, es, fr] = ['en', 'es', 'fr'].map((language) => answersIn([language]));
  expect((await text(['HELP', 'ayuda', 'AIDE'])).said).toEqual([
    `Test: ${en?.help}`,
    `Test: ${es?.help}`,
    `Test: ${fr?.help}`,
  ]);
  expect((await text(['baja', 'START'])).said).toEqual([`Test: ${es?.stop}`, `Test: ${en?.start}`]);
  await settings({ language: 'fr-CA' });
  expect((await text(['STOP', 'START', 'please stop texting me'])).said).toEqual([
    `Test: ${fr?.stop}`,
    `Test: ${fr?.start}`,
    `Test: ${en?.stop}`,
  ]);
});

test('what the workspace wrote itself goes before every language, after the brand', async () => {
  await settings({ stop_answer: 'Bye.', help_answer: 'Call us. STOP to stop.' });
  expect((await text(['ayuda', 'baja', 'START'])).said).toEqual([
    'Test: Call us. STOP to stop.',
    'Test: Bye.',
    `Test: ${answersIn(['en']).start}`,
  ]);
});

test('a language’s word for help starts a live flow that has it, while it counts; HELP and STOP never do', async () => {
  const took = ['A flow took AYUDA.'];
  // Of another day than today, whatever the zone.
  const never = [{ days: [((new Date().getUTCDay() + 3) % 7) + 1], from: '00:00', to: '24:00' }];
  const { flowId } = await harness.publish('Ayuda', graph('AYUDA'));
  await harness.publish('Aiuto', graph('AIUTO', never));
  await settings({ language: 'it' });
  const person = stranger();
  expect((await text(['Ayuda por favor'], person)).handledBy).toEqual(['keyword']);
  await until('the answer', async () => (await messages(person)).some(({ body }) => body === took[0]));
  // Outside its hours a keyword takes nothing, and whoever asks for help gets it.
  expect(await text(['aiuto'])).toEqual({ handledBy: ['compliance'], said: [`Test: ${answersIn(['it']).help}`] });
  expect((await text(['HELP', 'STOP'])).handledBy).toEqual(['compliance', 'compliance']);
  await harness.inTx((tx) => tx.updateTable('flows').set({ state: 'stopped' }).where('id', '=', flowId).execute());
  expect((await text(['ayuda'])).handledBy).toEqual(['compliance']);
});
