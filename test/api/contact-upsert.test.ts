import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const personSchema = z.looseObject({ id: z.string(), phone: z.string(), external_id: z.string().nullable() });
const pageSchema = z.object({ data: z.array(personSchema), total: z.number(), next_cursor: z.string().nullable() });
const upsert = (contacts: readonly object[], headers: Record<string, string> = {}) =>
  api.call('POST', '/api/v1/contacts/upsert', { body: { contacts }, headers });
const list = async (query: string) => pageSchema.parse((await api.call('GET', `/api/v1/contacts${query}`)).body);
const one = async (externalId: string) => (await list(`?external_id=${externalId}`)).data[0];

describe('A list of people', () => {
  test('is added, then changed by number or by external id; a repeat under one key changes nothing', async () => {
    const people = [
      { phone: '+12025550201', external_id: 'a-1', first_name: 'Ada', attributes: { plan: 'basic', note: null } },
      { phone: '(202) 555-0202', external_id: 'a-2' },
    ];
    const made = await upsert(people, { 'idempotency-key': 'list-1' });
    expect(made).toMatchObject({ status: 200, body: { created: 2, updated: 0, failed: 0 } });
    expect((await upsert(people, { 'idempotency-key': 'list-1' })).body).toEqual(made.body);
    expect(await one('a-1')).toMatchObject({ attributes: { plan: 'basic' }, revision: 1 });
    const changed = await upsert([
      { external_id: 'a-1', attributes: { plan: null, city: 'Oslo' } },
      { phone: '+12025550202', last_name: 'Lovelace' },
      { phone: '+12025550203' },
    ]);
    expect(changed.body).toMatchObject({
      created: 1,
      updated: 2,
      data: [{ outcome: 'updated' }, { outcome: 'updated' }, { outcome: 'created' }],
    });
    expect(await one('a-1')).toMatchObject({ first_name: 'Ada', attributes: { city: 'Oslo' } });
    expect(await one('a-2')).toMatchObject({ phone: '+12025550202', last_name: 'Lovelace' });
  });

  test('tells at their places who is refused, and stores the others', async () => {
    await api.call('POST', '/api/v1/contact-fields', { body: { label: 'Visits', type: 'number' } });
    const answer = await upsert([
      { external_id: 'nobody' },
      { phone: '+1202555' },
      { phone: '+12025550209', external_id: 'a-1' },
      { phone: '+12025550204', attributes: { visits: 'many' } },
      { phone: '+12025550205', external_id: 'b-1' },
      { phone: '+1 202 555 0205' },
      { phone: '+12025550206', external_id: 'b-1' },
      { phone: '+12025550207', attributes: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, 1])) },
      { phone: '+12025550208', time_zone: 'Nowhere/Land' },
      { phone: '+12025550210', attributes: { visits: '7' } },
    ]);
    const outcomes = z
      .object({
        data: z.array(
          z.object({
            outcome: z.string(),
            errors: z.array(z.object({ path: z.array(z.unknown()), code: z.string() })),
          }),
        ),
      })
      .parse(answer.body)
      .data.map(({ outcome, errors: [error] }) =>
        error === undefined ? [outcome] : [outcome, error.path.slice(1).join('.'), error.code],
      );
    expect(outcomes).toEqual([
      ['refused', '0.phone', 'contact_unnamed'],
      ['refused', '1.phone', 'phone_too_short'],
      ['refused', '2.external_id', 'external_id_taken'],
      ['refused', '3.attributes.visits', 'field_number_unfit'],
      ['created'],
      ['refused', '5.phone', 'contact_twice'],
      ['refused', '6.external_id', 'external_id_taken'],
      ['refused', '7.attributes', 'attributes_limit'],
      ['refused', '8.time_zone', 'time_zone_invalid'],
      ['created'],
    ]);
  });

  test('has at most 1,000, and takes 1,000 in few statements', async () => {
    const people = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ phone: `+120255${String(60_000 + at)}`, external_id: `bulk-${at}` }));
    expect(await upsert(people(1_001))).toMatchObject({ status: 422, body: { errors: [{ path: ['contacts'] }] } });
    expect((await upsert(people(1_000))).body).toMatchObject({ created: 1_000, failed: 0 });
  });
});

describe('An external id', () => {
  test('belongs to one person', async () => {
    const post = (body: object) => api.call('POST', '/api/v1/contacts', { body });
    expect((await post({ phone: '+12025550220', external_id: 'c-1' })).status).toBe(201);
    expect(await post({ phone: '+12025550221', external_id: 'c-1' })).toMatchObject({
      status: 409,
      body: { code: 'contact_external_id_taken' },
    });
    const other = personSchema.parse((await post({ phone: '+12025550222' })).body);
    const patch = (external_id: string | null) =>
      api.call('PATCH', `/api/v1/contacts/${other.id}`, { body: { external_id }, headers: { 'if-match': '*' } });
    expect(await patch('c-1')).toMatchObject({ status: 409, body: { code: 'contact_external_id_taken' } });
    expect((await patch('c-2')).body).toMatchObject({ external_id: 'c-2' });
    expect((await patch(null)).body).toMatchObject({ external_id: null });
  });

  test('comes from a file, where one that is taken is told by its row', async () => {
    const text = 'phone,External ID\n+12025550230,d-1\n+12025550231,d-1\n+12025550232,d-2';
    expect(
      (await api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text } })).body,
    ).toMatchObject({
      created: 2,
      failed: 1,
      errors: [{ row: 3, field: 'external_id', code: 'external_id_taken' }],
    });
  });
});

test('who changed since is listed in the order of changes, page by page', async () => {
  const before = new Date().toISOString();
  const [first, second] = [await one('a-1'), await one('a-2')];
  for (const person of [second, first])
    await api.call('PATCH', `/api/v1/contacts/${person?.id}`, {
      body: { last_name: 'Later' },
      headers: { 'if-match': '*' },
    });
  const page = await list(`?updated_since=${before}&limit=1`);
  expect([page.total, page.data.map(({ id }) => id)]).toEqual([2, [second?.id]]);
  const next = await list(`?updated_since=${before}&limit=1&cursor=${page.next_cursor}`);
  expect([next.data.map(({ id }) => id), next.next_cursor]).toEqual([[first?.id], null]);
  // A cursor of the other order is none of this one.
  const added = await list('?limit=1');
  expect((await api.call('GET', `/api/v1/contacts?updated_since=${before}&cursor=${added.next_cursor}`)).status).toBe(
    400,
  );
});
