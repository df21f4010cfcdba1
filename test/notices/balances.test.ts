import { shown } from '@signalbox/engine/http/ids';
import type { Checked } from '@signalbox/engine/providers/provider';
import { systemClock } from '@signalbox/engine/runtime/clock';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from '../api/client.ts';

let api: ApiHarness;
let at = Date.now();
let asked = 0;
let left: Checked = { ok: true, balance: { microUnits: 100_000_000n, currency: 'USD' } };

beforeAll(async () => {
  api = await startApiHarness({
    clock: { ...systemClock, now: () => new Date(at) },
    provider: (provider) => ({
      ...provider,
      connect: (account, http) => ({
        ...provider.connect(account, http),
        check: async () => {
          asked += 1;
          return left;
        },
      }),
    }),
  });
  token = await api.token('full', 'bearer', 100 * 86_400_000);
});
afterAll(() => api.close());

/** A token for as long as the clock goes. */
let token = '';
const path = () => `/api/v1/accounts/${shown('account', api.accountId)}`;
const warnBelow = async (warn_below: string | null) => {
  const answer = await api.call('PATCH', path(), { body: { warn_below }, headers: { 'if-match': '*' }, token });
  expect([answer.status, answer.body]).toMatchObject([200, { warn_below }]);
};
const isLeft = (units: number) => {
  left = { ok: true, balance: { microUnits: BigInt(units * 1_000_000), currency: 'USD' } };
};
const turn = () => api.engine.maintenance.turn('balances');
const notices = async (state: 'open' | 'past') =>
  z
    .object({ data: z.array(z.looseObject({ title: z.string() })) })
    .parse((await api.call('GET', `/api/v1/notices?state=${state}`, { token })).body)
    .data.map(({ title }) => title);
const hour = 3_600_000;

const balance = async () => (await api.call('GET', path(), { token })).body;

test('what is left in an account is asked for once it is there, with nobody to warn, and shown with the time', async () => {
  expect(await balance()).toMatchObject({ balance: null });
  expect(await turn()).toBe(1);
  const shownNow = { micro_units: '100000000', currency: 'USD', read_at: new Date(at).toISOString() };
  expect(await balance()).toMatchObject({ warn_below: null, balance: shownNow });
  expect(await turn(), 'not before an hour is over').toBe(0);
  expect(asked).toBe(1);
});

test('what is left is asked for at once and then every hour, and too little is noticed once', async () => {
  await warnBelow('20000000');
  expect(await turn()).toBe(1);
  expect(await notices('open')).toEqual([]);
  expect(await turn(), 'not before an hour is over').toBe(0);
  isLeft(19.5);
  at += hour;
  expect((await Promise.all([turn(), turn()])).sort()).toEqual([0, 1]);
  expect(await notices('open')).toEqual(['“Test account” has $19.50 left']);
  at += hour;
  isLeft(11);
  await turn();
  expect(await notices('open')).toEqual(['“Test account” has $19.50 left']);
});

test('a provider that cannot be asked says nothing either way', async () => {
  left = { ok: false, errorClass: 'transient', code: 'timeout' };
  at += hour;
  const before = await balance();
  expect(await turn()).toBe(1);
  expect(await notices('open')).toHaveLength(1);
  expect(await balance(), 'what was known stays, with its time').toEqual(before);
});

test('a provider that tells nothing is known to', async () => {
  left = { ok: true, balance: null };
  at += hour;
  await turn();
  expect(await balance()).toMatchObject({ balance: { micro_units: null, currency: null } });
  expect(await notices('open'), 'and says nothing either way').toHaveLength(1);
});

test('it is over once there is enough, and comes again as another', async () => {
  isLeft(20);
  at += hour;
  await turn();
  expect([await notices('open'), (await notices('past')).length]).toEqual([[], 1]);
  isLeft(1);
  at += hour;
  await turn();
  expect(await notices('open')).toEqual(['“Test account” has $1.00 left']);
});

test('another limit is another question, the same one is none', async () => {
  const before = asked;
  await warnBelow('20000000');
  expect(await turn()).toBe(0);
  expect(await notices('open')).toHaveLength(1);
  await warnBelow('500000');
  expect(await notices('open')).toEqual([]);
  expect(await turn()).toBe(1);
  expect(await notices('open')).toEqual([]);
  await warnBelow(null);
  at += hour;
  expect(await turn()).toBe(1);
  expect([asked, await notices('open')]).toEqual([before + 2, []]);
});
