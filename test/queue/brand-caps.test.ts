import { inWorkspace } from '@signalbox/engine/db/database';
import { claimMessages } from '@signalbox/engine/sending/claim';
import { queueMessages } from '@signalbox/engine/sending/queue';
import { takeShard } from '@signalbox/engine/sending/shards';
import { readyBacklogs } from '@signalbox/engine/sending/turns';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setRules } from '../support/gate-rules.ts';
import { type Harness, startHarness } from '../support/harness.ts';

/** Four accounts, each in a shard of its own, with a number each that is registered for the same brand. */
const shards = [0, 1, 2, 3];
/** Noon in California. */
const noon = new Date('2026-03-02T20:00:00Z');
const midnight = new Date('2026-03-03T08:00:00Z');

let harness: Harness;
const accounts: Array<{ readonly accountId: string; readonly address: string }> = [];
beforeAll(async () => {
  harness = await startHarness({
    work: false,
    prepare: async (ownerUrl) => {
      const owner = new pg.Client({ connectionString: ownerUrl });
      await owner.connect();
      await owner.query('INSERT INTO dispatch_shards (shard) SELECT unnest($1::int[]) ON CONFLICT DO NOTHING', [
        shards,
      ]);
      await owner.end();
    },
  });
  const { engine, workspaceId } = harness;
  await harness.inTx(async (tx) => {
    const own = await tx.selectFrom('accounts').selectAll().executeTakeFirstOrThrow();
    for (const shard of shards) {
      const [accountId, address] = [engine.ids.uuid(), `+1202555018${shard}`];
      await tx
        .insertInto('accounts')
        .values({
          workspace_id: workspaceId,
          id: accountId,
          provider: own.provider,
          name: `Account ${shard}`,
          external_id: `${own.external_id}${shard}`,
          base_url: own.base_url,
          secret: own.secret,
          opt_out_handling: own.opt_out_handling,
          brand: own.brand,
          shard,
          created_at: noon,
        })
        .execute();
      await tx
        .insertInto('senders')
        .values({
          workspace_id: workspaceId,
          id: engine.ids.uuid(),
          account_id: accountId,
          address,
          kind: 'long_code',
          created_at: noon,
        })
        .execute();
      accounts.push({ accountId, address });
    }
  });
});
afterAll(() => harness.close());
beforeEach(() =>
  harness.inTx(async (tx) => {
    for (const table of ['message_queue', 'brand_segments', 'gate_rules'] as const)
      await tx.deleteFrom(table).execute();
    await setRules(
      { tx, workspaceId: harness.workspaceId, now: noon },
      { 'quiet-hours': { law: false }, countries: { every: true } },
    );
  }),
);

/** Registers the numbers for one brand; each may say another cap. */
const cap = (...segments: ReadonlyArray<number | null>) =>
  harness.inTx(async (tx) => {
    for (const [index, { address }] of accounts.entries())
      await tx
        .updateTable('senders')
        .set({ registration_brand: 'BACME', brand_daily_segments: segments[index % segments.length] ?? null })
        .where('address', '=', address)
        .execute();
  });

let people = 0;
async function queue(
  count: number,
  more: { readonly prefix?: string; readonly text?: string } = {},
): Promise<string[]> {
  const { prefix = '+1202559', text = 'Hello' } = more;
  const { engine, workspaceId } = harness;
  const entries = Array.from({ length: count }, (_, index) => {
    people += 1;
    const from = accounts[index % accounts.length];
    if (from === undefined) throw new Error('There is no account.');
    return {
      id: engine.ids.uuid(),
      contactId: engine.ids.uuid(),
      number: `${prefix}${String(people).padStart(4, '0')}`,
      sender: from,
    };
  });
  await harness.inTx(async (tx) => {
    await tx
      .insertInto('numbers')
      .values(entries.map(({ number }) => ({ workspace_id: workspaceId, number })))
      .execute();
    const times = { created_at: noon, updated_at: noon };
    await tx
      .insertInto('contacts')
      .values(entries.map(({ contactId: id, number: phone }) => ({ workspace_id: workspaceId, id, phone, ...times })))
      .execute();
    const rest = { routeId: null, enrollmentId: null, hop: null, later: null, exemption: null };
    await queueMessages(
      { tx, workspaceId, now: noon },
      { flowId: null },
      entries.map((entry) => ({
        ...entry,
        ...rest,
        draft: { text, purpose: 'transactional', lane: 'campaign' } as const,
      })),
    );
  });
  return entries.map(({ id }) => id);
}

