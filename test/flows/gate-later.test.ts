import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { acceptMessages } from '@signalbox/engine/sending/settle';
import { takeShard } from '@signalbox/engine/sending/shards';
import { later, send, type Verdict } from '@signalbox/nodes/gate/define-rule';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, phone, startHarness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

test('a message that the gate puts off stays in the queue with its reason, and goes out when its time comes', async () => {
  const { db, engine, accountId, workspaceId } = harness;
  const now = new Date();
  const until = new Date(now.getTime() + 3_600_000);
  const [contactId, id] = [engine.ids.uuid(), engine.ids.uuid()];
  const number = phone(1);
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
        preferredSender: null,
        enrollmentId: null,
        hop: null,
        draft: { text: 'Hello', purpose: 'transactional', lane: 'transactional' },
        notBefore: null,
        exemption: null,
      },
    ]);
  });
  const epoch = await takeShard(db, 0, now);
  const claim = (at: Date, verdict: Verdict) =>
    harness.inTx((tx) =>
      claimMessages({ ids: engine.ids, ask: () => verdict }, tx, {
        workspaceId,
        accountId,
        shard: 0,
        epoch,
        limit: 10,
        leaseMs: 20_000,
        unknownLineMs: 30_000,
        now: at,
      }),
    );
  const message = () =>
    harness.inTx((tx) => tx.selectFrom('messages').select(['state', 'reason']).where('id', '=', id).executeTakeFirst());

  expect(await claim(now, later(until, 'quiet_hours'))).toEqual({ claimed: [], settled: 0 });
  expect(await message()).toEqual({
    state: 'queued',
    reason: { code: 'quiet_hours', until: until.toISOString() },
  });
  expect(await claim(new Date(until.getTime() - 1), send), 'not before its time').toEqual({ claimed: [], settled: 0 });
  expect((await claim(until, send))?.claimed.map(({ messageId }) => messageId)).toEqual([id]);
  await harness.inTx((tx) => acceptMessages({ tx, workspaceId, now: until }, [id]));
  expect(await message(), 'nothing puts it off any more').toEqual({ state: 'accepted', reason: null });
});
