import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
let senders: readonly { readonly id: string; readonly address: string; readonly revision: string }[] = [];

const senderSchema = z.looseObject({ id: z.string(), address: z.string(), revision: z.string() });
const readSenders = async () =>
  z.object({ data: z.array(senderSchema) }).parse((await api.call('GET', '/api/v1/senders')).body).data;

beforeAll(async () => {
  api = await startApiHarness();
  const { data } = z
    .object({ data: z.array(z.object({ id: z.string() })) })
    .parse((await api.call('GET', '/api/v1/accounts')).body);
  for (const [address, kind] of [
    ['+12025550177', 'toll_free'],
    ['55555', 'short_code'],
  ])
    await api.call('POST', `/api/v1/accounts/${data[0]?.id}/senders`, {
      body: { address, kind },
      headers: { 'if-match': '*' },
    });
  senders = await readSenders();
});
afterAll(() => api.close());

const idOf = (address: string): string => senders.find((sender) => sender.address === address)?.id ?? '';
const oldest = (): string => senders[0]?.address ?? '';
const set = (routes: readonly object[], match = '*') =>
  api.call('PATCH', '/api/v1/routes', { body: { routes }, headers: { 'if-match': match } });
const routeTo = (name: string, addresses: readonly string[], rest: object = {}) => ({
  name,
  countries: [],
  purposes: [],
  mode: 'order',
  senders: addresses.map((address) => ({ sender_id: idOf(address) })),
  ...rest,
});
const preview = (body: object) => api.call('POST', '/api/v1/messages/preview', { body });

test('senders are listed with what is known of them, and registered by whoever saw them last', async () => {
  expect(senders.map(({ address }) => address)).toEqual([oldest(), '+12025550177', '55555']);
  const tollFree = senders[1];
  expect(tollFree).toMatchObject({
    kind: 'toll_free',
    country: 'US',
    registration: 'unknown',
    duties: [{ country: 'US', register: 'toll-free verification' }],
    account: { name: 'Test account', health: 'up' },
  });
  expect(senders[2]).toMatchObject({ country: null, duties: [] });
  const path = `/api/v1/senders/${tollFree?.id}`;
  const body = {
    registration: 'registered',
    registration_reference: 'TFV-1',
    registration_expires_on: '2027-01-31',
    registration_brand: 'BACME',
    brand_daily_segments: 2_000,
  };
  const done = await api.call('PATCH', path, { body, headers: { 'if-match': `"${tollFree?.revision}"` } });
  expect(done).toMatchObject({ status: 200, body });
  expect((await api.call('PATCH', path, { body, headers: { 'if-match': `"${tollFree?.revision}"` } })).status).toBe(
    412,
  );
  const wrong = await api.call('PATCH', path, { body: { registration: 'maybe' }, headers: { 'if-match': '*' } });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: ['registration'] }] } });
});

test('without routes the oldest sender sends, and the answer says why', async () => {
  expect((await preview({ to: '(202) 555-0123', purpose: 'otp', text: 'Your code is 1234' })).body).toMatchObject({
    to: '+12025550123',
    country: 'US',
    sender: { address: oldest(), account_name: 'Test account' },
    route: null,
    why: 'oldest',
    segments: 1,
    encoding: 'GSM-7',
  });
});

test('routes are set as a whole, in their order, and keep their ids', async () => {
  const first = await set([
    routeTo('Codes', ['55555'], { purposes: ['otp'] }),
    routeTo('Down under', ['+12025550177'], { countries: ['AU', 'NZ'] }),
  ]);
  expect(first).toMatchObject({ status: 200, body: { data: [{ name: 'Codes' }, { name: 'Down under' }] } });
  const { data, revision } = z
    .object({ data: z.array(z.looseObject({ id: z.string() })), revision: z.string() })
    .parse(first.body);
  const turned = await set([...data].reverse(), `"${revision}"`);
  expect(turned).toMatchObject({ status: 200, body: { data: [...data].reverse() } });
  expect(await set([], `"${revision}"`)).toMatchObject({
    status: 412,
    body: { current: { data: [...data].reverse() } },
  });
  expect((await api.call('GET', '/api/v1/routes')).body).toEqual(turned.body);
});

