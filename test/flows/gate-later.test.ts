import { claimMessages } from '@signalbox/engine/sending/claim';
import { type Later, queueMessages } from '@signalbox/engine/sending/queue';
import { acceptMessages } from '@signalbox/engine/sending/settle';
import { takeShard } from '@signalbox/engine/sending/shards';
import { later, send, type Verdict } from '@signalbox/nodes/gate/define-rule';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, phone, startHarness } from '../support/harness.ts';
import { readyTakes } from '../support/ready-takes.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const hourMs = 3_600_000;

/** Queues a message to somebody new, put off or not. Returns its id. */
async function queue(place: number, now: Date, put: Later | null): Promise<string> {
  const { engine, workspaceId } = harness;
  const [contactId, id] = [engine.ids.uuid(), engine.ids.uuid()];
  const number = phone(place);
  await harness.inTx(async (tx) => {
    await tx.insertInto('numbers').values({ workspace_id: workspaceId, number }).execute();
    await tx
      .insertInto('contacts')
      .values({ workspace_id: workspaceId, id: contactId, phone: number, created_at: now, updated_at: now })
      .execute();
    await queueMessages({ tx, workspaceId, now }, { flowId: null }, [
      {
        id,
        contactId,
        number,
        sender: harness.sender,
        routeId: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Hello', purpose: 'transactional', lane: 'transactional' },
        later: put,
        exemption: null,
      },
    ]);
  });
  return id;
}

async function claim(at: Date, verdict: Verdict) {
  const { accountId, engine, workspaceId } = harness;
  const epoch = await takeShard(harness.db, 0, at);
  const takes = await readyTakes(harness.db, at);
  return harness.inTx((tx) =>
    claimMessages(
      { ids: engine.ids, ask: () => verdict },
      { tx, workspaceId, now: at },
      {
        accountId,
        shard: 0,
        epoch,
        takes,
        leaseMs: 20_000,
        referenceRoom: 0,
        askCostAfterMs: null,
        unknownLineMs: 30_000,
      },
    ),
  );
}

const message = (id: string) =>
  harness.inTx((tx) => tx.selectFrom('messages').select(['state', 'reason']).where('id', '=', id).executeTakeFirst());
const idsOf = (claimed: Awaited<ReturnType<typeof claim>>) => claimed?.claimed.map(({ messageId }) => messageId);
const after = (at: Date, ms: number) => new Date(at.getTime() + ms);

test('a message that the gate puts off stays in the queue with its reason, and goes out when its time comes', async () => {
  const now = new Date();
  const until = after(now, hourMs);
  const id = await queue(1, now, null);
  expect(await claim(now, later(until, 'quiet_hours'))).toMatchObject({ claimed: [], settled: 0 });
  expect(await message(id)).toEqual({ state: 'queued', reason: { code: 'quiet_hours', until: until.toISOString() } });
  expect(await claim(after(until, -1), send), 'not before its time').toMatchObject({ claimed: [], settled: 0 });
  expect(idsOf(await claim(until, send))).toEqual([id]);
  await harness.inTx((tx) => acceptMessages({ tx, workspaceId: harness.workspaceId, now: until }, [id]));
  expect(await message(id), 'nothing puts it off any more').toEqual({ state: 'accepted', reason: null });
});

test('one that was put off as it was queued says why from the start', async () => {
  const now = new Date();
  const until = after(now, hourMs);
  const id = await queue(2, now, { until, reason: { code: 'quiet_hours' } });
  expect(await message(id)).toEqual({ state: 'queued', reason: { code: 'quiet_hours', until: until.toISOString() } });
  expect(await claim(after(until, -1), send)).toMatchObject({ claimed: [], settled: 0 });
  expect(idsOf(await claim(until, send))).toEqual([id]);
});

test('being put off past its day does not let a message expire: its time counts from then', async () => {
  const now = new Date();
  const id = await queue(3, now, null);
  const first = after(now, 20 * hourMs);
  await claim(now, later(first, 'quiet_hours'));
  const second = after(first, 20 * hourMs);
  await claim(first, later(second, 'quiet_hours'));
  expect(idsOf(await claim(second, send))).toEqual([id]);
});
