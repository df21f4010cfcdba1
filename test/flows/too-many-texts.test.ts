import { receiveEvent } from '@signalbox/engine/cohorts/api-events';
import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { endsOf, letIn, phonesOf, registerTestFlows, textsTo } from '../support/code-runs.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  const w = flow('Echo');
  const ask = w.step('ask', keyword, { keywords: ['ASK'] });
  const echo = w.step('echo', sendSms, { text: 'You asked.', purpose: 'transactional' });
  ask.to('next', echo);
  await harness.publish('Echo', w.graph());
});
afterAll(() => harness.close());

const positions = (number: string) =>
  harness.inTx((tx) =>
    tx
      .selectFrom('enrollments')
      .innerJoin('contacts', 'contacts.id', 'enrollments.contact_id')
      .select(['state', 'held_reason'])
      .where('phone', '=', number)
      .execute(),
  );
const sent = async (number: string) =>
  harness.carrier.ledger.messages.filter((message) => message.to === number && message.origin !== 'carrier').length;

async function ask(number: string): Promise<void> {
  const before = await sent(number);
  harness.carrier.text(number, businessNumber, 'ask');
  await until('an answer, or somebody held', async () => {
    const [position] = await positions(number);
    return position?.state === 4 || ((await sent(number)) === before + 1 && position === undefined);
  });
}

/** Lets the texts of a person lie further back: quicker ones would be left to a person after five answers. */
const aMinuteLater = (number: string) =>
  harness.inTx((tx) =>
    sql`UPDATE messages SET created_at = created_at - interval '61 seconds' WHERE number = ${number} AND direction = 'in'`.execute(
      tx,
    ),
  );

test('two machines that answer each other slowly: the one gets 20 texts of a flow in an hour, and is held with the reason', async () => {
  for (let times = 1; times <= 21; times += 1) {
    await ask(phone(1));
    await aMinuteLater(phone(1));
  }
  expect(await sent(phone(1))).toBe(20);
  expect(await positions(phone(1))).toEqual([{ state: 4, held_reason: 'too_many_texts' }]);
  await ask(phone(2));
  expect(await sent(phone(2))).toBe(1);
  const [running] = await harness.inTx((tx) => tx.selectFrom('flows').select('state').execute());
  expect(running).toEqual({ state: 'live' });
});

test('an event that comes over and over: its person gets 20 texts of a flow in an hour, and is held with the reason', async () => {
  const w = flow('Alarm');
  const start = w.step('start', apiEvent, { event: 'alarm' });
  start.to('next', w.step('text', sendSms, { text: 'It rings.', purpose: 'transactional' }));
  await harness.publish('Alarm', w.graph());
  const [contactId = ''] = await harness.addContacts(1, 600);
  const { phone: number } = await harness.inTx((tx) =>
    tx.selectFrom('contacts').select('phone').where('id', '=', contactId).executeTakeFirstOrThrow(),
  );
  const { engine, workspaceId } = harness;
  for (let times = 1; times <= 21; times += 1) {
    const id = engine.ids.uuid();
    const now = engine.clock.now();
    const event = { id, type: 'alarm', contactId, data: {}, occurredAt: now, cause: 'api' as const };
    const received = await harness.inTx((tx) => receiveEvent(engine.arrivalDeps, { tx, workspaceId, now }, event));
    engine.onArrived(workspaceId, { runs: received?.runs ?? [], wake: received?.wake ?? [] });
    await until('a text, or somebody held', async () => {
      const [position] = await positions(number);
      return position?.state === 4 || ((await sent(number)) === times && position === undefined);
    });
  }
  expect(await sent(number)).toBe(20);
  expect(await positions(number)).toEqual([{ state: 4, held_reason: 'too_many_texts' }]);
});

/** Lets one person into a flow as often as `times` says, each time once the enrollment before has ended, or until they are held. */
async function letInOverAndOver(flowId: string, contactId: string, number: string, times: number): Promise<void> {
  for (let enrollment = 1; enrollment <= times; enrollment += 1) {
    await letIn(harness, flowId, [contactId]);
    harness.engine.maintenance.nudge();
    await until('a text, or somebody held', async () => {
      const [position] = await positions(number);
      return position?.state === 4 || ((await sent(number)) === enrollment && position === undefined);
    });
  }
}

test('somebody whom the API lets in over and over gets 20 texts of a flow in an hour, and is held with the reason', async () => {
  const w = flow('Nudge');
  const start = w.step('start', apiEvent, { event: 'nudge' });
  start.to('next', w.step('text', sendSms, { text: 'Do it.', purpose: 'transactional' }));
  const { flowId } = await harness.publish('Nudge', w.graph());
  const [often = '', once = ''] = await harness.addContacts(2, 700);
  const [oftenPhone = '', oncePhone = ''] = await phonesOf(harness, [often, once]);
  await letInOverAndOver(flowId, often, oftenPhone, 21);
  expect(await sent(oftenPhone)).toBe(20);
  expect(await positions(oftenPhone)).toEqual([{ state: 4, held_reason: 'too_many_texts' }]);
  await letInOverAndOver(flowId, once, oncePhone, 1);
  expect(await sent(oncePhone)).toBe(1);
});

test('a flow in code whose loop does not end: the one gets 20 texts in an hour, and fails with the reason', async () => {
  const flows = await registerTestFlows(harness);
  const [contact = ''] = await harness.addContacts(1, 500);
  await letIn(harness, flows.get('Chatter') ?? '', [contact]);
  await until('their end', async () => (await endsOf(harness, [contact])).length === 1, 60_000);
  expect(await textsTo(harness, contact)).toEqual(Array.from({ length: 20 }, () => 'Again'));
  expect(await endsOf(harness, [contact])).toMatchObject([
    { outcome: 'failed', reason: { code: 'text_limit_reached' } },
  ]);
  expect(await strandedEnrollments(harness.ownerUrl, harness.engine.client)).toEqual([]);
}, 90_000);
