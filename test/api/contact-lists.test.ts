import { flow } from '@signalbox/nodes/flow/builder';
import { updateContact } from '@signalbox/nodes/library/people/update-contact';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
let ids: string[] = [];
beforeAll(async () => {
  api = await startApiHarness({ work: true });
  const contacts = Array.from({ length: 120 }, (_, at) => ({
    phone: `+120255${String(50_100 + at)}`,
    first_name: at % 2 === 0 ? `Even ${at}` : `Odd ${at}`,
  }));
  const answer = await api.call('POST', '/api/v1/contacts/upsert', { body: { contacts } });
  ids = z
    .object({ data: z.array(z.object({ id: z.string() })) })
    .parse(answer.body)
    .data.map(({ id }) => id);
});
afterAll(() => api.close());

const listSchema = z.looseObject({ id: z.string(), name: z.string(), kind: z.string(), size: z.number() });
const listsSchema = z.object({ data: z.array(listSchema) });
const path = '/api/v1/contact-lists';
const post = (name: string, kind = 'list') => api.call('POST', path, { body: { name, kind } });
const add = async (name: string, kind = 'list') => listSchema.parse((await post(name, kind)).body);
const change = (id: string, body: object) => api.call('POST', `${path}/${id}/members`, { body });
const changed = async (id: string, body: object) =>
  z.object({ changed: z.number(), list: listSchema }).parse((await change(id, body)).body);
const total = async (query: string) =>
  z.object({ total: z.number() }).parse((await api.call('GET', `/api/v1/contacts?${query}`)).body).total;

test('a list and a tag may be called alike, two lists may not, however they are written', async () => {
  const list = await add('Regulars');
  const tag = await add('Regulars', 'tag');
  expect(await post('REGULARS')).toMatchObject({ status: 409, body: { code: 'contact_list_exists' } });
  const other = await add('Others');
  const rename = (name: string, match = '*') =>
    api.call('PATCH', `${path}/${other.id}`, { body: { name }, headers: { 'if-match': match } });
  expect(await rename('regulars')).toMatchObject({ status: 409 });
  expect((await rename('OTHERS')).body).toMatchObject({ name: 'OTHERS' });
  expect((await rename('Late', '"1"')).status).toBe(412);
  expect((await api.call('DELETE', `${path}/${other.id}`)).status).toBe(204);
  expect((await api.call('DELETE', `${path}/${other.id}`)).status).toBe(404);
  const names = async (query: string) =>
    listsSchema.parse((await api.call('GET', `${path}${query}`)).body).data.map(({ id }) => id);
  expect(await names('')).toHaveLength(2);
  expect(await names('?kind=tag')).toEqual([tag.id]);
  expect(await names('?kind=list')).toEqual([list.id]);
});

describe('People', () => {
  test('are put on a list by id or by a filter, and taken off; who is there already is not counted again', async () => {
    const list = await add('Even people');
    expect(await changed(list.id, { action: 'add', contact_ids: ids.slice(0, 2) })).toMatchObject({
      changed: 2,
      list: { size: 2 },
    });
    expect(await changed(list.id, { action: 'add', filter: { search: 'Even' } })).toMatchObject({
      changed: 59,
      list: { size: 61 },
    });
    expect(await total(`list_id=${list.id}`)).toBe(61);
    expect(await total(`list_id=${list.id}&search=Odd`)).toBe(1);
    expect(await changed(list.id, { action: 'remove', filter: { search: 'Odd' } })).toMatchObject({ changed: 1 });
    const tag = await add('Even', 'tag');
    expect(await changed(tag.id, { action: 'add', filter: { list_id: list.id } })).toMatchObject({ changed: 60 });
    expect(await changed(tag.id, { action: 'add', filter: {} })).toMatchObject({ changed: 60, list: { size: 120 } });
    const of = listsSchema.parse((await api.call('GET', `/api/v1/contacts/${ids[0]}/lists`)).body).data;
    expect(of.map(({ name, kind }) => [name, kind])).toEqual([
      ['Even', 'tag'],
      ['Even people', 'list'],
    ]);
    expect((await api.call('DELETE', `${path}/${list.id}`)).status).toBe(204);
    expect(await total('limit=1')).toBe(120);
    expect(await total(`list_id=${list.id}`)).toBe(0);
  });

  test('are named in one way, and exist', async () => {
    const { id } = await add('Nobody');
    const at = (...where: Array<string | number>) => ({ status: 422, body: { errors: [{ path: where }] } });
    expect(await change(id, { action: 'add' })).toMatchObject(at('contact_ids'));
    expect(await change(id, { action: 'add', contact_ids: [ids[0]], filter: {} })).toMatchObject(at('contact_ids'));
    const nobody = ids[0]?.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await change(id, { action: 'add', contact_ids: [ids[0], nobody] })).toMatchObject(at('contact_ids', 1));
    expect(await change(id, { action: 'add', filter: { list_id: 'lst_none' } })).toMatchObject(at('filter', 'list_id'));
    expect((await changed(id, { action: 'remove', filter: {} })).list.size).toBe(0);
  });
});

describe('A flow', () => {
  test('takes the people of a list, and of these those whom a condition fits', async () => {
    const w = flow('Those on a list');
    const start = w.step('start', apiEvent, { event: 'never.sent' });
    start.to('next', w.step('mark', updateContact, { assignments: [{ field: 'attributes.marked', value: 'yes' }] }));
    const { id } = z
      .looseObject({ id: z.string() })
      .parse((await api.call('POST', '/api/v1/flows', { body: w.build() })).body);
    await api.call('POST', `/api/v1/flows/${id}/publish`, { headers: { 'if-match': '*' } });
    const list = await add('Chosen');
    await changed(list.id, { action: 'add', contact_ids: ids.slice(0, 10) });
    const letIn = (body: object) => api.call('POST', `/api/v1/flows/${id}/enrollments`, { body });
    const batchSchema = z.looseObject({ id: z.string(), state: z.string(), enrolled: z.number() });
    const doneOf = async (body: object) => {
      const made = batchSchema.parse((await letIn(body)).body);
      return until('the batch to be done', async () => {
        const now = batchSchema.parse((await api.call('GET', `/api/v1/flows/${id}/batches/${made.id}`)).body);
        return now.state === 'done' ? now : null;
      });
    };
    const condition = { field: 'contact.first_name', op: 'starts_with', value: 'Odd' };
    expect((await doneOf({ list_id: list.id, condition })).enrolled).toBe(5);
    const marked = async () =>
      (await api.inTx((tx) => tx.selectFrom('contacts').select('attributes').execute())).filter(
        ({ attributes }) => z.looseObject({ marked: z.literal('yes') }).safeParse(attributes).success,
      ).length;
    await until('five to be marked', async () => (await marked()) === 5);
    expect((await doneOf({ list_id: list.id })).enrolled).toBe(10);
    await until('ten to be marked', async () => (await marked()) === 10);
    const none = list.id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect(await letIn({ list_id: none })).toMatchObject({
      status: 422,
      body: { errors: [{ path: ['list_id'], code: 'list_unknown' }] },
    });
  });
});
