import { statements } from '@signalbox/engine/db/connection';
import {
  beginCancel,
  type CancelFilter,
  countCancelable,
  undoCancel,
  undoMs,
} from '@signalbox/engine/sending/cancel-queued';
import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { closeDrains, type HoldSubject, hold, letGo, listHolds } from '@signalbox/engine/sending/holds';
import { readDepths, rollUpQueue } from '@signalbox/engine/sending/queue-counts';
import { takeShard } from '@signalbox/engine/sending/shards';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';
import { createQueueWorld } from './queue-world.ts';

let harness: Harness;
let world: ReturnType<typeof createQueueWorld>;
beforeAll(async () => {
  harness = await startHarness({ work: false });
  world = createQueueWorld(harness);
});
beforeEach(() =>
  harness.inTx(async (tx) => {
    await tx.deleteFrom('message_queue').execute();
    await tx.deleteFrom('queue_holds').execute();
  }),
);
afterAll(() => harness.close());

const nobody: HoldSubject = { accountId: null, sender: null, flowId: null, lane: null };
const everything: CancelFilter = { ...nobody, waiting: null, code: null, queuedBefore: null };
const after = (at: Date, ms: number) => new Date(at.getTime() + ms);
const put = (mode: 'pause' | 'drain', subject: Partial<HoldSubject>, now = new Date()) =>
  harness.inTx((tx) =>
    hold(
      { tx, workspaceId: harness.workspaceId, now },
      { id: harness.engine.ids.uuid(), mode, subject: { ...nobody, ...subject } },
    ),
  );
const work = <T>(
  of: (work: { tx: Parameters<Parameters<Harness['inTx']>[0]>[0]; workspaceId: string; now: Date }) => Promise<T>,
  now = new Date(),
) => harness.inTx((tx) => of({ tx, workspaceId: harness.workspaceId, now }));
const stateOf = (id: string) =>
  harness.inTx((tx) => tx.selectFrom('messages').select(['state', 'reason']).where('id', '=', id).executeTakeFirst());

test.each(['account', 'sender', 'flow', 'lane'] as const)(
  'what is held by %s is not claimed until it is let go; the rest is',
  async (kind) => {
    const now = new Date();
    const [flowId, sender] = [await world.flow(`Held by ${kind}`), await world.sender(`Held ${kind}`)];
    const held = await world.queue(now, { flowId, sender, lane: 'bulk' });
    const free = await world.queue(now, {});
    const subjects = {
      account: { accountId: harness.accountId },
      sender: { sender },
      flow: { flowId },
      lane: { lane: 6 },
    };
    const id = await put('pause', subjects[kind]);
    expect(await world.claim(now)).toEqual(kind === 'account' ? [] : [free]);
    expect(await work((w) => letGo(w, id))).toBe(true);
    expect(await world.claim(now)).toEqual(kind === 'account' ? [free, held] : [held]);
  },
);

test('a hold of several things holds what fits all of them', async () => {
  const now = new Date();
  const flowId = await world.flow('Of two lanes');
  const [bulk, campaign] = [await world.queue(now, { flowId, lane: 'bulk' }), await world.queue(now, { flowId })];
  await put('pause', { flowId, lane: 6 });
  expect(await world.claim(now)).toEqual([campaign]);
  expect(await stateOf(bulk)).toMatchObject({ state: 'queued' });
});

test('draining lets out what was queued before, and holds all once that is out', async () => {
  const now = new Date();
  const flowId = await world.flow('Draining');
  const before = await world.queue(now, { flowId });
  const putOff = await world.queue(now, { flowId, laterMs: 60_000 });
  const id = await put('drain', { flowId });
  const next = await world.queue(now, { flowId });
  expect(await world.claim(now)).toEqual([before]);
  expect(await work(closeDrains), 'one is still to come').toBe(0);
  expect(await world.claim(after(now, 60_000))).toEqual([putOff]);
  await harness.inTx((tx) => tx.deleteFrom('message_queue').where('message_id', 'in', [before, putOff]).execute());
  expect(await work(closeDrains)).toBe(1);
  expect(await world.claim(after(now, 60_000))).toEqual([]);
  await work((w) => letGo(w, id));
  expect(await world.claim(after(now, 60_000))).toEqual([next]);
});

test('pausing what drains pauses it, and it stays one hold', async () => {
  const flowId = await world.flow('Twice');
  const first = await put('drain', { flowId });
  expect(await put('pause', { flowId })).toBe(first);
  expect(await work((w) => listHolds(w))).toMatchObject([{ id: first, mode: 'pause', above: '0' }]);
});

test('what is held or put off keeps nobody’s other messages waiting, but those of its own flow', async () => {
  const now = new Date();
  const [one, other] = [await world.flow('One'), await world.flow('Other')];
  await world.queue(now, { to: 1, flowId: one });
  const sameFlow = await world.queue(now, { to: 1, flowId: one });
  const otherFlow = await world.queue(now, { to: 1, flowId: other });
  await world.queue(now, { to: 2, laterMs: 90 * 86_400_000 });
  const today = await world.queue(now, { to: 2 });
  await put('pause', { flowId: one });
  expect((await world.claim(now)).sort()).toEqual([otherFlow, today].sort());
  expect(await stateOf(sameFlow)).toMatchObject({ state: 'queued' });
});

