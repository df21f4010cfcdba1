import { conversionsSql } from '@signalbox/engine/goals/conversions';
import { idFrom } from '@signalbox/engine/http/ids';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

const dayMs = 86_400_000;
const goalSchema = z.looseObject({
  id: z.string(),
  state: z.string(),
  archived: z.boolean(),
  revision: z.number(),
  last_30_days: z.object({
    conversions: z.number(),
    people: z.number(),
    without_value: z.number(),
    micro_units: z.string().nullable(),
  }),
});
const conversionsSchema = z.object({
  data: z.array(z.looseObject({ micro_units: z.string().nullable(), contact_id: z.string() })),
  next_cursor: z.string().nullable(),
});
let made = 0;
const post = (path: string, body: object) => api.call('POST', `/api/v1${path}`, { body });
const create = async (event: string, more: object = {}) =>
  goalSchema.parse((await post('/goals', { name: `Goal ${++made}`, event, ...more })).body);
const read = async (id: string) => goalSchema.parse((await api.call('GET', `/api/v1/goals/${id}`)).body);
const change = (id: string, body: object, match = '*') =>
  api.call('PATCH', `/api/v1/goals/${id}`, { body, headers: { 'if-match': match } });
const conversions = async (id: string, query = '') =>
  conversionsSchema.parse((await api.call('GET', `/api/v1/goals/${id}/conversions${query}`)).body);
const person = async () =>
  z.looseObject({ id: z.string() }).parse((await post('/contacts', { phone: `+120255${60_000 + ++made}` })).body).id;
const happened = async (type: string, contactId: string, data: object = {}, at = new Date()) => {
  const answer = await post('/events', { type, contact_id: contactId, data, occurred_at: at.toISOString() });
  expect(answer.status).toBe(202);
};
const filled = (id: string) =>
  until('the past to be counted', async () => {
    const goal = await read(id);
    return goal.state === 'ready' ? goal : null;
  });

