import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { chooseSenders, readRouting } from '@signalbox/engine/routing/store';
import { startDispatcher } from '@signalbox/engine/sending/dispatcher';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { secretsKey } from '../support/secrets-key.ts';
import { senderOf } from '../support/senders.ts';

const other = { sid: `AC${'6'.repeat(32)}`, token: 'token-of-the-other-account', number: '+12025550188' };

let harness: Harness;
const ids = { first: '', second: '' };
let carrierUrl = '';

beforeAll(async () => {
  harness = await startHarness({ work: false, dispatch: { concurrency: 20, claimSize: 10 } });
  const { engine, workspaceId, accountId } = harness;
  harness.carrier.setAccount({
    sid: other.sid,
    auth_token: other.token,
    opt_out: 'customer',
    numbers: [{ number: other.number }],
  });
  ids.first = accountId;
  ids.second = engine.ids.uuid();
  await harness.inTx(async (tx) => {
    const now = engine.clock.now();
    const known = await tx
      .selectFrom('accounts')
      .select('base_url')
      .where('id', '=', accountId)
      .executeTakeFirstOrThrow();
    carrierUrl = known.base_url;
    await tx
      .insertInto('accounts')
      .values({
        workspace_id: workspaceId,
        id: ids.second,
        provider: 'twilio',
        name: 'Second',
        external_id: other.sid,
        base_url: carrierUrl,
        secret: createSecretBox(secretsKey).seal(workspaceId, ids.second, other.token),
        opt_out_handling: 'signalbox',
        brand: 'Test',
        created_at: now,
      })
      .execute();
    const sender = { workspace_id: workspaceId, account_id: ids.second, address: other.number, kind: 'long_code' };
    await tx
      .insertInto('senders')
      .values({ ...sender, id: engine.ids.uuid(), created_at: now })
      .execute();
    const senders = await tx.selectFrom('senders').select('id').orderBy('created_at').execute();
    const routeId = engine.ids.uuid();
    await tx
      .insertInto('sender_routes')
      .values({ workspace_id: workspaceId, id: routeId, position: 0, name: 'Home', countries: ['US'], mode: 'order' })
      .execute();
    await tx
      .insertInto('sender_route_members')
      .values(
        senders.map(({ id }, position) => ({ workspace_id: workspaceId, route_id: routeId, sender_id: id, position })),
      )
      .execute();
  });
});
afterAll(() => harness.close());

async function reach(url: string): Promise<void> {
  await harness.inTx((tx) => tx.updateTable('accounts').set({ base_url: url }).where('id', '=', ids.first).execute());
  harness.engine.accounts.forget(ids.first);
}

/** Queues so many messages to new people through the first account. */
async function queue(count: number, from: number, prefix = '+120255'): Promise<string[]> {
  const { engine, workspaceId } = harness;
  const now = engine.clock.now();
  const entries = Array.from({ length: count }, (_, index) => ({
    id: engine.ids.uuid(),
    contactId: engine.ids.uuid(),
    number: `${prefix}${String(from + index).padStart(5, '0')}`,
  }));
  await harness.inTx(async (tx) => {
    const sender = await senderOf({ tx, workspaceId });
    await tx
      .insertInto('numbers')
      .values(entries.map(({ number }) => ({ workspace_id: workspaceId, number })))
      .execute();
    await tx
      .insertInto('contacts')
      .values(
        entries.map(({ contactId, number }) => ({
          workspace_id: workspaceId,
          id: contactId,
          phone: number,
          created_at: now,
          updated_at: now,
        })),
      )
      .execute();
    const rest = { routeId: null, enrollmentId: null, hop: null, later: null, exemption: null };
    const draft = { text: 'Hello', purpose: 'transactional', lane: 'campaign' } as const;
    await queueMessages(
      { tx, workspaceId, now },
      { flowId: null },
      entries.map((entry) => ({ ...entry, ...rest, sender, draft })),
    );
  });
  return entries.map(({ id }) => id);
}

const health = async () =>
  (
    await harness.inTx((tx) =>
      tx.selectFrom('accounts').select('health').where('id', '=', ids.first).executeTakeFirst(),
    )
  )?.health;
