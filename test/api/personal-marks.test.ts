import { giveCodes } from '@signalbox/engine/codes/give';
import { idFrom } from '@signalbox/engine/http/ids';
import { MailError } from '@signalbox/engine/http/mailer';
import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { recordConsent } from '@signalbox/nodes/library/people/record-consent';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { businessNumber, until } from '../support/harness.ts';
import { testFlow } from '../support/tested.ts';
import { type ApiHarness, type CallOptions, startApiHarness } from './client.ts';
import { createFuzzWorld } from './fuzz-world.ts';
import { nameOf } from './judge.ts';
import { hasMarks, sightings } from './marks.ts';
import { type Json, type Operation, operationsOf } from './operations.ts';

/** What stands nowhere but in what is known of one person, and in what they wrote and were written. */
const canary = {
  phone: '+12025559742',
  first: 'Quillanna',
  last: 'Plovering',
  email: 'turnstone@example.com',
  attribute: 'Sanderlingvalue',
  text: 'Whimbrelwords',
  row: 'Godwitrow',
  suppressed: '+12025559743',
} as const;
const canaries = [...Object.values(canary), '2025559742'];

let api: ApiHarness;
let world: Awaited<ReturnType<typeof createFuzzWorld>>;
/** Ids of the canary's own, by the parameter of the path that takes them. */
const ids: Record<string, string> = {};

const idSchema = z.looseObject({ id: z.string() });
const firstSchema = z.looseObject({ data: z.array(idSchema) }).transform(({ data }) => data[0]?.id ?? '');
const person = { first_name: canary.first, last_name: canary.last, email: canary.email };

