import { readFileSync } from 'node:fs';
import { shown } from '@signalbox/engine/http/ids';
import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness({ work: true });
});
afterAll(() => api.close());

const fieldSchema = z.looseObject({
  id: z.string(),
  key: z.string(),
  label: z.string(),
  type: z.string(),
  position: z.number(),
  retired: z.boolean(),
});
type Field = z.infer<typeof fieldSchema>;
const contactSchema = z.looseObject({ id: z.string(), attributes: z.record(z.string(), z.unknown()) });

const path = '/api/v1/contact-fields';
const post = (body: object) => api.call('POST', path, { body });
const add = async (body: object) => fieldSchema.parse((await post(body)).body);
const list = async () => z.object({ data: z.array(fieldSchema) }).parse((await api.call('GET', path)).body).data;
const patch = (field: Field, body: object, match = '*') =>
  api.call('PATCH', `${path}/${field.id}`, { body, headers: { 'if-match': match } });
let people = 0;
const person = async (attributes: object) =>
  api.call('POST', '/api/v1/contacts', { body: { phone: `+1202555${1_000 + ++people}`, attributes } });
const refusedAt = (key: string, code: string) => ({
  status: 422,
  body: { code: 'validation_failed', errors: [{ path: ['attributes', key], code }] },
});

describe('Fields of people', () => {
  test('have a key made of their label, and are listed in the order that they are put in', async () => {
    const birthday = await add({ label: 'Date of birth', type: 'date' });
    const spent = await add({ label: 'Spent', key: 'total_spent', type: 'money' });
    const plan = await add({ label: 'Plan', type: 'choice', options: ['basic', 'premium'] });
    expect([birthday, spent, plan]).toMatchObject([
      { key: 'date_of_birth', currency: null },
      { key: 'total_spent', currency: 'USD' },
      { key: 'plan', options: ['basic', 'premium'] },
    ]);
    await patch(plan, { position: 0 });
    expect((await list()).map(({ key, position }) => [key, position])).toEqual([
      ['plan', 0],
      ['date_of_birth', 1],
      ['total_spent', 2],
    ]);
    expect((await patch(plan, { label: 'Tariff', retired: true })).body).toMatchObject({
      label: 'Tariff',
      retired: true,
    });
    expect((await patch(plan, { retired: false })).body).toMatchObject({
      label: 'Tariff',
      key: 'plan',
      retired: false,
    });
    expect(await patch(plan, { label: 'Late' }, '"1"')).toMatchObject({
      status: 412,
      body: { current: { label: 'Tariff' } },
    });
  });

  test.each([
    ['a choice without options', { label: 'Size', type: 'choice' }, ['options'], 'field_options_missing'],
    ['options of a number', { label: 'Size', type: 'number', options: ['1'] }, ['options'], 'field_options_unfit'],
    ['a currency of a text', { label: 'Size', type: 'text', currency: 'EUR' }, ['currency'], 'field_currency_unfit'],
    ['a name that everybody has', { label: 'Email', type: 'text' }, ['key'], 'field_key_taken'],
    ['a label without letters', { label: '?!', type: 'text' }, ['key'], 'field_key_missing'],
  ])('refuses %s in its place', async (_what, body, at, code) => {
    expect(await post(body)).toMatchObject({ status: 422, body: { errors: [{ path: at, code }] } });
  });

  test('refuses a key that is taken, also by one that is retired', async () => {
    await patch(await add({ label: 'Shoe size', type: 'number' }), { retired: true });
    expect(await post({ label: 'Shoe size', type: 'text' })).toMatchObject({
      status: 409,
      body: { code: 'contact_field_exists' },
    });
  });
});

