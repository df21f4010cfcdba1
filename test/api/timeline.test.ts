import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

const agent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const phone = '+12025561907';
const itemSchema = z.looseObject({ kind: z.string(), action: z.string(), at: z.string(), text: z.string().nullable() });
const timelineSchema = z.object({ data: z.array(itemSchema), next_cursor: z.string().nullable() });

let api: ApiHarness;
let id: string;
const read = async (query = '', of = id) =>
  timelineSchema.parse((await api.call('GET', `/api/v1/contacts/${of}/timeline${query}`)).body);
const told = async (query = '') => (await read(query)).data.map(({ kind, action }) => `${kind} ${action}`);

beforeAll(async () => {
  api = await startApiHarness({ work: true });
  await api.publish('Conversation', conversationFlow({ keyword: 'JOIN' }));
  const made = await api.call('POST', '/api/v1/contacts', { body: { phone, first_name: 'Tilda' } });
  id = z.looseObject({ id: z.string() }).parse(made.body).id;
  api.carrier.text(phone, businessNumber, 'JOIN');
  await until('the flow to have asked', async () => (await told('?kind=message')).includes('message out'));
  const event = { type: 'shop.ordered', contact_id: id, data: {} };
  expect((await api.call('POST', '/api/v1/events', { body: event })).status).toBe(202);
  const sent = await api.call('POST', '/api/v1/messages', {
    body: {
      messages: [{ contact_id: id, text: 'See https://example.com/sale' }],
      purpose: 'transactional',
      shorten_links: true,
    },
  });
  expect(sent.status).toBe(202);
  const [message] = (await read('?kind=message')).data;
  const link = /https?:\/\/\S+/.exec(message?.text ?? '')?.[0] ?? '';
  const followed = await fetch(link, { redirect: 'manual', headers: { 'user-agent': agent } });
  expect(followed.status).toBe(302);
  await until('the click to be counted', async () => (await told('?kind=click')).length > 0);
  // What is read twice below has come to its end.
  await until('both texts to be delivered', async () => {
    const out = (await read('?kind=message')).data.filter(({ action }) => action === 'out');
    return out.length === 2 && out.every(({ state }) => state === 'delivered');
  });
}, 90_000);
afterAll(() => api.close());

test('holds messages, consent, flows, links and events of one person, the latest first', async () => {
  const { data, next_cursor } = await read();
  expect(next_cursor).toBeNull();
  expect(data.map(({ kind, action }) => `${kind} ${action}`).toSorted()).toEqual([
    'click clicked',
    'consent granted',
    'event shop.ordered',
    'flow entered',
    'message in',
    'message out',
    'message out',
  ]);
  const times = data.map(({ at }) => at);
  expect(times).toEqual(times.toSorted().reverse());
  expect(data[0]).toMatchObject({ kind: 'click', text: 'https://example.com/sale' });
  expect(data.find(({ kind }) => kind === 'flow')).toMatchObject({ flow_name: 'Conversation' });
  expect(data.find(({ kind }) => kind === 'consent')).toMatchObject({ purpose: 'marketing', method: 'flow' });
  expect(data.find(({ action }) => action === 'in')).toMatchObject({ text: 'JOIN' });
});

test('is read page by page, and by kind', async () => {
  const whole = (await read()).data;
  const paged = [];
  let cursor = '';
  for (;;) {
    const page = await read(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.data.length).toBeLessThanOrEqual(2);
    paged.push(...page.data);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  expect(paged).toEqual(whole);
  for (const kind of ['message', 'consent', 'flow', 'click', 'event'])
    expect((await read(`?kind=${kind}`)).data).toEqual(whole.filter((item) => item.kind === kind));
  expect((await api.call('GET', `/api/v1/contacts/${id}/timeline?kind=other`)).status).toBe(422);
});

test('says when somebody came out of a flow, and is nobody else’s', async () => {
  const stopped = await api.call('POST', '/api/v1/contacts/delete', { body: { contact_ids: [id] } });
  const { deletion_id } = z.looseObject({ deletion_id: z.string() }).parse(stopped.body);
  expect((await api.call('GET', `/api/v1/contacts/${id}/timeline`)).status).toBe(404);
  await api.call('POST', '/api/v1/deleted-contacts/restore', { body: { deletion_id } });
  expect((await told('?kind=flow')).toSorted()).toEqual(['flow entered', 'flow stopped']);
  const other = await api.call('POST', '/api/v1/contacts', { body: { phone: '+12025561908' } });
  expect((await read('', z.looseObject({ id: z.string() }).parse(other.body).id)).data).toEqual([]);
});
