import { endFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { wait } from '@signalbox/nodes/library/wait/wait';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

/** Sends, waits two days and then listens: a reply in between is kept for the wait. */
function patientFlow() {
  const w = flow('Patient');
  const start = w.step('start', keyword, { keywords: ['PATIENT'] });
  const ask = w.step('ask', sendSms, { text: 'We ask again in two days.', purpose: 'transactional' });
  const pause = w.step('pause', wait, { duration: { amount: 2, unit: 'days' } });
  const listen = w.step('listen', waitForReply, { timeout: { amount: 1, unit: 'days' } });
  start.to('next', ask);
  ask.to('sent', pause);
  pause.to('done', listen);
  return w.graph();
}

function otherFlow() {
  const w = flow('Other');
  const start = w.step('start', keyword, { keywords: ['OTHER'] });
  const answer = w.step('answer', sendSms, { text: 'The other flow.', purpose: 'transactional' });
  start.to('next', answer);
  return w.graph();
}

const texts = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['direction', 'body', 'handled_by', 'consumed_by'])
      .where('number', '=', number)
      .orderBy('id')
      .execute(),
  );

test('a reply kept for an enrollment that ends without it is routed on: to a keyword, else to a person', async () => {
  const { flowId } = await harness.publish('Patient', patientFlow());
  await harness.publish('Other', otherFlow());
  const [asks, says] = [phone(1), phone(2)];
  for (const person of [asks, says]) harness.carrier.text(person, businessNumber, 'patient');
  await until('both to sleep, listening', async () => {
    const rows = await harness.inTx((tx) => tx.selectFrom('enrollments').select(['due_at', 'listening']).execute());
    return rows.length === 2 && rows.every((row) => row.due_at !== null && row.listening);
  });
  harness.carrier.text(asks, businessNumber, 'other');
  harness.carrier.text(says, businessNumber, 'what time is it');
  await until('both replies to be kept', async () => {
    const rows = await harness.inTx((tx) => tx.selectFrom('enrollments').select('held_event_id').execute());
    return rows.every((row) => row.held_event_id !== null);
  });
  expect((await texts(asks)).at(-1)?.handled_by).toBe('reply');

  const { engine, workspaceId } = harness;
  await harness.inTx((tx) => stopFlow({ tx, workspaceId, now: new Date() }, flowId));
  await endFlow({ ...engine, ...engine.arrivalDeps }, workspaceId, flowId);
  await until('the other flow to answer', async () => (await texts(asks)).at(-1)?.body === 'The other flow.');
  await until('the rest to reach a person', async () => (await texts(says)).at(-1)?.handled_by === 'unhandled');
  const routed = (await texts(asks)).find((text) => text.body === 'other');
  expect(routed).toMatchObject({ handled_by: 'keyword', consumed_by: null });
  const contact = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('unhandled').where('phone', '=', says).executeTakeFirstOrThrow(),
  );
  expect(contact.unhandled).toBe(true);
  expect(await harness.inTx((tx) => tx.selectFrom('released_texts').select('message_id').execute())).toEqual([]);
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
});