beforeAll(async () => {
  // A relay that refuses may name whom the mail was for.
  const send = () => Promise.reject(new MailError('EENVELOPE_550', `550 Nobody here is ${canary.email}`));
  api = await startApiHarness({ api: 'demo', work: true, mailer: { send } });
  world = await createFuzzWorld(api);
  const post = async (path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await api.call('POST', `/api/v1${path}`, { ...(body === undefined ? {} : { body }), headers });
    if (answer.status >= 300) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const get = async (path: string) => (await api.call('GET', `/api/v1${path}`)).body;
  const attributes = { secret: canary.attribute };
  ids['contact_id'] = idSchema.parse(await post('/contacts', { phone: canary.phone, ...person, attributes })).id;
  const w = flow('Birds');
  const start = w.step('start', keyword, { keywords: ['BIRDS'] });
  const record = w.step('record', recordConsent, { purpose: 'marketing', wording: 'Birds by text.' });
  const ask = w.step('ask', sendSms, {
    text: 'Which, {{ contact.first_name }} of {{ contact.attributes.secret }}? example.com/{{ contact.last_name }}',
    purpose: 'transactional',
    shorten_links: true,
  });
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const decide = w.step('decide', branch, {
    branches: [{ id: 'yes', label: 'Known', condition: { field: 'reply.text', op: 'contains', value: 'whimbrel' } }],
  });
  const done = w.step('done', end, {});
  start.to('next', record);
  record.to('next', ask);
  ask.to('sent', wait);
  wait.to('replied', decide).to('timeout', done);
  decide.to('yes', done).to('else', done);
  ids['flow_id'] = idSchema.parse(await post('/flows', w.build())).id;
  await post(`/flows/${ids['flow_id']}/publish`, undefined, { 'if-match': '*' });
  ids['webhook_id'] = idSchema.parse(
    await post('/webhooks', { url: 'http://127.0.0.1:9/', types: ['message.received'] }),
  ).id;
  ids['goal_id'] = idSchema.parse(await post('/goals', { name: 'Replies', event: 'message.received' })).id;
  const programme = { name: 'Birds', brand: 'Birds', purpose: 'marketing', disclosure: 'Birds by text.' };
  ids['form_id'] = idSchema.parse(
    await post('/sign-up-forms', {
      name: 'Birds',
      programme_id: idSchema.parse(await post('/consent/programmes', programme)).id,
      title: 'Birds by text',
      frequency: 'Weekly',
      terms_url: 'https://example.com/terms',
      privacy_url: 'https://example.com/privacy',
      double_opt_in: false,
    }),
  ).id;
  api.carrier.text(canary.phone, businessNumber, `BIRDS ${canary.text}`);
  const shownSchema = z.object({ state: z.string(), step_id: z.string().nullable() });
  const isThere = async (state: string, stepId: string) => {
    const id = firstSchema.parse(await get(`/contacts/${ids['contact_id']}/enrollments`));
    if (id === '') return false;
    ids['enrollment_id'] = id;
    const shown = shownSchema.parse(await get(`/enrollments/${id}`));
    return shown.state === state && shown.step_id === stepId;
  };
  await until('the question to be sent', () => isThere('waiting', 'wait'), 30_000);
  api.carrier.text(canary.phone, businessNumber, `It was ${canary.text}`);
  await until('the reply to be looked at', () => isThere('finished', 'done'), 30_000);
  ids['batch_id'] = idSchema.parse(
    await post(`/flows/${ids['flow_id']}/enrollments`, { contact_ids: [ids['contact_id']] }),
  ).id;
  ids['message_id'] = firstSchema.parse(await get(`/contacts/${ids['contact_id']}/messages`));
  ids['rule'] = 'quiet-hours';
  const deliveries = `/webhooks/${ids['webhook_id']}/deliveries`;
  ids['delivery_id'] = await until(
    'a webhook to be told',
    async () => firstSchema.parse(await get(deliveries)) || null,
  );
  // What is known of how they consented, and that they opted out elsewhere; neither keeps their texts of above from having been sent.
  const proof = { source: canary.text, source_url: 'https://example.com', ip: '203.0.113.7', user_agent: canary.row };
  await post('/consents', { people: [{ to: canary.phone }], action: 'grant', purpose: 'marketing', ...proof });
  await post('/suppressions', { numbers: [canary.suppressed], note: canary.text });
  const gone = idSchema.parse(await post('/contacts', { phone: '+12025559799', first_name: canary.first })).id;
  await post('/contacts/delete', { contact_ids: [gone] });
  const gif = { type: 'image/gif', text: `GIF89a0101000;${canary.text}` };
  ids['media_id'] = idSchema.parse((await api.call('POST', '/api/v1/media', { text: gif })).body).id;
  ids['suppression_id'] = firstSchema.parse(await get('/suppressions'));
  ids['programme_id'] = firstSchema.parse(await get('/consent/programmes'));
  const said = { default_language: 'en', texts: [{ language: 'en', text: 'Hello {{ contact.first_name }}' }] };
  const { id: tested } = idSchema.parse(await post('/flows', { name: 'Test', graph: testFlow('birds.tested') }));
  await post(`/flows/${tested}/publish`, undefined, { 'if-match': '*' });
  ids['test_id'] = firstSchema.parse(await get('/tests'));
  ids['template_id'] = idSchema.parse(await post('/message-templates', { name: 'Hello', content: said })).id;
  ids['pool_id'] = idSchema.parse(await post('/code-pools', { name: 'Codes', key: 'codes' })).id;
  await post(`/code-pools/${ids['pool_id']}/codes`, { codes: ['CODE-1'] });
  const wanted = [{ contactId: idFrom('contact', ids['contact_id'] ?? ''), pool: 'codes' }];
  await api.inTx((tx) => giveCodes({ tx, workspaceId: api.workspaceId, now: new Date() }, wanted));
  ids['list_id'] = firstSchema.parse(await get('/contact-lists'));
  // The canary is left out, as nobody knows their shoe size.
  const alone = idSchema.parse(await post('/contact-lists', { name: 'Alone', kind: 'list' })).id;
  await post(`/contact-lists/${alone}/members`, { action: 'add', contact_ids: [ids['contact_id']] });
  const shoes = { variable: 'contact.attributes.shoes', do: 'skip' };
  const campaign = {
    name: 'Greeting',
    audience: { include: [{ kind: 'list', list_id: alone }], exclude: [] },
    message: { text: 'Shoes in {{ contact.attributes.shoes }}', missing: [shoes] },
  };
  ids['campaign_id'] = idSchema.parse(await post('/campaigns', campaign)).id;
  await post('/segments', { name: 'Everybody', condition: { field: 'contact.phone', op: 'is_set' } });
  ids['segment_id'] = firstSchema.parse(await get('/segments'));
  await until('the segment to be built', async () =>
    (await api.inTx((tx) => tx.selectFrom('segment_members').select('contact_id').execute())).length > 0 ? true : null,
  );
  ids['field_id'] = firstSchema.parse(await get('/contact-fields'));
  ids['account_id'] = firstSchema.parse(await get('/accounts'));
  // Somebody who is told of notices is a person, too.
  await api.call('PATCH', '/api/v1/workspace', {
    body: { notice_emails: [canary.email] },
    headers: { 'if-match': '*' },
  });
}, 90_000);
afterAll(() => api.close());

let made = 0;
/** Requests whose answer says something of the canary: of those that change something and of those that are refused. */
const requests: Readonly<Record<string, () => CallOptions>> = {
  'POST /v1/contacts': () => ({ body: { phone: `+1202555${9_800 + ++made}`, ...person } }),
  'PATCH /v1/contacts/{contact_id}': () => ({ body: person, headers: { 'if-match': '*' } }),
  'POST /v1/message-templates/preview': () => ({
    body: {
      content: {
        default_language: 'en',
        texts: [{ language: 'en', text: '{{ contact.first_name }} {{ contact.attributes.plan }}' }],
      },
    },
  }),
  'POST /v1/campaigns/{campaign_id}/check': () => ({}),
  'POST /v1/messages/preview': () => ({ body: { to: canary.phone } }),
  'POST /v1/messages': () => ({
    body: { messages: [{ contact_id: ids['contact_id'], text: 'Hello' }], purpose: 'transactional' },
  }),
  'POST /v1/media': () => ({ text: { type: 'image/gif', text: 'GIF89a0101000;' } }),
  'POST /v1/suppressions': () => ({ body: { numbers: [canary.suppressed], note: canary.text } }),
  'POST /v1/suppressions/import': () => ({ text: { type: 'text/csv', text: `phone\n${canary.row}` } }),
  'POST /v1/consents/import': () => ({ text: { type: 'text/csv', text: `phone\n${canary.row}` } }),
  'POST /v1/consents': () => ({
    body: { people: [{ contact_id: ids['contact_id'] }], action: 'revoke', purpose: 'marketing' },
  }),
  'POST /v1/contacts/upsert': () => ({ body: { contacts: [{ phone: canary.phone, ...person }] } }),
  'POST /v1/contacts/import': () => ({
    text: { type: 'text/csv', text: `phone,first_name\n${canary.row},${canary.first}` },
  }),
};

const ownPath = (operation: Operation) =>
  `/api${operation.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x')}`;

/** Makes a request of the canary where one is known, and one that is let through where not. */
async function ask(operation: Operation) {
  if (operation.path === '/v1/stream') return { status: 200, type: 'text/event-stream', body: await firstEvents() };
  const own = operation.method === 'GET' ? {} : requests[nameOf(operation)]?.();
  if (own !== undefined) return api.call(operation.method, ownPath(operation), own);
  const directed = await world.directed[nameOf(operation)]?.();
  if (directed === undefined) throw new Error(`${nameOf(operation)} needs a request in test/api/fuzz-world.ts.`);
  return api.call(operation.method, `/api/v1${directed.path}`, directed);
}

/** The stream's snapshot, and what it tells of a change of the canary. */
async function firstEvents(): Promise<unknown[]> {
  const abort = new AbortController();
  const response = await fetch(`${api.url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${api.full}` },
    signal: abort.signal,
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.includes('event: changed')) break;
    if (text.includes('event: snapshot'))
      await api.call('PATCH', `/api/v1/contacts/${ids['contact_id']}`, { body: person, headers: { 'if-match': '*' } });
  }
  abort.abort();
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, event, data = '']) => ({
    event,
    data: JSON.parse(data),
  }));
}