describe('Values of fields', () => {
  test('are stored as their type has them; a wrong one is refused at its path, and nothing is written', async () => {
    await add({ label: 'Visits', type: 'number' });
    await add({ label: 'Interests', type: 'list', options: ['tea', 'coffee'] });
    await add({ label: 'Member', type: 'yes_no' });
    const made = await person({ visits: '12', interests: ['Tea'], member: 'yes', total_spent: 12.5, free: 'as ever' });
    const { id, attributes } = contactSchema.parse(made.body);
    expect(attributes).toEqual({ visits: 12, interests: ['tea'], member: true, total_spent: '12.50', free: 'as ever' });
    expect(await person({ visits: 'many' })).toMatchObject(refusedAt('visits', 'field_number_unfit'));
    expect(await person({ interests: ['milk'] })).toMatchObject(refusedAt('interests', 'field_list_unfit'));
    expect(await person({ unheard_of: ['a', 'b'] })).toMatchObject(refusedAt('unheard_of', 'attribute_list_unknown'));
    const change = (attributes: object) =>
      api.call('PATCH', `/api/v1/contacts/${id}`, { body: { attributes }, headers: { 'if-match': '*' } });
    expect(await change({ date_of_birth: '2001-02-29', member: false })).toMatchObject(
      refusedAt('date_of_birth', 'field_date_unfit'),
    );
    expect(await change({ visits: null, interests: 'coffee, tea' })).toMatchObject({
      status: 200,
      body: { attributes: { interests: ['coffee', 'tea'], member: true, total_spent: '12.50', free: 'as ever' } },
    });
  });

  test('come from a file by key or label; a row with a wrong one is told by row and field', async () => {
    const text = [
      'phone,Date of birth,Visits,interests,Spent',
      '+12025551901,1990-05-01,7,Tea; coffee,"$1,250.5"',
      '+12025551902,1 May 1990,,,',
    ].join('\n');
    const answer = await api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text } });
    expect(answer.body).toMatchObject({
      created: 1,
      columns: [
        { field: 'phone' },
        { field: 'date_of_birth' },
        { field: 'visits' },
        { field: 'interests' },
        { field: 'total_spent' },
      ],
      errors: [{ row: 3, field: 'date_of_birth', code: 'field_date_unfit', value: '1 May 1990' }],
    });
    const stored = await api.inTx((tx) =>
      tx.selectFrom('contacts').select('attributes').where('phone', '=', '+12025551901').executeTakeFirst(),
    );
    expect(stored?.attributes).toEqual({
      date_of_birth: '1990-05-01',
      visits: 7,
      interests: ['tea', 'coffee'],
      total_spent: '1250.50',
    });
  });

  test('are written by a flow as their type has them, and read by its branch; one that does not fit fails its person', async () => {
    const w = flow('Points');
    const start = w.step('start', keyword, { keywords: ['VISITS'] });
    const set = w.step('set', updateContact, {
      assignments: [{ field: 'attributes.visits', value: '{{ reply.text | remove: "VISITS" }}' }],
    });
    const decide = w.step('decide', branch, {
      branches: [
        {
          id: 'often',
          label: 'Often',
          condition: {
            all: [
              { field: 'contact.attributes.visits', op: '>=', value: 10 },
              { field: 'contact.attributes.interests', op: 'is', value: 'coffee' },
            ],
          },
        },
      ],
    });
    const often = w.step('thanks', updateContact, { assignments: [{ field: 'attributes.often', value: 'yes' }] });
    start.to('next', set);
    set.to('next', decide);
    decide.to('often', often);
    const made = z
      .looseObject({ id: z.string() })
      .parse((await api.call('POST', '/api/v1/flows', { body: w.build() })).body);
    expect((await api.call('POST', `/api/v1/flows/${made.id}/publish`, { headers: { 'if-match': '*' } })).status).toBe(
      200,
    );
    api.carrier.text('+12025551901', businessNumber, 'VISITS 12');
    const attributes = async () =>
      (
        await api.inTx((tx) =>
          tx.selectFrom('contacts').select(['id', 'attributes']).where('phone', '=', '+12025551901').executeTakeFirst(),
        )
      )?.attributes;
    await until('the branch to be taken', async () => {
      const now = z.looseObject({ often: z.unknown() }).safeParse(await attributes());
      return now.success && now.data.often === 'yes';
    });
    expect(await attributes()).toMatchObject({ visits: 12, interests: ['tea', 'coffee'] });
    api.carrier.text('+12025551901', businessNumber, 'VISITS daily');
    const contact = await api.inTx((tx) =>
      tx.selectFrom('contacts').select('id').where('phone', '=', '+12025551901').executeTakeFirst(),
    );
    const passages = async () =>
      z
        .object({ data: z.array(z.looseObject({ state: z.string() })) })
        .parse((await api.call('GET', `/api/v1/contacts/${shown('contact', contact?.id ?? '')}/enrollments`)).body)
        .data;
    await until('the second passage to fail', async () => (await passages()).some(({ state }) => state === 'failed'));
    expect(await attributes()).toMatchObject({ visits: 12 });
  });
});

test('an upgrade makes fields of the attributes that people have: of the type that all of them have', async () => {
  const migration = readFileSync(
    new URL('../../packages/engine/src/db/migrations/0066_contact_fields.sql', import.meta.url),
    'utf8',
  );
  const fill =
    /ALTER TABLE contacts NO FORCE[\s\S]*?ALTER TABLE contacts FORCE ROW LEVEL SECURITY;/.exec(migration)?.[0] ?? '';
  const owner = new pg.Client({ connectionString: api.ownerUrl });
  await owner.connect();
  try {
    await owner.query('BEGIN');
    // As it was before the migration: no policy keeps the table's owner from it.
    await owner.query(
      'ALTER TABLE contact_fields NO FORCE ROW LEVEL SECURITY; ALTER TABLE contacts NO FORCE ROW LEVEL SECURITY; DELETE FROM contact_fields',
    );
    const { rows: before } = await owner.query<{ attributes: object }>('SELECT attributes FROM contacts ORDER BY id');
    await owner.query(
      `UPDATE contacts SET attributes = '{"points": "120", "zip": "02110", "vip": true, "colour": "blue"}' WHERE phone = '+12025551901'`,
    );
    await owner.query(
      `UPDATE contacts SET attributes = '{"points": 7.5, "zip": "10001"}' WHERE phone = '+12025551001'`,
    );
    await owner.query(fill);
    const { rows } = await owner.query<{ key: string; label: string; type: string }>(
      `SELECT key, label, type FROM contact_fields WHERE key IN ('points', 'zip', 'vip', 'colour') ORDER BY key`,
    );
    expect(rows).toEqual([
      { key: 'colour', label: 'Colour', type: 'text' },
      { key: 'points', label: 'Points', type: 'number' },
      { key: 'vip', label: 'Vip', type: 'yes_no' },
      { key: 'zip', label: 'Zip', type: 'text' },
    ]);
    expect(before.length).toBeGreaterThan(0);
  } finally {
    await owner.query('ROLLBACK');
    await owner.end();
  }
});
