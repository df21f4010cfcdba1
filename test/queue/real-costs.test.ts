import { inWorkspace } from '@signalbox/engine/db/database';
import { readMessage } from '@signalbox/engine/inbox/message-detail';
import { readSpending } from '@signalbox/engine/pricing/spending-view';
import type { Money, ReceiptStatus } from '@signalbox/engine/providers/provider';
import { askCosts } from '@signalbox/engine/sending/ask-costs';
import type { AttemptResult } from '@signalbox/engine/sending/attempt-result';
import { bookCosts } from '@signalbox/engine/sending/real-costs';
import { applyReceipts, joinEarlyReceipts } from '@signalbox/engine/sending/receipts';
import { settleAttempts } from '@signalbox/engine/sending/settle';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Harness, startHarness } from '../support/harness.ts';
import { createQueueWorld } from './queue-world.ts';

let harness: Harness;
let world: ReturnType<typeof createQueueWorld>;
beforeAll(async () => {
  harness = await startHarness({ work: false });
  world = createQueueWorld(harness);
});
afterAll(() => harness.close());

const now = new Date('2026-03-02T15:20:00Z');
const heard: ReadonlySet<string> = new Set();

beforeEach(async () => {
  const { engine, workspaceId } = harness;
  await harness.inTx(async (tx) => {
    for (const table of ['message_queue', 'spend_deltas', 'spend_hours', 'prices'] as const)
      await tx.deleteFrom(table).execute();
    const price = { workspace_id: workspaceId, provider: 'twilio', currency: 'USD', updated_at: now };
    await tx
      .insertInto('prices')
      .values({ ...price, id: engine.ids.uuid(), prefix: '+1', micro_units: 50_000 })
      .execute();
  });
});

const usd = (microUnits: number): Money => ({ microUnits: BigInt(microUnits), currency: 'USD' });

/** A message that was claimed; its attempt is under way. */
async function claimed(costDue: Date | null = null) {
  const messageId = await world.queue(now);
  await world.claim(now);
  const attempt = await harness.inTx(async (tx) => {
    if (costDue !== null)
      await tx
        .updateTable('message_attempts')
        .set({ cost_due_at: costDue })
        .where('message_id', '=', messageId)
        .execute();
    return tx
      .selectFrom('message_attempts')
      .select(['id', 'epoch'])
      .where('message_id', '=', messageId)
      .executeTakeFirstOrThrow();
  });
  return { messageId, attemptId: attempt.id, epoch: Number(attempt.epoch), providerId: `p-${attempt.id}` };
}
type Claimed = Awaited<ReturnType<typeof claimed>>;

async function answer(message: Claimed, outcome: AttemptResult['outcome']): Promise<void> {
  const { accountId, workspaceId } = harness;
  const result = {
    ...message,
    accountId,
    sender: '+12025550100',
    number: '+12025570001',
    flowId: null,
    country: 'US',
    outcome,
    retry: null,
    lookupAt: now,
  };
  await inWorkspace(harness.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now };
    await settleAttempts(work, { shard: 0, epoch: message.epoch }, [result]);
    await joinEarlyReceipts(work, outcome.kind === 'accepted' ? [result] : [], heard);
  });
}

/** @param part which part of the text it is about; the first has the message's own id. */
async function receipt(
  message: Claimed,
  cost: Money | null,
  { part = 0, status = 'sent', named = true }: { part?: number; status?: ReceiptStatus; named?: boolean } = {},
): Promise<void> {
  const { accountId, engine, workspaceId } = harness;
  await inWorkspace(harness.db, workspaceId, (tx) =>
    applyReceipts(
      engine,
      { tx, workspaceId, now },
      [
        {
          accountId,
          attemptId: named ? message.attemptId : null,
          providerId: part === 0 ? message.providerId : `${message.providerId}-${part}`,
          status,
          errorCode: null,
          failure: null,
          cost,
        },
      ],
      heard,
    ),
  );
}

const later = ({ attemptId }: Claimed, cost: Money): Promise<void> =>
  harness.inTx((tx) => bookCosts({ tx, workspaceId: harness.workspaceId, now }, [], [{ attemptId, cost }]));

async function standing({ attemptId }: Claimed) {
  return harness.inTx(async (tx) => {
    const deltas = await tx
      .selectFrom('spend_deltas')
      .select(['messages', 'micro_units', 'corrected', 'priced', 'country'])
      .execute();
    const attempt = await tx
      .selectFrom('message_attempts')
      .select(['estimate', 'cost', 'cost_currency', 'cost_due_at'])
      .where('id', '=', attemptId)
      .executeTakeFirstOrThrow();
    const sum = (of: (row: (typeof deltas)[number]) => unknown) =>
      deltas.reduce((all, row) => all + Number(of(row)), 0);
    return {
      messages: sum((row) => row.messages),
      spent: sum((row) => row.micro_units),
      corrected: sum((row) => row.corrected),
      priced: sum((row) => row.priced),
      countries: [...new Set(deltas.map(({ country }) => country))],
      ...attempt,
    };
  });
}

const forget = () => harness.inTx((tx) => tx.deleteFrom('spend_deltas').execute());