test('what would happen to a message says the route and every rule, and sends nothing', async () => {
  await api.call('PATCH', '/api/v1/gate/rules/countries', { body: { settings: {} }, headers: { 'if-match': '*' } });
  const asked = await preview({ to: '+61 491 570 156', purpose: 'marketing', text: 'Ends today – “really”' });
  expect(asked.body).toMatchObject({
    to: '+61491570156',
    country: 'AU',
    sender: { address: '+12025550177' },
    route: { name: 'Down under' },
    why: 'route',
    segments: 1,
    encoding: 'UCS-2',
  });
  const { rules } = z.object({ rules: z.array(z.looseObject({ rule: z.string() })) }).parse(asked.body);
  expect(rules.find(({ rule }) => rule === 'countries')).toMatchObject({
    verdict: 'refuse',
    reason: { code: 'country_closed' },
  });
  expect(rules.find(({ rule }) => rule === 'consent')).toMatchObject({
    verdict: 'refuse',
    reason: { code: 'no_consent' },
  });
  expect(rules.find(({ rule }) => rule === 'suppression')).toMatchObject({
    verdict: 'send',
    until: null,
    reason: null,
  });
  const stored = await api.inTx((tx) => tx.selectFrom('messages').select('id').execute());
  expect(stored).toEqual([]);
});

test('a message goes by its route, and its page says which; what is asked for goes before', async () => {
  const send = async (body: object) => {
    const { data } = z
      .object({ data: z.array(z.looseObject({ id: z.string() })) })
      .parse((await api.call('POST', '/api/v1/messages', { body })).body);
    return (await api.call('GET', `/api/v1/messages/${data[0]?.id}`)).body;
  };
  const text = 'Your code is 1234';
  expect(await send({ messages: [{ to: '+12025550131', text }], purpose: 'otp' })).toMatchObject({
    from: '55555',
    route: { name: 'Codes' },
  });
  expect(
    await send({ messages: [{ to: '+12025550131', text }], purpose: 'otp', sender: '+12025550177' }),
  ).toMatchObject({ from: '+12025550177', route: null });
  expect(
    await send({ messages: [{ to: '+12025550131', text }], purpose: 'transactional' }),
    'what they know',
  ).toMatchObject({
    from: '+12025550177',
    route: null,
  });
});

test.each([
  [
    'a sender that is none',
    (): object[] => [{ ...routeTo('X', []), senders: [{ sender_id: 'snd_01jd4w7h8zqv3m5k2n9x6r0t4c' }] }],
    ['routes', 0, 'senders', 0, 'sender_id'],
  ],
  ['a sender twice', () => [routeTo('X', ['55555', '55555'])], ['routes', 0, 'senders', 1, 'sender_id']],
  ['no sender', () => [routeTo('X', [])], ['routes', 0, 'senders']],
  ['a country that is none', () => [routeTo('X', ['55555'], { countries: ['XX'] })], ['routes', 0, 'countries', 0]],
  [
    'an id that is none',
    () => [{ ...routeTo('X', ['55555']), id: 'rte_01jd4w7h8zqv3m5k2n9x6r0t4c' }],
    ['routes', 0, 'id'],
  ],
])('%s is refused in its place, and nothing changes', async (_what, routes, path) => {
  const before = (await api.call('GET', '/api/v1/routes')).body;
  expect(await set(routes())).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ path }] } });
  expect((await api.call('GET', '/api/v1/routes')).body).toEqual(before);
});

test('a route without its last sender is none: messages go on by the rest', async () => {
  const account = z
    .object({ data: z.array(z.looseObject({ id: z.string() })) })
    .parse((await api.call('GET', '/api/v1/accounts')).body).data[0];
  await api.call('DELETE', `/api/v1/accounts/${account?.id}/senders/${idOf('55555')}`, {
    headers: { 'if-match': '*' },
  });
  expect((await preview({ to: '+12025550199', purpose: 'otp' })).body).toMatchObject({
    sender: { address: oldest() },
    why: 'oldest',
  });
});
