import type { FailPointName } from '@signalbox/engine/runtime/fail-points';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { endsOf, phonesOf, positionsOf } from '../support/code-runs.ts';
import { createFailPoints } from '../support/fail-points.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { letIn } from '../support/let-in.ts';
import { strandedEnrollments } from '../support/ownership.ts';
import { ordinaryPoints } from './point-groups.ts';

const failPoints = createFailPoints();
let harness: Harness;
let conversation: string;
let goodbye: string;

function goodbyeFlow() {
  const w = flow('Goodbye');
  const start = w.step('start', apiEvent, { event: 'left' });
  const send = w.step('send', sendSms, { text: 'Goodbye.', purpose: 'transactional' });
  const done = w.step('done', end, {});
  start.to('next', send);
  send.to('sent', done);
  return w.graph();
}

beforeAll(async () => {
  harness = await startHarness({
    failPoints,
    dispatch: {
      breakerFailures: 1_000_000,
      leaseMs: 1_500,
      httpTimeoutMs: 700,
      marginMs: 100,
      unknownDeadlineMs: 2_500,
      lookupEveryMs: 300,
      unknownLineMs: 1_000,
    },
  });
  conversation = (await harness.publish('Conversation', conversationFlow({ event: 'signed_up' }))).flowId;
  goodbye = (await harness.publish('Goodbye', goodbyeFlow())).flowId;
});
afterEach(() => failPoints.clear());
afterAll(() => harness.close());

const people = 18;
const repliers = 6;
let made = 0;

type Person = { readonly contact: string; readonly phone: string; readonly name: string };

async function newcomers(): Promise<Person[]> {
  const contacts = await harness.addContacts(people, made);
  const phones = await phonesOf(harness, contacts);
  const group = contacts.map((contact, index) => ({
    contact,
    phone: phones[index] ?? '',
    name: `Person ${made + index}`,
  }));
  made += people;
  return group;
}

const contactsOf = (group: readonly Person[]) => group.map((person) => person.contact);

/** Everyone comes in and is asked; some answer, the others’ time runs out. Resolves to the texts each must have got. */
async function converse(group: readonly Person[]): Promise<Map<string, string[]>> {
  await letIn(harness, conversation, contactsOf(group));
  await until(
    'everyone to wait for a reply',
    async () => {
      const rows = await positionsOf(harness, contactsOf(group));
      return rows.length === people && rows.every((row) => row.waiting_event === 'message.received');
    },
    40_000,
  );
  const replying = group.slice(0, repliers);
  for (const { phone } of replying) harness.carrier.text(phone, businessNumber, 'yes');
  await until('the replies to be handled', async () => {
    const rows = await harness.inTx((tx) =>
      tx
        .selectFrom('messages')
        .select('id')
        .where('contact_id', 'in', contactsOf(group))
        .where('handled_by', '=', 'reply')
        .execute(),
    );
    return rows.length === repliers;
  });
  await harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ due_at: new Date(Date.now() - 60_000) })
      .where('contact_id', 'in', contactsOf(group))
      .where('waiting_event', '=', 'message.received')
      .execute(),
  );
  return new Map(
    group.map(({ phone, name }, index) => [
      phone,
      [`Want tips, ${name}? Reply YES`, index < repliers ? 'Tips are on.' : 'No tips then.'],
    ]),
  );
}

async function sayGoodbye(group: readonly Person[]): Promise<Map<string, string[]>> {
  await letIn(harness, goodbye, contactsOf(group));
  return new Map(group.map(({ phone }) => [phone, ['Goodbye.']]));
}

/** Points after which a message may never have left, because nobody knows: it is closed, and its person goes on. */
const unsent: ReadonlySet<FailPointName> = new Set(['claim.after_commit', 'post.before']);

async function strike(
  name: FailPointName,
  skip: number,
  play: (group: readonly Person[]) => Promise<Map<string, string[]>>,
): Promise<void> {
  const group = await newcomers();
  const before = failPoints.crashes();
  failPoints.arm(name, { skip });
  const due = await play(group);
  await until('everyone to end', async () => (await endsOf(harness, contactsOf(group))).length === people, 40_000);
  await until('nothing to be on its way', async () => {
    const queued = await harness.inTx((tx) => tx.selectFrom('message_queue').select('message_id').execute());
    return queued.length === 0;
  });
  expect(failPoints.crashes(), 'the crash point was reached').toBe(before + 1);
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  expect((await endsOf(harness, contactsOf(group))).map((end) => end.outcome)).toEqual(group.map(() => 'finished'));
  expect(harness.carrier.ledger.repeats()).toEqual([]);
  const attempts = await harness.inTx((tx) =>
    tx
      .selectFrom('message_attempts')
      .innerJoin('messages', 'messages.id', 'message_attempts.message_id')
      .select(['messages.number', 'messages.body', 'message_attempts.state'])
      .where('messages.contact_id', 'in', contactsOf(group))
      .execute(),
  );
  expect(attempts.filter((attempt) => ['unknown', 'dispatching'].includes(attempt.state))).toEqual([]);
  const lost = attempts.filter((attempt) => attempt.state === 'gave_up');
  expect(lost.length > 0, `messages that never left: ${lost.length}`).toBe(unsent.has(name));
  for (const [phone, texts] of due) {
    const got = harness.carrier.ledger.ofPhone(phone).flatMap((entry) => (entry.origin === 'api' ? [entry.body] : []));
    const missing = new Set(lost.filter((message) => message.number === phone).map((message) => message.body));
    expect(got).toEqual(texts.filter((text) => !missing.has(text)));
  }
}

test.each(ordinaryPoints)(
  'a crash at %s strands nobody, doubles nothing, and everyone gets their texts',
  (name) => strike(name, 0, converse),
  90_000,
);

const stepPoints = [
  'step.after_ledger',
  'step.between_read_and_write',
  'step.before_commit',
  'step.after_commit',
] as const;

/** The first call records consent; the second checks it and sends; then come those that wait. */
const laterCalls = { send: 1, wait: 2 } as const;

for (const name of stepPoints) {
  test.each(Object.entries(laterCalls))(
    `a crash at ${name} of the %s`,
    (_step, skip) => strike(name, skip, converse),
    90_000,
  );
  test(`a crash at ${name} of the end`, () => strike(name, 1, sayGoodbye), 90_000);
}