test('what a receipt says that a message cost takes the place of the estimate, once however often it comes', async () => {
  const message = await claimed();
  await answer(message, { kind: 'accepted', providerId: message.providerId });
  expect(await standing(message)).toMatchObject({ messages: 1, spent: 50_000, corrected: 0, priced: 0 });
  for (let time = 0; time < 3; time += 1) await receipt(message, usd(62_000), { status: 'delivered' });
  const right = { messages: 1, spent: 62_000, corrected: 12_000, priced: 1, cost: '62000', countries: ['US'] };
  expect(await standing(message)).toMatchObject(right);
  await receipt(message, usd(10_000));
  expect(await standing(message), 'one that says less tells of nothing more').toMatchObject(right);
});

test('whatever order an answer, receipts of parts and a later look come in, and however often, the same is left', async () => {
  const parts = [30_000, 31_000, 32_000] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 0, 1, 1, 2, 2, 3, 4, 5], { minLength: 9, maxLength: 9 }),
      fc.boolean(),
      async (order, named) => {
        await forget();
        const message = await claimed();
        for (const what of order) {
          // Only by our reference can a part find its message; the whole is found by the provider's id as well.
          const part = named ? what : 0;
          if (what < 3) await receipt(message, usd(parts[part] ?? 0), { part, named });
          else if (what === 3)
            await answer(message, { kind: 'accepted', providerId: message.providerId, cost: usd(90_000) });
          else if (what === 4) await receipt(message, { microUnits: 999n, currency: 'AUD' });
          else await later(message, usd(92_000));
        }
        expect(await standing(message)).toMatchObject({
          messages: 1,
          spent: named ? 93_000 : 92_000,
          corrected: named ? 43_000 : 42_000,
          priced: 1,
          cost: named ? '93000' : '92000',
          cost_currency: 'USD',
        });
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test('receipts of two parts at the same moment are both counted', async () => {
  const message = await claimed();
  await answer(message, { kind: 'accepted', providerId: message.providerId });
  await Promise.all([0, 1, 2, 3].map((part) => receipt(message, usd(20_000), { part })));
  expect(await standing(message)).toMatchObject({ spent: 80_000, cost: '80000', messages: 1, priced: 1 });
});

test('a message without an estimate counts once its price is told, and one that was refused counts nothing', async () => {
  await harness.inTx((tx) => tx.deleteFrom('prices').execute());
  const unpriced = await claimed();
  await answer(unpriced, { kind: 'accepted', providerId: unpriced.providerId });
  await receipt(unpriced, usd(70_000));
  expect(await standing(unpriced)).toMatchObject({ messages: 1, spent: 70_000, corrected: 0, priced: 1 });
  const refused = await claimed();
  await answer(refused, { kind: 'refused', errorClass: 'invalid_number', code: '1', retryAfterMs: null });
  expect(await standing(refused)).toMatchObject({ messages: 1, spent: 70_000 });
});

test('a price that is told later is asked for once it is due, put off while there is none, and given up after days', async () => {
  const { accountId, engine, workspaceId } = harness;
  const due = new Date(now.getTime() + 300_000);
  const message = await claimed(due);
  await answer(message, { kind: 'accepted', providerId: message.providerId });
  let at = now;
  let price: Money | null = null;
  const asked: string[] = [];
  const stored = await engine.accounts.get(workspaceId, accountId);
  const accounts = {
    ...engine.accounts,
    get: async () => ({
      ...stored,
      connection: {
        ...stored.connection,
        costOf: async (id: string) => {
          asked.push(id);
          return price;
        },
      },
    }),
  };
  const ask = (when: Date) => {
    at = when;
    return askCosts({ db: harness.db, clock: { ...engine.clock, now: () => at }, accounts }, workspaceId, accountId);
  };
  const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  expect(await ask(after(4))).toBe(0);
  expect(asked).toEqual([]);
  expect(await ask(after(6))).toBe(0);
  expect(await ask(after(7))).toBe(0);
  expect(asked, 'not again at once').toEqual([message.providerId]);
  price = usd(44_000);
  expect(await ask(after(20))).toBe(1);
  expect(await standing(message)).toMatchObject({ spent: 44_000, corrected: -6_000, cost: '44000', cost_due_at: null });
  expect(await ask(after(60))).toBe(0);
  expect(asked).toHaveLength(2);

  price = null;
  const silent = await claimed(due);
  await answer(silent, { kind: 'accepted', providerId: silent.providerId });
  await ask(after(3 * 24 * 60 + 1));
  expect(await standing(silent)).toMatchObject({ cost: null, cost_due_at: null });
});

test('a message tells its estimate beside what it cost, and the month how much the two differ', async () => {
  const message = await claimed();
  await answer(message, { kind: 'accepted', providerId: message.providerId });
  await receipt(message, usd(62_000));
  const { workspaceId } = harness;
  const { found, spending } = await harness.inTx(async (tx) => ({
    found: await readMessage({ tx, workspaceId }, message.messageId),
    spending: await readSpending({ tx, workspaceId }, now),
  }));
  expect(found?.message).toMatchObject({ cost: '62000', estimate: '50000', cost_told: true });
  expect(spending).toMatchObject({ month: '62000', real: { messages: 1, difference: '12000' } });
});
