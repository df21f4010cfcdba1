import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { unfairness, wrongOrderness, zipf } from '@signalbox/engine/sending/order-measures';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import { type Lane, lanes } from '@signalbox/nodes/define/ports';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { createQueueWorld } from './queue-world.ts';

/** Turns as a dispatcher's claims take them: planned, claimed and posted, in the order in which attempts were written. */

let harness: Harness;
let people = 0;
beforeAll(async () => {
  harness = await startHarness({ work: false, dispatch: { concurrency: 20, claimSize: 20 } });
});
afterAll(() => harness.close());

/** Queues so many messages of each backlog, all before anything is claimed; the key of each message. */
async function queue(
  backlogs: ReadonlyArray<{ readonly flowId: string; readonly lane: Lane; readonly count: number }>,
) {
  const { engine, workspaceId, sender } = harness;
  const now = engine.clock.now();
  const keys = new Map<string, number>();
  for (const [key, { flowId, lane, count }] of backlogs.entries()) {
    const entries = Array.from({ length: count }, () => {
      people += 1;
      const id = engine.ids.uuid();
      keys.set(id, key);
      return { id, contactId: engine.ids.uuid(), number: `+1${2_025_580_000 + people}` };
    });
    await harness.inTx(async (tx) => {
      await tx
        .insertInto('numbers')
        .values(entries.map(({ number }) => ({ workspace_id: workspaceId, number })))
        .execute();
      const times = { created_at: now, updated_at: now };
      await tx
        .insertInto('contacts')
        .values(entries.map(({ contactId: id, number: phone }) => ({ workspace_id: workspaceId, id, phone, ...times })))
        .execute();
      const rest = { sender, routeId: null, enrollmentId: null, hop: null, later: null, exemption: null };
      await queueMessages(
        { tx, workspaceId, now },
        { flowId },
        entries.map((entry) => ({
          ...entry,
          ...rest,
          draft: { text: 'Hello', purpose: 'transactional', lane } as const,
        })),
      );
    });
  }
  return keys;
}

/** The keys of messages in the order of their claims. */
async function dispatched(keys: ReadonlyMap<string, number>): Promise<number[]> {
  const epoch = await takeShard(harness.db, 0, harness.engine.clock.now());
  await startDispatcher(harness.engine.dispatchDeps, 0, epoch, null).drain();
  const attempts = await harness.inTx((tx) =>
    tx.selectFrom('message_attempts').select('message_id').orderBy('id').execute(),
  );
  return attempts.flatMap(({ message_id }) => keys.get(message_id) ?? []);
}

test('flows with backlogs by Zipf’s law each have their first turn before others have many: unfairness below 1', async () => {
  const world = createQueueWorld(harness);
  const counts = zipf(10, 225);
  // The longest first, and all of it before the next: what comes first would be served first.
  const backlogs: Array<{ flowId: string; lane: Lane; count: number }> = [];
  for (const [index, count] of counts.entries())
    backlogs.push({ flowId: await world.flow(`Flow ${index}`), lane: 'campaign', count });
  const keys = await queue(backlogs);
  const order = await dispatched(keys);
  expect(order).toHaveLength(keys.size);
  expect(unfairness([...keys.values()]), 'as they came').toBeGreaterThan(1);
  const measured = unfairness(order);
  console.log(`unfairness ${measured.toFixed(2)} over ${order.length} claims`);
  expect(measured).toBeLessThan(1);
}, 60_000);

test('lanes go in their order: wrong order below 0.1', async () => {
  const world = createQueueWorld(harness);
  const backlogs: Array<{ flowId: string; lane: Lane; count: number }> = [];
  // The last lane first.
  for (let index = 14; index >= 0; index -= 1)
    backlogs.push({
      flowId: await world.flow(`Lane ${index}`),
      lane: lanes[index % lanes.length] ?? 'bulk',
      count: 15,
    });
  const keys = await queue(backlogs);
  const order = await dispatched(keys);
  expect(order).toHaveLength(keys.size);
  const rankOf = (key: number) => lanes.indexOf(backlogs[key]?.lane ?? 'bulk');
  expect(wrongOrderness([...keys.values()].map(rankOf)), 'as they came').toBeGreaterThan(0.1);
  const measured = wrongOrderness(order.map(rankOf));
  console.log(`wrong order ${measured.toFixed(3)} over ${order.length} claims`);
  expect(measured).toBeLessThan(0.1);
}, 60_000);