function schemaOf(operation: Operation, status: number, type: string): Json {
  return operation.responses[String(status)]?.content?.[type]?.schema ?? {};
}

/** Asks every operation; lines for canaries at unmarked fields, and the operations at whose marked fields one was seen. */
async function sighted(document: unknown): Promise<{ unmarked: string[]; marked: Set<string> }> {
  const unmarked: string[] = [];
  const marked = new Set<string>();
  // What takes people or flows away comes last.
  const last = ['/v1/session/sign-out', '/v1/demo/remove-sample-data'];
  for (const operation of operationsOf(document).sort((a, b) => last.indexOf(a.path) - last.indexOf(b.path))) {
    const answer = await ask(operation);
    if (answer.status >= 300) throw new Error(`${nameOf(operation)} was answered ${answer.status}`);
    const schema = schemaOf(operation, answer.status, answer.type);
    for (const one of answer.type === 'text/event-stream' && Array.isArray(answer.body) ? answer.body : [answer.body]) {
      const seen = sightings(document, schema, one, canaries);
      unmarked.push(...seen.unmarked.map((path) => `${nameOf(operation)}${path}`));
      if (seen.marked.length > 0) marked.add(nameOf(operation));
    }
  }
  return { unmarked, marked };
}

describe('what is known of a person, and what they wrote and were written,', () => {
  test('stands in fields that are marked as personal alone, in every answer of every operation', async () => {
    const document = api.api?.document();
    const { unmarked, marked } = await sighted(document);
    expect(unmarked).toEqual([]);
    // Every operation that has marked fields has shown the canary in one: none is marked and never looked at.
    const expected = operationsOf(document).filter((operation) =>
      Object.entries(operation.responses).some(
        ([status, { content }]) =>
          status.startsWith('2') && Object.values(content ?? {}).some(({ schema }) => hasMarks(document, schema)),
      ),
    );
    expect([...marked].sort()).toEqual(expected.map(nameOf).sort());
  });

  test('is marked in refusals that show a document', async () => {
    const document = api.api?.document();
    const operation = operationsOf(document).find((each) => nameOf(each) === 'PATCH /v1/contacts/{contact_id}');
    if (operation === undefined) throw new Error('Contacts cannot be changed.');
    const stale = await api.call('PATCH', ownPath(operation), { body: person, headers: { 'if-match': '"0"' } });
    expect(stale.status).toBe(412);
    const seen = sightings(document, schemaOf(operation, 412, stale.type), stale.body, canaries);
    expect(seen.unmarked).toEqual([]);
    expect(seen.marked.length).toBeGreaterThan(0);
  });

  test('turns red where a mark is missing, at the top, deep inside and in a list', async () => {
    const planted: unknown = JSON.parse(
      JSON.stringify(api.api?.document()).replaceAll(/,?"x-personal":"(?:phone|text)"/g, ''),
    );
    const { unmarked } = await sighted(planted);
    expect(unmarked).toEqual(
      expect.arrayContaining([
        'GET /v1/contacts/{contact_id}.phone',
        'GET /v1/contacts.data.*.attributes.secret',
        'GET /v1/conversations.data.*.contact.phone',
        'GET /v1/messages.data.*.text',
        'GET /v1/enrollments/{enrollment_id}.contact.phone',
        'POST /v1/contacts/import.errors.*.value',
      ]),
    );
  });
});
