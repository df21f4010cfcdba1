import { undoMs } from '@signalbox/engine/sending/cancel-queued';
import {
  beginRetry,
  countRetryable,
  listRetries,
  type RetryFilter,
  undoRetry,
} from '@signalbox/engine/sending/retry-queued';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { createQueueWorld } from './queue-world.ts';

let harness: Harness;
let world: ReturnType<typeof createQueueWorld>;
beforeAll(async () => {
  harness = await startHarness({ work: false });
  world = createQueueWorld(harness);
});
afterAll(() => harness.close());

const everything: RetryFilter = {
  accountId: null,
  sender: null,
  flowId: null,
  lane: null,
  code: null,
  queuedBefore: null,
};

/** Says that a message was tried and is to be tried again in an hour. */
async function tried(id: string, now: Date): Promise<void> {
  await harness.inTx((tx) =>
    tx
      .updateTable('message_queue')
      .set({ attempts: 1, not_before: new Date(now.getTime() + 3_600_000) })
      .where('message_id', '=', id)
      .execute(),
  );
}

const work = <T>(run: (w: Parameters<typeof beginRetry>[0]) => Promise<T>, now: Date): Promise<T> =>
  harness.inTx((tx) => run({ tx, workspaceId: harness.workspaceId, now }));

test('a retry brings those forward that wait for another try, once it can no longer be undone, and nothing else', async () => {
  const now = new Date();
  const flowId = await world.flow('Tried again');
  const again = [await world.queue(now, { flowId }), await world.queue(now, { flowId })];
  for (const id of again) await tried(id, now);
  const putOff = await world.queue(now, { flowId, laterMs: 3_600_000 });
  const elsewhere = await world.queue(now, {});
  await tried(elsewhere, now);
  const filter = { ...everything, flowId };
  expect(await work((w) => countRetryable(w, filter), now)).toBe(2);

  const undone = harness.engine.ids.uuid();
  await work((w) => beginRetry(w, undone, filter), now);
  await harness.engine.maintenance.turn('queue-retries');
  expect(await world.claim(now), 'not yet').toEqual([]);
  expect(await work((w) => undoRetry(w, undone), now)).toBe(true);

  const id = harness.engine.ids.uuid();
  await work((w) => beginRetry(w, id, filter), new Date(now.getTime() - undoMs));
  expect(await work((w) => undoRetry(w, id), now), 'too late').toBe(false);
  await harness.engine.maintenance.turn('queue-retries');
  const [retry] = await work((w) => listRetries(w), now);
  expect(retry).toMatchObject({ id, matched: 2, retried: 2 });
  expect(retry?.finished_at).not.toBeNull();
  const claimed = await world.claim(new Date());
  expect(claimed.toSorted()).toEqual(again.toSorted());
  expect(claimed).not.toContain(putOff);
  expect(await work((w) => countRetryable(w, { ...everything, lane: 5 }), now), 'the one elsewhere still waits').toBe(
    1,
  );
});

test('a second turn, after a crash in the middle, finds what is left', async () => {
  const now = new Date();
  const flowId = await world.flow('Crashed');
  await tried(await world.queue(now, { flowId }), now);
  const id = harness.engine.ids.uuid();
  await work((w) => beginRetry(w, id, { ...everything, flowId }), new Date(now.getTime() - undoMs));
  await harness.inTx((tx) => tx.updateTable('queue_retries').set({ retried: 5 }).where('id', '=', id).execute());
  await harness.engine.maintenance.turn('queue-retries');
  expect(await work((w) => listRetries(w), now)).toMatchObject([{ id, retried: 6 }, {}]);
  await harness.engine.maintenance.turn('queue-retries');
  expect(await world.claim(new Date())).toHaveLength(1);
});
