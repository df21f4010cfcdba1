import { endFlow, pauseFlow, releaseFlow, resumeFlow, stopFlow } from '@signalbox/engine/flows/lifecycle';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFailPoints } from '../support/fail-points.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, phone, startHarness, until } from '../support/harness.ts';
import { strandedEnrollments } from '../support/ownership.ts';

/** Two transactions at a time, one held at a named point while the other tries: step, event, timer, STOP, claim, pause and cancel. */

let failPoints: ReturnType<typeof createFailPoints>;
let harness: Harness;
let flowId: string;
const person = phone(1);

beforeEach(async () => {
  failPoints = createFailPoints();
  harness = await startHarness({ failPoints });
  flowId = (await harness.publish('Conversation', conversationFlow({ keyword: 'JOIN' }))).flowId;
});
afterEach(() => harness.close());

const outgoing = () =>
  harness.inTx((tx) =>
    tx
      .selectFrom('messages')
      .select(['body', 'state', 'reason'])
      .where('direction', '=', 'out')
      .orderBy('id')
      .execute(),
  );
const incoming = () =>
  harness.inTx((tx) =>
    tx.selectFrom('messages').select(['body', 'handled_by']).where('direction', '=', 'in').orderBy('id').execute(),
  );
const position = () => harness.inTx((tx) => tx.selectFrom('enrollments').selectAll().executeTakeFirst());
const path = () =>
  harness.inTx((tx) => tx.selectFrom('enrollment_path').select(['hop', 'step', 'outlet']).orderBy('hop').execute());
const history = () => harness.inTx((tx) => tx.selectFrom('enrollment_history').select(['outcome', 'reason']).execute());
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (body: string) => harness.carrier.text(person, businessNumber, body);
const waiting = () =>
  until('the wait for a reply', async () => (await position())?.waiting_event === 'message.received');

async function clean(): Promise<void> {
  expect(await strandedEnrollments(harness.ownerUrl)).toEqual([]);
  expect(harness.carrier.ledger.repeats()).toEqual([]);
}

test('claim first, then STOP: the message goes out, nothing after it', async () => {
  const held = failPoints.hold('claim.before_commit');
  text('join');
  await held.reached;
  text('stop');
  await pause(300);
  expect((await incoming()).map((message) => message.body)).toEqual(['join']);
  held.letGo();
  await until(
    'the confirmation',
    async () => (await outgoing()).filter((message) => ['accepted', 'delivered'].includes(message.state)).length === 2,
  );
  expect((await outgoing()).map((message) => message.body)).toEqual([
    'Want tips, there? Reply YES',
    'Test: You are unsubscribed and will get no more messages. Reply START to subscribe again.',
  ]);
  expect(await history()).toEqual([
    { outcome: 'stopped', reason: { code: 'opted_out', values: { method: 'keyword_stop' } } },
  ]);
  await clean();
});

test('STOP first, then claim: the message is never sent', async () => {
  const claims = failPoints.hold('step.after_commit');
  text('join');
  await claims.reached;
  const stops = failPoints.hold('inbound.before_commit');
  text('stop');
  await stops.reached;
  claims.letGo();
  await pause(300);
  stops.letGo();
  await until('the end', async () => (await history()).length === 1);
  await until('the confirmation', async () =>
    (await outgoing()).some(
      (message) => message.body?.startsWith('Test: You are unsubscribed') && message.state !== 'queued',
    ),
  );
  const asked = (await outgoing()).filter((message) => message.body?.startsWith('Want tips'));
  expect(asked.every((message) => ['canceled', 'refused'].includes(message.state))).toBe(true);
  await clean();
});

test('reply and timeout at once: whoever commits first wins, the other changes nothing', async () => {
  text('join');
  await waiting();
  await harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ due_at: new Date(Date.now() - 1_000) })
      .execute(),
  );
  const held = failPoints.hold('due.before_commit');
  await held.reached;
  text('yes');
  await pause(300);
  held.letGo();
  await until('the end', async () => (await history()).length === 1);
  await until('the text to be routed', async () => (await incoming()).every((message) => message.handled_by !== null));
  expect((await incoming()).map((message) => message.handled_by)).toEqual(['keyword', 'unhandled']);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES', 'No tips then.']);
  const left = (await path()).filter((entry) => entry.step === 4);
  expect(left).toHaveLength(1);
  await clean();
});

test('a reply while the wait is being entered is not lost', async () => {
  text('join');
  await until(
    'the send to settle',
    async () => (await outgoing())[0]?.state !== 'queued' && (await outgoing()).length === 1,
  );
  const held = failPoints.hold('step.between_read_and_write');
  await Promise.race([held.reached, waiting()]);
  text('yes');
  await pause(200);
  held.letGo();
  await until('the end', async () => (await history()).length === 1);
  expect((await incoming()).map((message) => message.handled_by)).toEqual(['keyword', 'reply']);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES', 'Tips are on.']);
  await clean();
});

test('a reply faster than our bookkeeping counts, once', async () => {
  const held = failPoints.hold('settle.before_commit');
  text('join');
  await held.reached;
  text('yes');
  await until('the reply to be held', async () => (await position())?.held_event_id != null);
  held.letGo();
  await until('the end', async () => (await history()).length === 1);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES', 'Tips are on.']);
  expect((await incoming()).map((message) => message.handled_by)).toEqual(['keyword', 'reply']);
  await clean();
});

test('a pause waits for the step under way and holds what comes after; resume goes on', async () => {
  const held = failPoints.hold('step.before_commit');
  text('join');
  await held.reached;
  const paused = harness.inTx((tx) => pauseFlow(tx, harness.workspaceId, flowId, new Date()));
  await pause(200);
  expect((await harness.inTx((tx) => tx.selectFrom('flows').select('state').executeTakeFirst()))?.state).toBe('live');
  held.letGo();
  await paused;
  await until('the person to be held', async () => (await position())?.state === 4);
  await pause(200);
  expect(await outgoing()).toEqual([]);
  await clean();
  await harness.inTx((tx) => resumeFlow(tx, harness.workspaceId, flowId, new Date()));
  await releaseFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId, (runs) =>
    harness.engine.starter.start(runs),
  );
  await waiting();
  expect((await outgoing()).map((message) => message.state)).not.toContain('queued');
  await clean();
});

test('a stop while a claim is under way lets that message go and ends everyone', async () => {
  const held = failPoints.hold('claim.before_commit');
  text('join');
  await held.reached;
  const stopped = harness.inTx((tx) => stopFlow(tx, harness.workspaceId, flowId, new Date()));
  await pause(200);
  held.letGo();
  await stopped;
  await endFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId);
  await until('the end', async () => (await history()).length === 1);
  expect((await history())[0]?.outcome).toBe('stopped');
  await until('the message to settle', async () => (await outgoing())[0]?.state !== 'queued');
  await clean();
});
