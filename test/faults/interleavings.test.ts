import type { WorkspaceTx } from '@signalbox/engine/db/database';
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

/** A transaction of a test that stays open, with its work done, until it is let go. */
async function openTransaction(
  work: (tx: WorkspaceTx) => Promise<unknown>,
): Promise<{ readonly commit: () => Promise<void> }> {
  const worked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const done = harness.inTx(async (tx) => {
    await work(tx);
    worked.resolve();
    await goOn.promise;
  });
  await Promise.race([worked.promise, done]);
  return {
    commit: async () => {
      goOn.resolve();
      await done;
    },
  };
}

const resume = async (): Promise<void> => {
  await harness.inTx((tx) => resumeFlow(tx, harness.workspaceId, flowId, new Date()));
  await releaseFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId, (runs) =>
    harness.engine.starter.start(runs),
  );
};

const comeDue = () =>
  harness.inTx((tx) =>
    tx
      .updateTable('enrollments')
      .set({ due_at: new Date(Date.now() - 1_000) })
      .execute(),
  );

const consent = () =>
  harness.inTx((tx) => tx.selectFrom('consents').select('state').where('purpose', '=', 'marketing').executeTakeFirst());

test('a step that grants consent first, then STOP: what the step granted is revoked, and the passage ends', async () => {
  const held = failPoints.hold('step.between_read_and_write');
  text('join');
  await held.reached;
  text('stop');
  await pause(200);
  expect((await incoming()).map((message) => message.body)).toEqual(['join']);
  held.letGo();
  await until('the end', async () => (await history()).length === 1);
  expect(await history()).toEqual([
    { outcome: 'stopped', reason: { code: 'opted_out', values: { method: 'keyword_stop' } } },
  ]);
  expect((await consent())?.state).toBe('revoked');
  expect((await outgoing()).filter((message) => message.body?.startsWith('Tips are on'))).toEqual([]);
  await clean();
});

test('STOP first, then a step: the step finds nobody and does nothing', async () => {
  const recorded = failPoints.hold('step.after_commit');
  text('join');
  await recorded.reached;
  const stops = failPoints.hold('inbound.before_commit');
  text('stop');
  await stops.reached;
  recorded.letGo();
  await pause(300);
  expect(await history()).toEqual([]);
  stops.letGo();
  await until('the end', async () => (await history()).length === 1);
  await until('the run to end', async () =>
    (await harness.inTx((tx) => tx.selectFrom('runs').select('state').execute())).every((run) => run.state === 3),
  );
  expect((await outgoing()).map((message) => message.body)).toEqual([
    'Test: You are unsubscribed and will get no more messages. Reply START to subscribe again.',
  ]);
  const last = (await path()).at(-1);
  expect(last).toMatchObject({ step: 2, outlet: null });
  await clean();
});

test('a step first, then a stop: the step counts, the next one ends the person', async () => {
  const held = failPoints.hold('step.before_commit');
  text('join');
  await held.reached;
  const stopped = harness.inTx((tx) => stopFlow(tx, harness.workspaceId, flowId, new Date()));
  await pause(200);
  held.letGo();
  expect(await stopped).toBe(true);
  await until('the end', async () => (await history()).length === 1);
  expect(await history()).toEqual([{ outcome: 'stopped', reason: { code: 'flow_stopped' } }]);
  expect(await endFlow({ ...harness.engine, ...harness.engine.arrivalDeps }, harness.workspaceId, flowId)).toBe(0);
  expect(await outgoing()).toEqual([]);
  expect((await consent())?.state).toBe('granted');
  await clean();
});

test('a stop first, then a step: the step waits for it, and ends the person', async () => {
  const starts = failPoints.hold('start.before');
  text('join');
  await starts.reached;
  const stop = await openTransaction((tx) => stopFlow(tx, harness.workspaceId, flowId, new Date()));
  starts.letGo();
  await pause(300);
  expect(await history()).toEqual([]);
  await stop.commit();
  await until('the end', async () => (await history()).length === 1);
  expect(await history()).toEqual([{ outcome: 'stopped', reason: { code: 'flow_stopped' } }]);
  expect(await outgoing()).toEqual([]);
  expect(await consent()).toBeUndefined();
  await clean();
});

test('a due time first, then a pause: the timed out are held before their next step, and go on once', async () => {
  text('join');
  await waiting();
  const held = failPoints.hold('due.before_commit');
  await comeDue();
  await held.reached;
  const paused = harness.inTx((tx) => pauseFlow(tx, harness.workspaceId, flowId, new Date()));
  await pause(200);
  held.letGo();
  expect(await paused).toBe(true);
  await until('the person to be held', async () => (await position())?.state === 4);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES']);
  await clean();
  await resume();
  await until('the end', async () => (await history()).length === 1);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES', 'No tips then.']);
  await clean();
});

test('a pause first, then a due time: the clock goes on, and who times out is held at the outlet', async () => {
  text('join');
  await waiting();
  const paused = await openTransaction((tx) => pauseFlow(tx, harness.workspaceId, flowId, new Date()));
  await comeDue();
  await pause(500);
  expect((await position())?.state).toBe(3);
  await paused.commit();
  await until('the person to be held', async () => (await position())?.state === 4);
  expect(await position()).toMatchObject({ run_id: null, held_reason: null });
  await clean();
  // Resuming meets a text of the same person under way: it waits for it instead of leaving the person behind.
  const held = failPoints.hold('inbound.before_commit');
  text('yes');
  await held.reached;
  const resumed = resume();
  await pause(200);
  expect((await position())?.state).toBe(4);
  held.letGo();
  await resumed;
  await until('the end', async () => (await history()).length === 1);
  expect((await incoming()).map((message) => message.handled_by)).toEqual(['keyword', 'unhandled']);
  expect((await outgoing()).map((message) => message.body)).toEqual(['Want tips, there? Reply YES', 'No tips then.']);
  await clean();
});
