import { plivo } from '@signalbox/engine/providers/plivo';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ moreProviders: [plivo] });
});
afterAll(() => api.close());

const listSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), prefix: z.string(), micro_units: z.string() })),
  next_cursor: z.string().nullable(),
});
const set = (prices: readonly object[]) => api.call('POST', '/api/v1/prices', { body: { prices } });
const list = async (query = '') => listSchema.parse((await api.call('GET', `/api/v1/prices${query}`)).body);
const price = (prefix: string, micro_units: string, provider = 'twilio') => ({ provider, prefix, micro_units });

test('prices are set, replaced by provider and prefix, listed in pages and deleted', async () => {
  expect(await set([price('+1', '7900'), price('+61', '51500'), price('+1', '60000', 'plivo')])).toMatchObject({
    status: 200,
  });
  expect((await set([price('+1', '8300')])).body).toMatchObject({
    data: [{ prefix: '+1', micro_units: '8300', currency: 'USD' }],
  });
  const first = await list('?limit=2');
  const second = await list(`?limit=2&cursor=${first.next_cursor}`);
  const all = [...first.data, ...second.data].map(({ prefix, micro_units }) => [prefix, micro_units]);
  expect(all).toEqual([
    ['+1', '60000'],
    ['+1', '8300'],
    ['+61', '51500'],
  ]);
  expect((await list('?provider=plivo')).data).toHaveLength(1);
  const gone = second.data[0]?.id;
  expect((await api.call('DELETE', `/api/v1/prices/${gone}`)).status).toBe(204);
  expect((await api.call('DELETE', `/api/v1/prices/${gone}`)).status).toBe(404);
});

test.each([
  ['a provider that there is not', price('+1', '1', 'nobody'), ['prices', 0, 'provider']],
  ['a prefix without its plus', price('61', '1'), ['prices', 0, 'prefix']],
  ['an amount below nothing', price('+61', '-1'), ['prices', 0, 'micro_units']],
  ['a field too many', { ...price('+61', '1'), currency: 'USD' }, ['prices', 0, 'currency']],
])('%s is refused in its place', async (_what, given, path) => {
  expect(await set([given])).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ path }] } });
});

test('a provider that no type could be named like is refused, not looked for', async () => {
  expect((await api.call('GET', '/api/v1/prices?provider=%00')).status).toBe(422);
});

test('a preview says what a message is reckoned to cost, and nothing where no price fits', async () => {
  await set([price('+1', '8300')]);
  const preview = async (to: string, text: string) =>
    (await api.call('POST', '/api/v1/messages/preview', { body: { to, text, purpose: 'otp' } })).body;
  expect(await preview('+12025550123', 'x'.repeat(200))).toMatchObject({
    segments: 2,
    price: { micro_units: '16600', currency: 'USD' },
  });
  expect(await preview('+4915123456789', 'Hallo')).toMatchObject({ price: null });
});

test('spending is told with its limits, also before anything is spent', async () => {
  const limits = [{ scope: 'country', subject: 'AU', period: 'month', amount: 5_000_000 }];
  await api.call('PATCH', '/api/v1/gate/rules/spending', {
    body: { settings: { limits } },
    headers: { 'if-match': '*' },
  });
  const { body } = await api.call('GET', '/api/v1/spending');
  expect(body).toMatchObject({
    currency: 'USD',
    today: '0',
    month: '0',
    forecast: null,
    by_account: [],
    limits: [
      { scope: 'country', subject: 'AU', name: 'AU', period: 'month', at_limit: 'hold', amount: '5000000', spent: '0' },
    ],
  });
  expect(z.object({ days: z.array(z.unknown()) }).parse(body).days).toHaveLength(30);
});

test.each([
  [{ scope: 'workspace', subject: 'AU', period: 'day', amount: 1 }, 'subject'],
  [{ scope: 'account', subject: '', period: 'day', amount: 1 }, 'subject'],
  [{ scope: 'workspace', period: 'year', amount: 1 }, 'period'],
  [{ scope: 'workspace', period: 'day', amount: -1 }, 'amount'],
])('a limit such as %j is refused at its field', async (limit, field) => {
  const answer = await api.call('PATCH', '/api/v1/gate/rules/spending', {
    body: { settings: { limits: [limit] } },
    headers: { 'if-match': '*' },
  });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: ['settings', 'limits', 0, field] }] } });
});
