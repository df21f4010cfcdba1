import { inWorkspace } from '@signalbox/engine/db/database';
import { shown } from '@signalbox/engine/http/ids';
import { readSpending } from '@signalbox/engine/pricing/spending-view';
import { rollUpSpends } from '@signalbox/engine/pricing/spent';
import { watchLimits } from '@signalbox/engine/pricing/watch-limits';
import type { AttemptResult } from '@signalbox/engine/sending/attempt-result';
import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { settleAttempts } from '@signalbox/engine/sending/settle';
import { takeShard } from '@signalbox/engine/sending/shards';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setRules } from '../support/gate-rules.ts';
import { type Harness, startHarness } from '../support/harness.ts';
import { readyTakes } from '../support/ready-takes.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ work: false });
});
afterAll(() => harness.close());

const now = new Date('2026-03-02T15:20:00Z');
const hourMs = 3_600_000;
let people = 0;

beforeEach(async () => {
  const { engine, workspaceId } = harness;
  await harness.inTx(async (tx) => {
    for (const table of ['message_queue', 'spend_deltas', 'spend_hours', 'prices', 'notices'] as const)
      await tx.deleteFrom(table).execute();
    const price = { workspace_id: workspaceId, provider: 'twilio', currency: 'USD', updated_at: now };
    await tx
      .insertInto('prices')
      .values([
        { ...price, id: engine.ids.uuid(), prefix: '+1', micro_units: 1_000_000 },
        { ...price, id: engine.ids.uuid(), prefix: '+61', micro_units: 3_000_000 },
      ])
      .execute();
  });
});

type Limit = {
  readonly scope: string;
  readonly subject?: string;
  readonly period: string;
  readonly amount: number;
  readonly at_limit?: string;
};
const limit = (limits: readonly Limit[], rest: object = {}) =>
  harness.inTx((tx) => setRules({ tx, workspaceId: harness.workspaceId, now }, { spending: { limits, ...rest } }));
const day = (units: number, rest: Partial<Limit> = {}): Limit => ({
  scope: 'workspace',
  period: 'day',
  amount: units * 1_000_000,
  ...rest,
});

/** Queues a message each to so many new people. */
async function queue(count: number, prefix = '+1202558', text = 'Hello'): Promise<string[]> {
  const { engine, workspaceId, sender } = harness;
  const entries = Array.from({ length: count }, () => {
    people += 1;
    return {
      id: engine.ids.uuid(),
      contactId: engine.ids.uuid(),
      number: `${prefix}${String(people).padStart(4, '0')}`,
    };
  });
  await harness.inTx(async (tx) => {
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
    const draft = { text, purpose: 'transactional', lane: 'campaign' } as const;
    await queueMessages(
      { tx, workspaceId, now },
      { flowId: null },
      entries.map((entry) => ({ ...entry, ...rest, sender, draft })),
    );
  });
  return entries.map(({ id }) => id);
}

async function claim(at: Date, places: number, epoch: number) {
  const { accountId, engine, workspaceId } = harness;
  const takes = await readyTakes(harness.db, at, places);
  if (takes.length === 0) return [];
  const round = await inWorkspace(harness.db, workspaceId, (tx) =>
    claimMessages(
      { ids: engine.ids },
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
  return round?.claimed ?? [];
}
type Claimed = Awaited<ReturnType<typeof claim>>[number];

const spent = async (): Promise<number> => {
  const rows = await harness.inTx((tx) => tx.selectFrom('spend_deltas').select('micro_units').execute());
  return rows.reduce((sum, row) => sum + Number(row.micro_units), 0) / 1_000_000;
};
const reasons = () =>
  harness.inTx((tx) =>
    tx.selectFrom('messages').select('reason').where('reason', 'is not', null).where('state', '=', 'queued').execute(),
  );

async function settle(
  epoch: number,
  rows: readonly Claimed[],
  outcome: (row: Claimed) => AttemptResult['outcome'],
): Promise<void> {
  await harness.inTx((tx) =>
    settleAttempts(
      { tx, workspaceId: harness.workspaceId, now },
      { shard: 0, epoch },
      rows.map((row) => ({ ...row, outcome: outcome(row), retry: null, lookupAt: now })),
    ),
  );
}

test('a claim takes no more than the limit lets, and the rest waits for the next period with its reason', async () => {
  await limit([day(3)]);
  await queue(5);
  const epoch = await takeShard(harness.db, 0, now);
  expect(await claim(now, 10, epoch)).toHaveLength(3);
  expect(await spent()).toBe(3);
  const held = await reasons();
  expect(held).toHaveLength(2);
  expect(held[0]?.reason).toMatchObject({
    code: 'over_limit',
    values: { period: 'day' },
    until: '2026-03-03T00:00:00.000Z',
  });
  expect(await claim(new Date('2026-03-02T23:59:00Z'), 10, epoch)).toEqual([]);
  expect(await claim(new Date('2026-03-03T00:00:01Z'), 10, epoch)).toHaveLength(2);
});

test('two hundred claims at once against a limit of a hundred never pass it', async () => {
  await limit([day(100)]);
  await queue(200);
  const epoch = await takeShard(harness.db, 0, now);
  const claims: Claimed[] = [];
  // As many as the pool has connections for: each claims single messages, as 200 did that came at once.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let turn = 0; turn < 25; turn += 1) claims.push(...(await claim(now, 1, epoch)));
    }),
  );
  expect(claims.length).toBeLessThanOrEqual(100);
  while (true) {
    const more = await claim(now, 50, epoch);
    if (more.length === 0) break;
    claims.push(...more);
  }
  expect(claims).toHaveLength(100);
  expect(new Set(claims.map(({ messageId }) => messageId)).size).toBe(100);
  expect(await spent()).toBe(100);
}, 60_000);