describe('A goal', () => {
  test('counts each event of its type once, with what it is worth in whole millionths', async () => {
    const [a, b] = [await person(), await person()];
    const orders = await create('order.placed', { value_field: 'total', currency: 'eur' });
    expect(orders).toMatchObject({ currency: 'EUR', value_field: 'total', window_days: 5, delivery_days: 1 });
    const replies = await create('order.placed');
    await happened('order.placed', a, { total: 0.1 });
    await happened('order.placed', a, { total: '19.9900005' });
    await happened('order.placed', b, { total: '999999999999.999999' });
    await happened('order.placed', b, { total: -5 });
    await happened('order.cancelled', b, { total: 1 });
    const worth = (await conversions(orders.id)).data.map(({ micro_units }) => micro_units);
    expect(worth).toEqual(['-5000000', '999999999999999999', '19990001', '100000']);
    expect((await read(orders.id)).last_30_days).toEqual({
      conversions: 4,
      people: 2,
      without_value: 0,
      micro_units: '1000000000015090000',
    });
    expect((await read(replies.id)).last_30_days).toMatchObject({
      conversions: 4,
      without_value: 4,
      micro_units: null,
    });
  });

  test.each([
    ['words', { total: 'a lot' }],
    ['a sign of a currency', { total: '$12.50' }],
    ['a comma', { total: '12,50' }],
    ['more than there is', { total: '1000000000000' }],
    ['yes', { total: true }],
    ['nothing', { total: null }],
    ['no such field', { sum: 5 }],
    ['another currency', { total: 5, currency: 'usd' }],
  ])('counts what is no amount without a value: %s', async (_, data) => {
    const goal = await create(`unfit.happened_${made}`, { value_field: 'total', currency: 'EUR' });
    await happened(String(goal['event']), await person(), data);
    await happened(String(goal['event']), await person(), { total: 2.5, currency: 'eur' });
    expect((await read(goal.id)).last_30_days).toEqual({
      conversions: 2,
      people: 2,
      without_value: 1,
      micro_units: '2500000',
    });
  });

  test('counts the month before it, and neither what is older nor anything twice', async () => {
    const contactId = await person();
    const now = Date.now();
    await happened('visit.made', contactId, {}, new Date(now - 31 * dayMs));
    await happened('visit.made', contactId, {}, new Date(now - 29 * dayMs));
    await happened('visit.made', contactId, {}, new Date(now - 1_000));
    const goal = await create('visit.made');
    await happened('visit.made', contactId);
    expect((await filled(goal.id)).last_30_days.conversions).toBe(3);
    expect((await conversions(goal.id)).data).toHaveLength(3);
  });

  test('waits with the past for whoever stores an event and has not seen the goal', async () => {
    const contactId = await person();
    const [entered, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const store = (tx: Parameters<Parameters<typeof api.inTx>[0]>[0], id: string) =>
      sql`INSERT INTO events (workspace_id, id, type, contact_id, occurred_at, recorded_at)
        SELECT workspace_id, ${id}::uuid, 'slow.happened', id, now(), now() FROM contacts ORDER BY id DESC LIMIT 1`.execute(
        tx,
      );
    const slow = api.inTx(async (tx) => {
      await store(tx, api.engine.ids.uuid());
      entered.resolve();
      await released.promise;
      // What it found at first holds for all of it.
      await store(tx, api.engine.ids.uuid());
    });
    await entered.promise;
    const goal = await create('slow.happened');
    await happened('slow.happened', contactId);
    for (let turn = 0; turn < 3; turn += 1) await api.engine.maintenance.turn('goals');
    expect(await read(goal.id)).toMatchObject({ state: 'filling', last_30_days: { conversions: 1 } });
    released.resolve();
    await slow;
    expect((await filled(goal.id)).last_30_days.conversions).toBe(3);
  });

  test('gets nothing new while it is archived, and catches up when it comes back', async () => {
    const contactId = await person();
    const goal = await create('talk.booked');
    await happened('talk.booked', contactId);
    await filled(goal.id);
    expect((await change(goal.id, { archived: true })).body).toMatchObject({ archived: true });
    await happened('talk.booked', contactId);
    expect((await conversions(goal.id)).data).toHaveLength(1);
    expect((await change(goal.id, { archived: false })).body).toMatchObject({ archived: false, state: 'filling' });
    await filled(goal.id);
    expect((await conversions(goal.id)).data).toHaveLength(2);
  });

  test('is changed by whoever saw it as it is, and refuses what does not fit at its field', async () => {
    const goal = await create('a.happened');
    expect((await change(goal.id, { window_days: 7 }, '"9"')).status).toBe(412);
    expect((await change(goal.id, { window_days: 7 }, '"1"')).body).toMatchObject({ window_days: 7, revision: 2 });
    const refused = async (body: object) =>
      z
        .looseObject({ code: z.string(), errors: z.array(z.looseObject({ path: z.array(z.string()) })).optional() })
        .parse((await post('/goals', { name: `Goal ${++made}`, event: 'a.happened', ...body })).body);
    expect(await refused({ currency: 'EUR' })).toMatchObject({ errors: [{ path: ['currency'] }] });
    expect(await refused({ event: 'message.delivered' })).toMatchObject({ errors: [{ path: ['event'] }] });
    expect(await refused({ window_days: 0 })).toMatchObject({ errors: [{ path: ['window_days'] }] });
    expect(await refused({ name: goal['name'] })).toMatchObject({ code: 'goal_exists' });
    expect((await create('message.received'))['event']).toBe('message.received');
  });
});

test('whoever asks for conversions in a statement gets those of some people, or of everybody', async () => {
  const [a, b] = [await person(), await person()];
  const goal = await create('seen.in_sql', { value_field: 'worth', currency: 'USD' });
  for (const contactId of [a, a, b]) await happened('seen.in_sql', contactId, { worth: 2 });
  const sumOf = async (whom: readonly string[] | null) => {
    const asked = conversionsSql(idFrom('goal', goal.id), api.workspaceId, whom);
    const { rows } = await api.inTx((tx) =>
      sql<{
        sum: string;
      }>`SELECT sum(value_micro)::text AS sum FROM (${asked}) AS c WHERE currency = 'USD' AND at <= now()`.execute(tx),
    );
    return rows[0]?.sum;
  };
  expect([await sumOf(null), await sumOf([idFrom('contact', a)])]).toEqual(['6000000', '4000000']);
});

test('conversions come in pages, by day, and as a file without formulas', async () => {
  const contactId = await person();
  await api.call('PATCH', `/api/v1/contacts/${contactId}`, {
    body: { first_name: '=1+1' },
    headers: { 'if-match': '*' },
  });
  const goal = await create('page.read', { value_field: 'worth', currency: 'USD' });
  for (const worth of [1, 2, 3]) await happened('page.read', contactId, { worth });
  const first = await conversions(goal.id, '?limit=2');
  const second = await conversions(goal.id, `?limit=2&cursor=${first.next_cursor}`);
  expect([...first.data, ...second.data].map(({ micro_units }) => micro_units)).toEqual([
    '3000000',
    '2000000',
    '1000000',
  ]);
  expect(second.next_cursor).toBeNull();
  const days = z
    .object({ data: z.array(z.looseObject({ conversions: z.number(), micro_units: z.string().nullable() })) })
    .parse((await api.call('GET', `/api/v1/goals/${goal.id}/days`)).body).data;
  expect(days).toHaveLength(30);
  expect(days.reduce((sum, day) => sum + day.conversions, 0)).toBe(3);
  const file = String((await api.call('GET', `/api/v1/goals/${goal.id}/conversions/export`)).body).split('\r\n');
  expect(file).toHaveLength(5);
  expect(file[1]).toContain(`"${contactId}"`);
  expect(file[1]).toContain(`"'=1+1","","3.00","USD"`);
  await post('/contacts/delete', { contact_ids: [contactId] });
  expect((await conversions(goal.id)).data[0]).toMatchObject({ phone: null, first_name: null });
});
