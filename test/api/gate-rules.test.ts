import { rules } from '@signalbox/nodes/gate/catalogue.gen';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ rules: 'as_new' });
});
afterAll(() => api.close());

const path = '/api/v1/gate/rules';
const ruleSchema = z.looseObject({ id: z.string(), revision: z.string(), settings: z.record(z.string(), z.unknown()) });

const set = (rule: string, settings: object, match = '*') =>
  api.call('PATCH', `${path}/${rule}`, { body: { settings }, headers: { 'if-match': match } });

test('every rule is listed, with what holds by default and the schema of what can be set', async () => {
  const { body } = await api.call('GET', path);
  const { data } = z.object({ data: z.array(ruleSchema) }).parse(body);
  expect(data.map(({ id }) => id)).toEqual(rules.map(({ name }) => name));
  expect(data.find(({ id }) => id === 'quiet-hours')).toMatchObject({
    settings: { law: true, hours: [], unknown_zone: 'workspace', outside: 'hold', spread_minutes: 10 },
    settings_schema: { properties: { law: { ui: { label: 'Keep the hours that laws set' } } } },
    updated_at: null,
  });
  expect(data.find(({ id }) => id === 'consent')).toMatchObject({ settings: {}, settings_schema: null });
});

test('a rule is set as a whole, with what is left out as by default, and only by whoever saw it last', async () => {
  const first = await set('quiet-hours', { outside: 'skip', hours: [{ days: [1], from: '09:00', to: '12:00' }] });
  expect(first).toMatchObject({ status: 200, body: { settings: { outside: 'skip', law: true } } });
  const { revision } = ruleSchema.parse(first.body);
  const second = await set('quiet-hours', { law: false }, `"${revision}"`);
  expect(second).toMatchObject({ status: 200, body: { settings: { outside: 'hold', law: false, hours: [] } } });
  const stale = await set('quiet-hours', {}, `"${revision}"`);
  expect(stale).toMatchObject({ status: 412, body: { code: 'stale', current: { settings: { law: false } } } });
  expect((await api.call('PATCH', `${path}/quiet-hours`, { body: { settings: {} } })).status).toBe(428);
});

test.each([
  ['frequency-caps', { caps: [{ messages: 0, hours: 24 }] }, ['settings', 'caps', 0, 'messages']],
  ['frequency-caps', { caps: [{ messages: 1, hours: 24, days: 1 }] }, ['settings', 'caps', 0, 'days']],
  ['quiet-hours', { hours: [{ days: [1], from: '12:00', to: '09:00' }] }, ['settings', 'hours', 0, 'to']],
  ['quiet-hours', { hours: [{ days: [8], from: '09:00', to: '12:00' }] }, ['settings', 'hours', 0, 'days', 0]],
  ['quiet-hours', { quiet: true }, ['settings', 'quiet']],
  ['countries', { open: ['au'] }, ['settings', 'open', 0]],
  ['content', { hosts: ['https://example.com/'] }, ['settings', 'hosts', 0]],
  ['suppression', { prefixes: ['900'] }, ['settings', 'prefixes', 0]],
])('%s refuses %j in its place', async (rule, settings, at) => {
  expect(await set(rule, settings)).toMatchObject({
    status: 422,
    body: { code: 'validation_failed', errors: [{ path: at }] },
  });
});

test('a rule that there is not, or that has nothing to set, is no place', async () => {
  for (const rule of ['nothing', 'consent']) expect((await set(rule, {})).status).toBe(404);
});

test('a message to a closed country is refused with the rule’s reason, and goes once the country is open', async () => {
  const send = () =>
    api.call('POST', '/api/v1/messages', {
      body: { messages: [{ to: '+61491570156', text: 'Your code is 1234' }], purpose: 'otp' },
    });
  expect((await send()).body).toMatchObject({
    data: [{ state: 'refused', reason: { code: 'country_closed', text: 'You do not send to this country (AU)' } }],
  });
  await set('countries', { open: ['AU'] });
  expect((await send()).body).toMatchObject({ data: [{ state: 'queued', reason: null }] });
});