test('segments count, and so do limits of a country and of an account', async () => {
  const { accountId } = harness;
  await limit([
    day(4, { scope: 'country', subject: 'AU', at_limit: 'refuse' }),
    day(100, { scope: 'account', subject: shown('account', accountId) }),
  ]);
  await queue(2, '+6149157');
  await queue(1, '+1202558', 'x'.repeat(200));
  const epoch = await takeShard(harness.db, 0, now);
  const claimed = await claim(now, 10, epoch);
  expect(claimed.map(({ estimate }) => estimate).sort()).toEqual([2_000_000, 3_000_000]);
  const refused = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('reason').where('state', '=', 'refused').execute(),
  );
  expect(refused).toMatchObject([{ reason: { code: 'over_limit', values: { period: 'day' } } }]);
});

test('what a provider refused is given back, and its own price takes the place of the estimate', async () => {
  await limit([day(4)]);
  await queue(6);
  const epoch = await takeShard(harness.db, 0, now);
  const claimed = await claim(now, 10, epoch);
  expect(claimed).toHaveLength(4);
  await settle(epoch, claimed.slice(0, 2), () => ({
    kind: 'refused',
    errorClass: 'invalid_number',
    code: '21211',
    retryAfterMs: null,
  }));
  expect(await spent()).toBe(2);
  await settle(epoch, claimed.slice(2, 4), ({ attemptId }) => ({
    kind: 'accepted',
    providerId: attemptId,
    cost: { microUnits: 1_500_000n, currency: 'USD' },
  }));
  expect(await spent()).toBe(3);
  expect(
    await claim(new Date(now.getTime() + 1), 10, epoch),
    'held until midnight: what is given back serves who comes after',
  ).toEqual([]);
  const [more] = await queue(1);
  expect((await claim(now, 10, epoch)).map(({ messageId }) => messageId)).toEqual([more]);
});

test('a price in another currency is written down and not reckoned with', async () => {
  await queue(1);
  const epoch = await takeShard(harness.db, 0, now);
  const claimed = await claim(now, 1, epoch);
  await settle(epoch, claimed, ({ attemptId }) => ({
    kind: 'accepted',
    providerId: attemptId,
    cost: { microUnits: 70_000n, currency: 'EUR' },
  }));
  expect(await spent()).toBe(1);
  const attempt = await harness.inTx((tx) =>
    tx
      .selectFrom('message_attempts')
      .select(['estimate', 'cost', 'cost_currency'])
      .where('id', '=', claimed[0]?.attemptId ?? '')
      .executeTakeFirst(),
  );
  expect(attempt).toEqual({ estimate: '1000000', cost: '70000', cost_currency: 'EUR' });
});

test('rolled up by the hour everything stays as it was: limits, days, where it went', async () => {
  await limit([day(10), { scope: 'workspace', period: 'month', amount: 4_000_000 }]);
  await queue(3);
  const epoch = await takeShard(harness.db, 0, now);
  await claim(now, 10, epoch);
  const { workspaceId } = harness;
  const read = () => harness.inTx((tx) => readSpending({ tx, workspaceId }, now));
  const before = await read();
  expect(before).toMatchObject({
    currency: 'USD',
    today: '3000000',
    month: '3000000',
    by_country: [{ id: 'US', messages: 3, micro_units: '3000000' }],
    by_account: [{ name: 'Test account', messages: 3 }],
    limits: [
      { period: 'day', amount: '10000000', spent: '3000000', until: '2026-03-03T00:00:00.000Z' },
      { period: 'month', amount: '4000000', spent: '3000000', until: '2026-04-01T00:00:00.000Z' },
    ],
  });
  expect(await harness.inTx((tx) => rollUpSpends({ tx, workspaceId }))).toBe(1);
  expect(await spent(), 'no delta is left').toBe(0);
  expect(await read()).toEqual(before);
  await queue(3);
  expect(await claim(now, 10, epoch), 'of the month one is left').toHaveLength(1);
});

test('somebody is told at 50, 80 and 100 percent, once a period, and no longer once it is over', async () => {
  await limit([day(10)]);
  const { engine, workspaceId } = harness;
  const watch = (at: Date) => harness.inTx((tx) => watchLimits(engine, { tx, workspaceId, now: at }));
  const open = async () => {
    const rows = await harness.inTx((tx) =>
      tx
        .selectFrom('notices')
        .select('detail')
        .where('kind', '=', 'spending_limit')
        .where('resolved_at', 'is', null)
        .execute(),
    );
    return rows.map(({ detail }) => detail);
  };
  await queue(10);
  const epoch = await takeShard(harness.db, 0, now);
  await claim(now, 4, epoch);
  await watch(now);
  expect(await open()).toEqual([]);
  await claim(now, 4, epoch);
  await watch(now);
  await watch(now);
  expect(await open()).toMatchObject([{ percent: 50, of: 'the workspace' }, { percent: 80 }]);
  await claim(now, 4, epoch);
  await watch(now);
  expect(await open()).toHaveLength(3);
  await watch(new Date(now.getTime() + 24 * hourMs));
  expect(await open()).toEqual([]);
});

test('where there is no price and no limit nothing is reckoned, and no statement more is made', async () => {
  await harness.inTx((tx) => tx.deleteFrom('prices').execute());
  await limit([]);
  await queue(2);
  const epoch = await takeShard(harness.db, 0, now);
  expect((await claim(now, 10, epoch)).map(({ estimate }) => estimate)).toEqual([null, null]);
  const rows = await harness.inTx((tx) => tx.selectFrom('spend_deltas').select('id').execute());
  expect(rows).toEqual([]);
});