const states = async (of: readonly string[]) => {
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select(['account_id', 'state']).where('id', 'in', of).execute(),
  );
  return {
    second: rows.filter((row) => row.account_id === ids.second && row.state !== 'queued').length,
    first: rows.filter((row) => row.account_id === ids.first && row.state !== 'queued').length,
    queued: rows.filter((row) => row.state === 'queued').length,
  };
};
const patient = { timeout: 60_000, interval: 50 };
const move = () => harness.engine.maintenance.turn('failover');

test('a provider that cannot be reached in the middle of a campaign: its breaker opens, what is left goes out by the route’s other sender, once each, and a probe brings it back', async () => {
  const { engine } = harness;
  const dispatcher = startDispatcher(engine.dispatchDeps, 0, await takeShard(harness.db, 0, engine.clock.now()), 20);
  const before = await queue(60, 10_000);
  await expect.poll(() => states(before), patient).toMatchObject({ first: 60, queued: 0 });
  expect(await health()).toBe('up');

  // Nobody listens there: provably not sent.
  await reach('http://127.0.0.1:9');
  const campaign = await queue(400, 20_000);
  dispatcher.nudge();
  await expect.poll(health, patient).toBe('down');
  const notices = () =>
    harness.inTx((tx) => tx.selectFrom('notices').select('kind').where('resolved_at', 'is', null).execute());
  expect(await notices()).toEqual([{ kind: 'provider_down' }]);
  await expect
    .poll(async () => {
      await move();
      return states(campaign);
    }, patient)
    .toMatchObject({ queued: 0 });
  expect((await states(campaign)).second).toBe(400);
  const accepted = harness.carrier.ledger.messages.filter(({ origin }) => origin === 'api').map(({ to }) => to);
  expect(new Set(accepted).size, 'nobody got two').toBe(accepted.length);
  expect(accepted).toHaveLength(460);

  // What fits no route waits, and a probe of it finds the provider again.
  const abroad = await queue(3, 0, '+6149157');
  await move();
  expect((await states(abroad)).queued).toBe(3);
  await reach(carrierUrl);
  await expect.poll(() => states(abroad), patient).toMatchObject({ first: 3, queued: 0 });
  await expect.poll(health, patient).toBe('up');
  expect(await notices()).toEqual([]);

  // Where everything else goes out by the other sender, one of those who are written to next is the probe.
  await reach('http://127.0.0.1:9');
  const again = await queue(50, 30_000);
  dispatcher.nudge();
  await expect.poll(health, patient).toBe('down');
  await expect
    .poll(async () => {
      await move();
      return states(again);
    }, patient)
    .toMatchObject({ queued: 0 });
  await reach(carrierUrl);
  const chosen = async (to: number) => {
    const people = Array.from({ length: 10 }, (_, index) => ({
      contactId: engine.ids.uuid(),
      number: `+120255${to + index}`,
      purpose: 'transactional' as const,
      preferredSender: null,
    }));
    const now = engine.clock.now();
    const work = { workspaceId: harness.workspaceId, now };
    const found = await harness.inTx(async (tx) =>
      chooseSenders({ ...work, tx }, await readRouting({ ...work, tx }, now), people, now),
    );
    return found.map((each) => each?.sender.accountId === ids.first);
  };
  expect(await chosen(40_000)).toEqual([true, ...Array<boolean>(9).fill(false)]);
  const [probe = ''] = await queue(1, 50_000);
  expect(await chosen(60_000), 'one waits to be tried').toEqual(Array<boolean>(10).fill(false));
  await move();
  dispatcher.nudge();
  await expect.poll(health, patient).toBe('up');
  // That the account works is known as soon as it answers; what it answered is written with what else is.
  await expect.poll(() => states([probe]), patient).toMatchObject({ first: 1 });
  await dispatcher.stop();
}, 180_000);

test('whoever takes over goes on with what was found: an account that is down is tried with one message, not with all', async () => {
  const { engine } = harness;
  await reach('http://127.0.0.1:9');
  await harness.inTx((tx) => tx.updateTable('accounts').set({ health: 'down' }).where('id', '=', ids.first).execute());
  const abroad = await queue(10, 100, '+6149157');
  const dispatcher = startDispatcher(engine.dispatchDeps, 0, await takeShard(harness.db, 0, engine.clock.now()), 20);
  const tried = () =>
    harness.inTx((tx) =>
      tx.selectFrom('message_attempts').select('message_id').where('message_id', 'in', abroad).execute(),
    );
  await expect.poll(async () => (await tried()).length, patient).toBe(1);
  await dispatcher.stop();
  expect((await tried()).length).toBe(1);
});
