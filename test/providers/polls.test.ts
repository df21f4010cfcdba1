import { isReachable } from '@signalbox/engine/inbound/poll-account';
import type { Provider } from '@signalbox/engine/providers/provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiHarness, startApiHarness } from '../api/client.ts';
import { type Fake, news, startFake } from './planted/fake.ts';
import { inArrays } from './planted/in-arrays.ts';
import { addPlantedAccount } from './planted-account.ts';

/** An account that no webhook can reach: the harness is known by an address of this machine. */

let harness: ApiHarness;
let fake: Fake;
const asked: Date[] = [];
/** The provider at its own address, which is the fake's. */
let provider: Provider;
beforeAll(async () => {
  fake = await startFake([], 1, 'u');
  provider = {
    ...inArrays,
    baseUrl: fake.url,
    connect: (account, http) => {
      const connection = inArrays.connect(account, http);
      return {
        ...connection,
        poll: async (since, timeoutMs) => {
          asked.push(since);
          return (await connection.poll?.(new Date(0), timeoutMs)) ?? [];
        },
      };
    },
  };
  harness = await startApiHarness({ moreProviders: [provider] });
  await addPlantedAccount(harness, provider, { address: '+12025550161', baseUrl: fake.url });
});
afterAll(async () => {
  await harness.close();
  await fake.close();
});

const turn = () => harness.engine.maintenance.turn('polls');
const texts = () => harness.inTx((tx) => tx.selectFrom('messages').select(['body', 'number']).execute());
const later = (ms: number) =>
  harness.inTx((tx) =>
    tx
      .updateTable('accounts')
      .set({ polled_until: new Date(Date.now() - ms) })
      .where('provider', '=', 'in-arrays')
      .execute(),
  );

test('is asked every quarter of a minute for what came, each text once, and no account that webhooks reach', async () => {
  expect(await turn()).toBe(1);
  expect(await texts()).toEqual([{ body: 'Hello', number: news[1].from }]);
  expect(await turn()).toBe(0);
  await later(16_000);
  expect(await turn()).toBe(1);
  expect(await texts()).toHaveLength(1);
  expect(asked).toHaveLength(2);
  // What a provider lists late is looked for again.
  const [, second] = asked;
  expect(Date.now() - (second?.getTime() ?? 0)).toBeGreaterThan(100_000);
});

test('by one process at a time, and again after one that ended in between', async () => {
  await later(16_000);
  const before = asked.length;
  expect((await Promise.all([turn(), turn(), turn()])).sort()).toEqual([0, 0, 1]);
  expect(asked).toHaveLength(before + 1);
  const lease = (until: Date) =>
    harness.inTx((tx) =>
      tx.updateTable('accounts').set({ poll_lease_until: until }).where('provider', '=', 'in-arrays').execute(),
    );
  await later(16_000);
  await lease(new Date(Date.now() + 30_000));
  expect(await turn()).toBe(0);
  await lease(new Date(Date.now() - 1));
  expect(await turn()).toBe(1);
});

test('an address of this machine is reached by nobody else', () => {
  expect(
    ['http://127.0.0.1:4600', 'http://localhost:4600', 'http://[::1]:4600', 'http://a.localhost'].map(isReachable),
  ).toEqual([false, false, false, false]);
  expect(
    ['https://signalbox.example.com', 'http://192.168.1.4:4600', 'https://localhost.example.com'].map(isReachable),
  ).toEqual([true, true, true]);
});