test('where nothing is held a claim takes as many statements as where something is', async () => {
  const now = new Date();
  const count = async (): Promise<number> => {
    await world.queue(now, {});
    const before = statements.count;
    await world.claim(now);
    return statements.count - before;
  };
  await count();
  const without = await count();
  await put('pause', { lane: 6 });
  expect(await count()).toBe(without);
  // The shard's epoch, who is ready, and the claim: begin, workspace, pick, facts, attempts, commit.
  expect(without).toBe(8);
});

test('a cancel says how many it takes, holds them while it can be undone, and takes them out after', async () => {
  const now = new Date();
  const flowId = await world.flow('Cancelled');
  const due = await world.queue(now, { flowId });
  const putOff = await world.queue(now, { flowId, laterMs: 3_600_000 });
  const spared = await world.queue(now, {});
  expect(await work((w) => countCancelable(w, { ...everything, flowId }), now)).toBe(2);
  expect(await work((w) => countCancelable(w, { ...everything, flowId, waiting: 'put_off' }), now)).toBe(1);
  expect(await work((w) => countCancelable(w, { ...everything, flowId, queuedBefore: after(now, -60_000) }), now)).toBe(
    0,
  );

  const undone = harness.engine.ids.uuid();
  await work((w) => beginCancel(w, undone, { ...everything, flowId }), now);
  expect(await world.claim(now), 'held at once').toEqual([spared]);
  await harness.engine.maintenance.turn('queue-holds');
  expect(await work((w) => undoCancel(w, undone), now)).toBe(true);
  expect(await world.claim(now)).toEqual([due]);

  const next = await world.queue(now, { flowId });
  const id = harness.engine.ids.uuid();
  const earlier = after(now, -undoMs);
  await work((w) => beginCancel(w, id, { ...everything, flowId }), earlier);
  expect(await work((w) => undoCancel(w, id), now), 'too late').toBe(false);
  await harness.engine.maintenance.turn('queue-holds');
  expect(await stateOf(next)).toMatchObject({ state: 'canceled', reason: { code: 'queue_canceled' } });
  expect(await stateOf(putOff)).toMatchObject({ state: 'canceled' });
  expect(await stateOf(due), 'with a dispatcher already').toMatchObject({ state: 'queued' });
  const [cancel] = await work((w) => listHolds(w));
  expect(cancel).toMatchObject({ id, matched: 2, canceled: 2 });
  expect(cancel?.finished_at).not.toBeNull();
  const later = await world.queue(now, { flowId });
  expect(await world.claim(now), 'a cancel that is finished holds nothing').toEqual([later]);
});

test('depths follow the queue, whatever changes it', async () => {
  const now = new Date();
  await work((w) => rollUpQueue(w));
  const flowId = await world.flow('Counted');
  const ids = [await world.queue(now, { flowId }), await world.queue(now, { flowId, laterMs: 60_000 })];
  const depth = async () => (await work((w) => readDepths(w, now))).find((entry) => entry.flowId === flowId);
  expect(await depth()).toMatchObject({ depth: 2, came: 2, went: 0, lane: 5, oldest: now });
  await work((w) => rollUpQueue(w));
  expect(await depth()).toMatchObject({ depth: 2, came: 2, went: 0 });
  await harness.inTx((tx) =>
    tx
      .deleteFrom('message_queue')
      .where('message_id', '=', ids[0] ?? '')
      .execute(),
  );
  expect(await depth()).toMatchObject({ depth: 1, came: 2, went: 1, oldest: null });
});

test('whoever watches the queue is told when it was counted, and when a cancel is finished', async () => {
  const now = new Date();
  const told: string[] = [];
  const stop = harness.engine.notifier.onChanged((workspaceId) => told.push(workspaceId));
  const flowId = await world.flow('Watched');
  await world.queue(now, { flowId });
  told.length = 0;
  await harness.engine.maintenance.turn('queue-counts');
  expect(told).toEqual([harness.workspaceId]);
  await work((w) => beginCancel(w, harness.engine.ids.uuid(), { ...everything, flowId }), after(now, -undoMs));
  told.length = 0;
  await harness.engine.maintenance.turn('queue-holds');
  expect(new Set(told)).toEqual(new Set([harness.workspaceId]));
  stop();
});

test('nothing begins after a pause but what was claimed before it, and it goes on when let go', async () => {
  const now = new Date();
  for (let index = 0; index < 5; index += 1) await world.queue(now, { lane: 'bulk' });
  const id = await put('pause', { lane: 6 });
  const before = harness.carrier.ledger.messages.length;
  const dispatcher = startDispatcher(harness.engine.dispatchDeps, 0, await takeShard(harness.db, 0, now));
  await world.queue(now, { lane: 'campaign' });
  dispatcher.nudge();
  await until('the message of the other lane', () => harness.carrier.ledger.messages.length === before + 1);
  await work((w) => letGo(w, id));
  dispatcher.nudge();
  await until('what was held', () => harness.carrier.ledger.messages.length === before + 6);
  expect(harness.carrier.ledger.messages.filter(({ from }) => from === businessNumber).length).toBeGreaterThan(5);
  await dispatcher.stop();
});
