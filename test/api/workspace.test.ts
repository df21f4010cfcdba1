import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const path = '/api/v1/workspace';
const settingsSchema = z.looseObject({ revision: z.string() });
const refusedSchema = z.object({
  errors: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })),
});

const change = (body: unknown, match = '*') => api.call('PATCH', path, { body, headers: { 'if-match': match } });

test('until somebody says otherwise what held for everybody holds', async () => {
  const read = await api.call('GET', path);
  expect(read.body).toMatchObject({
    home_country: 'US',
    currency: 'USD',
    language: 'en',
    brand: null,
    link_domain: null,
    resend_unknown: false,
  });
});

test('each setting is stored as it is written everywhere, and the session says where home is', async () => {
  const given = {
    name: '  Our shop ',
    time_zone: 'Europe/Berlin',
    home_country: 'de',
    currency: 'eur',
    language: 'DE-at',
    brand: ' Shop ',
    stop_answer: ' You are out. ',
    help_answer: 'Call 555. STOP to stop.',
    link_domain: 'Go.Example.COM',
    resend_unknown: true,
  };
  const stored = {
    name: 'Our shop',
    time_zone: 'Europe/Berlin',
    home_country: 'DE',
    currency: 'EUR',
    language: 'de-AT',
    brand: 'Shop',
    stop_answer: 'You are out.',
    start_answer: null,
    help_answer: 'Call 555. STOP to stop.',
    link_domain: 'go.example.com',
    resend_unknown: true,
  };
  const changed = await change(given);
  expect([changed.status, changed.body]).toMatchObject([200, stored]);
  expect((await api.call('GET', path)).body).toEqual(changed.body);
  expect((await api.call('GET', '/api/v1/session')).body).toMatchObject({
    workspace: { name: 'Our shop', time_zone: 'Europe/Berlin', home_country: 'DE' },
  });
  const unset = await change({ brand: null, link_domain: null });
  expect(unset.body).toMatchObject({ ...stored, brand: null, link_domain: null });
});

test.each([
  ['home_country', 'ZZ'],
  ['home_country', 'Germany'],
  ['currency', 'ABC'],
  ['language', 'german please'],
  ['brand', '  '],
  ['stop_answer', '  '],
  ['help_answer', 'Call us, and do not stop.'],
  ['link_domain', 'https://go.example.com'],
  ['link_domain', 'go.example.com/x'],
  ['link_domain', 'localhost'],
  ['time_zone', 'Europe/Nowhere'],
])('%s cannot be “%s”, and says so at its field', async (field, value) => {
  const before = await api.call('GET', path);
  const refused = await change({ [field]: value });
  expect(refused.status).toBe(422);
  expect(refusedSchema.parse(refused.body).errors.map((error) => error.path)).toEqual([[field]]);
  expect((await api.call('GET', path)).body).toEqual(before.body);
});

test('of two who change it at once the second sees what the first did', async () => {
  const { revision } = settingsSchema.parse((await api.call('GET', path)).body);
  expect((await change({ currency: 'CHF' }, `"${revision}"`)).status).toBe(200);
  const late = await change({ currency: 'EUR' }, `"${revision}"`);
  expect([late.status, late.body]).toMatchObject([412, { current: { currency: 'CHF' } }]);
});

test('numbers without a country code are numbers of the home country, wherever they come in', async () => {
  const phoneOf = z.object({ phone: z.string() });
  const add = async (phone: string) => {
    const added = await api.call('POST', '/api/v1/contacts', { body: { phone } });
    return added.status === 201 ? phoneOf.parse(added.body).phone : added.status;
  };
  const importing = async (phone: string) => {
    const text = `phone\n${phone}`;
    await api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text } });
    const { data } = z.object({ data: z.array(phoneOf) }).parse((await api.call('GET', '/api/v1/contacts')).body);
    return data[0]?.phone;
  };
  const send = async (to: string) => {
    const body = { messages: [{ to, text: 'Hello' }], purpose: 'transactional' };
    const sent = await api.call('POST', '/api/v1/messages', { body });
    return z.object({ data: z.array(z.object({ to: z.string() })) }).parse(sent.body).data[0]?.to;
  };
  await change({ home_country: 'DE' });
  expect(await add('0151 2345 6701')).toBe('+4915123456701');
  expect(await importing('0151 2345 6702')).toBe('+4915123456702');
  expect(await send('0151 2345 6703')).toBe('+4915123456703');
  // Who searches writes it as at home, too.
  const found = async (list: string, search: string) => {
    const answer = await api.call('GET', `/api/v1/${list}${encodeURIComponent(search)}`);
    return z.object({ data: z.array(z.unknown()) }).parse(answer.body).data.length;
  };
  expect(await found('contacts?search=', '0151 2345 6701')).toBe(1);
  expect(await found('contacts?search=', '0049 151 2345 6701')).toBe(1);
  expect(await found('messages?number=', '0151 2345 6703')).toBe(1);
  expect(await found('contacts?search=', '0151 2345 6709')).toBe(0);
  await change({ home_country: 'AU' });
  expect(await add('0412 345 601')).toBe('+61412345601');
  expect(await importing('0412 345 602')).toBe('+61412345602');
  expect(await send('0412 345 603')).toBe('+61412345603');
  expect(await add('0151 2345 6709'), 'no number of Australia').toBe(422);
  // With its country code a number is what it says.
  expect(await add('+49 151 2345 6704')).toBe('+4915123456704');
});