/** One claim of a shard's dispatcher; the segments that it took. */
async function claim(shard: number, at: Date, places: number): Promise<number> {
  const { accountId = '' } = accounts[shard] ?? {};
  const { engine, workspaceId } = harness;
  const epoch = await takeShard(harness.db, shard, at);
  const takes = (await readyBacklogs(harness.db, shard, at))
    .filter((backlog) => backlog.accountId === accountId)
    .map((backlog) => ({ backlog, places }));
  if (takes.length === 0) return 0;
  const round = await inWorkspace(harness.db, workspaceId, (tx) =>
    claimMessages(
      { ids: engine.ids },
      { tx, workspaceId, now: at },
      {
        accountId,
        shard,
        epoch,
        takes,
        leaseMs: 20_000,
        referenceRoom: 0,
        askCostAfterMs: null,
        unknownLineMs: 30_000,
      },
    ),
  );
  return round?.claimed.reduce((sum, { segments }) => sum + segments, 0) ?? 0;
}

const claimAll = async (at: Date, places = 50): Promise<number> => {
  let sum = 0;
  for (const shard of shards) sum += await claim(shard, at, places);
  return sum;
};

test('four shards that claim at once never pass the cap of a brand, and the next day goes on', async () => {
  await cap(100);
  await queue(200);
  const taken = await Promise.all(
    shards.map(async (shard) => {
      let sum = 0;
      for (let turn = 0; turn < 20; turn += 1) sum += await claim(shard, noon, 5);
      return sum;
    }),
  );
  expect(taken.reduce((sum, each) => sum + each, 0)).toBe(100);
  const held = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('reason').where('state', '=', 'queued').where('reason', 'is not', null).execute(),
  );
  expect(held).toHaveLength(100);
  expect(held[0]?.reason).toEqual({
    code: 'brand_cap',
    values: { brand: 'BACME', cap: 100 },
    until: midnight.toISOString(),
  });
  expect(await claimAll(new Date(midnight.getTime() - 1_000))).toBe(0);
  expect(await claimAll(midnight)).toBe(100);
}, 60_000);

test('segments count, those to other countries do not, and of two caps the lower holds', async () => {
  await cap(5, 9);
  await queue(4, { prefix: '+4915120' });
  expect(await claimAll(noon)).toBe(4);
  await queue(4, { text: 'x'.repeat(200) });
  expect(await claimAll(noon)).toBe(4);
  await cap(null);
  await queue(4);
  expect(await claimAll(noon)).toBe(4);
});

test('what is claimed in the last minute of a day counts in the next one too', async () => {
  await cap(4);
  await queue(4);
  expect(await claimAll(new Date(midnight.getTime() - 30_000))).toBe(4);
  await queue(4);
  expect(await claimAll(new Date(midnight.getTime() + 1_000))).toBe(0);
});

test('what is over is refused where that is chosen, and so is what no day has room for', async () => {
  await cap(3);
  await harness.inTx((tx) =>
    setRules({ tx, workspaceId: harness.workspaceId, now: noon }, { 'brand-caps': { over: 'refuse' } }),
  );
  const ids = [...(await queue(1, { text: 'x'.repeat(1_000) })), ...(await queue(4))];
  expect(await claimAll(noon)).toBe(3);
  const rows = await harness.inTx((tx) =>
    tx.selectFrom('messages').select('reason').where('id', 'in', ids).where('state', '=', 'refused').execute(),
  );
  expect(rows.map(({ reason }) => reason)).toMatchObject(
    expect.arrayContaining([
      { code: 'brand_cap_below', values: { brand: 'BACME', cap: 3 } },
      { code: 'brand_cap', values: { brand: 'BACME', cap: 3 } },
    ]),
  );
});
