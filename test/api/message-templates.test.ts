import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const path = '/api/v1/message-templates';
const templateSchema = z.looseObject({
  id: z.string(),
  key: z.string().nullable(),
  newest: z.number().nullable(),
  changed: z.boolean(),
  revision: z.number(),
  problems: z.array(z.looseObject({ code: z.string(), severity: z.string() })),
});
const listSchema = z.object({
  data: z.array(z.looseObject({ id: z.string(), name: z.string() })),
  next_cursor: z.string().nullable(),
});

const content = (text: string, more: object = {}) => ({
  default_language: 'en',
  texts: [{ language: 'en', text, missing: [], ...more }],
});
const post = (body: object) => api.call('POST', path, { body });
const make = async (name: string, text: string, more: object = {}) =>
  templateSchema.parse((await post({ name, content: content(text), ...more })).body);
const change = (id: string, body: object, match = '*') =>
  api.call('PATCH', `${path}/${id}`, { body, headers: { 'if-match': match } });
const publish = (id: string, note = '', match = '*') =>
  api.call('POST', `${path}/${id}/publish`, { body: { note }, headers: { 'if-match': match } });
const restore = (id: string, version: number) =>
  api.call('POST', `${path}/${id}/restore`, { body: { version }, headers: { 'if-match': '*' } });
const read = async (id: string) => templateSchema.parse((await api.call('GET', `${path}/${id}`)).body);
const get = async (address: string) => listSchema.parse((await api.call('GET', `${path}${address}`)).body);

describe('Versions', () => {
  test('are published one after another, stay as they are, and are taken up again', async () => {
    const { id, newest, changed } = await make('Welcome', 'One');
    expect([newest, changed]).toEqual([null, true]);
    expect((await publish(id, 'first', '"9"')).status).toBe(412);
    expect((await publish(id, 'first')).body).toMatchObject({ newest: 1, changed: false });
    expect((await change(id, { content: content('Two') })).body).toMatchObject({ newest: 1, changed: true });
    expect((await publish(id, 'second')).body).toMatchObject({ newest: 2, changed: false });
    expect((await restore(id, 1)).body).toMatchObject({ newest: 2, changed: true, content: content('One') });
    expect((await restore(id, 3)).body).toMatchObject({ errors: [{ path: ['version'] }] });
    expect((await publish(id)).body).toMatchObject({ newest: 3 });
    const versions = z
      .object({ data: z.array(z.looseObject({ number: z.number(), note: z.string(), content: z.unknown() })) })
      .parse((await api.call('GET', `${path}/${id}/versions`)).body);
    expect(versions.data).toMatchObject([
      { number: 3, note: '', content: content('One') },
      { number: 2, note: 'second', content: content('Two') },
      { number: 1, note: 'first', content: content('One'), published_by: { kind: 'bearer' } },
    ]);
    const first = z
      .object({ next_cursor: z.string() })
      .parse((await api.call('GET', `${path}/${id}/versions?limit=2`)).body);
    expect((await api.call('GET', `${path}/${id}/versions?limit=2&cursor=${first.next_cursor}`)).body).toMatchObject({
      data: [{ number: 1 }],
      next_cursor: null,
    });
  });

  test('are none where a text is empty, broken, in no language or names a snippet that there is not', async () => {
    const { id } = await make('Faulty', ' ');
    const problemsOf = async (text: string, more: object = {}) => {
      expect((await change(id, { content: content(text, more) })).status).toBe(200);
      return (await read(id)).problems.map(({ code }) => code);
    };
    expect(await publish(id)).toMatchObject({
      status: 422,
      body: { code: 'template_has_problems', errors: [{ path: ['texts', 0, 'text'], code: 'template_text_empty' }] },
    });
    expect(await problemsOf('{{ contact.first_name')).toEqual(['template_invalid']);
    expect(await problemsOf('{{ contact.nick }}')).toEqual(['template_unknown_variable']);
    expect(await problemsOf('{{ snippet.none }}')).toEqual(['snippet_gone']);
    expect(await problemsOf('x'.repeat(1_601))).toEqual(['message_too_long']);
    const missing = [{ variable: 'contact.email', do: 'skip' }];
    expect(await problemsOf('Hi', { missing })).toEqual(['missing_not_named']);
    expect((await publish(id)).status).toBe(200);
    expect(await change(id, { content: { default_language: 'de', texts: content('x').texts } })).toMatchObject({
      body: { errors: [{ path: ['content', 'default_language'] }] },
    });
    expect((await change(id, { content: content('a\u0000') })).status).toBe(422);
  });
});

describe('Names', () => {
  test('are of one template at a time; an archived one gives its name back', async () => {
    const { id } = await make('Sale', 'Ten off');
    expect(await post({ name: 'SALE', content: content('x') })).toMatchObject({
      status: 409,
      body: { code: 'template_exists' },
    });
    expect((await change(id, { archived: true })).body).toMatchObject({ archived: true });
    expect(await publish(id)).toMatchObject({ status: 409, body: { code: 'template_archived' } });
    const other = await make('Sale', 'Twenty off');
    expect((await change(id, { archived: false })).status).toBe(409);
    expect((await get('?search=SALE')).data.map((each) => each.id)).toEqual([other.id]);
    expect((await get('?search=ten%20off&archived=true')).data.map((each) => each.id)).toEqual([id]);
  });

  test('of snippets make keys, which are theirs for good', async () => {
    const made = await make('Sign-off, long', 'Yours', { kind: 'snippet' });
    expect(made.key).toBe('sign_off_long');
    expect(await post({ kind: 'snippet', name: 'Another', key: 'sign_off_long', content: content('x') })).toMatchObject(
      { status: 409 },
    );
    expect(await post({ kind: 'snippet', name: '你好', content: content('x') })).toMatchObject({
      body: { errors: [{ path: ['key'] }] },
    });
    expect(await post({ name: 'Key', key: 'key', content: content('x') })).toMatchObject({
      body: { errors: [{ path: ['key'] }] },
    });
    await change(made.id, { content: content('{{ snippet.sign_off_long }}') });
    expect((await read(made.id)).problems).toMatchObject([{ code: 'snippet_in_snippet', severity: 'error' }]);
    const page = await get('?kind=snippet&limit=1');
    expect(page).toMatchObject({ data: [{ id: made.id, languages: ['en'] }], next_cursor: null });
  });
});

describe('A flow', () => {
  const graph = (config: z.input<typeof sendSms.config>, event: string) => {
    const w = flow(`Sends ${event}`);
    w.step('start', apiEvent, { event }).to('next', w.step('send', sendSms, { purpose: 'transactional', ...config }));
    return w.build();
  };
  const draw = async (config: z.input<typeof sendSms.config>, event: string) =>
    z
      .looseObject({ id: z.string() })
      .parse((await api.call('POST', '/api/v1/flows', { body: graph(config, event) })).body).id;
  const publishFlow = (id: string) => api.call('POST', `/api/v1/flows/${id}/publish`, { headers: { 'if-match': '*' } });
  const problems = async (id: string) =>
    z
      .looseObject({ problems: z.array(z.looseObject({ code: z.string() })) })
      .parse((await api.call('GET', `/api/v1/flows/${id}`)).body)
      .problems.flatMap(({ code }) => (code === 'outlet_unconnected' ? [] : [code]));

  test('goes live with a template that is there, and keeps it once it is archived; others cannot begin to use it', async () => {
    const { id } = await make('For flows', 'Hello {{ snippet.greeting }}');
    const snippet = await make('Greeting', 'there', { kind: 'snippet' });
    const follows = { source: 'template', template: { id, version: null } } as const;
    const flowId = await draw(follows, 'one.happened');
    expect(await problems(flowId)).toEqual(['template_unpublished']);
    expect(await publish(id)).toMatchObject({ body: { errors: [{ code: 'template_unpublished' }] } });
    await publish(snippet.id);
    await publish(id);
    expect((await publishFlow(flowId)).status).toBe(200);
    const stays = await draw({ source: 'template', template: { id, version: 2 } }, 'two.happened');
    expect(await problems(stays)).toEqual(['template_version_gone']);
    expect((await publishFlow(stays)).status).toBe(422);
    const named = await draw({ text: 'Hi {{ snippet.greeting.v1 }}' }, 'three.happened');
    const uses = async (each: string) =>
      z.object({ data: z.array(z.unknown()) }).parse((await api.call('GET', `${path}/${each}/uses`)).body).data;
    expect(await uses(id)).toMatchObject([
      { kind: 'flow', id: flowId, name: 'Sends one.happened', state: 'live', live: true, follows: true, versions: [] },
      { kind: 'flow', id: stays, live: false, follows: false, versions: [2] },
    ]);
    expect(await uses(snippet.id)).toMatchObject([
      { kind: 'template', id, live: true, follows: true },
      { kind: 'flow', id: named, live: false, follows: false, versions: [1] },
    ]);
    await change(id, { archived: true });
    expect((await publishFlow(flowId)).status).toBe(200);
    expect(await problems(await draw(follows, 'four.happened'))).toEqual(['template_archived']);
    expect(
      await problems(
        await draw(
          { source: 'template', template: { id: id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } },
          'five.happened',
        ),
      ),
    ).toEqual(['template_gone']);
  });
});

describe('Twenty people', () => {
  test('are those with the longest texts, with gaps, to whom it is dear, and others; nobody is asked or written', async () => {
    const contacts = Array.from({ length: 60 }, (_, at) => ({
      phone: at < 50 ? `+120255${String(52_000 + at)}` : `+6149157${String(6_000 + at)}`,
      ...(at % 10 === 0 ? {} : { first_name: at === 7 ? 'W'.repeat(80) : `Sam ${at}` }),
      ...(at % 2 === 0 ? { language: 'de-AT' } : {}),
    }));
    expect((await api.call('POST', '/api/v1/contacts/upsert', { body: { contacts } })).body).toMatchObject({
      failed: 0,
    });
    await api.call('POST', '/api/v1/prices', {
      body: {
        prices: [
          { provider: 'twilio', prefix: '+1', micro_units: '7900' },
          { provider: 'twilio', prefix: '+61', micro_units: '51500' },
        ],
      },
    });
    const previewSchema = z.object({
      data: z.array(
        z.looseObject({
          contact: z.looseObject({ id: z.string() }),
          why: z.array(z.string()),
          language: z.string(),
          country: z.string().nullable(),
          text: z.string().nullable(),
          reason: z.string().nullable(),
          gaps: z.array(z.string()),
          segments: z.number(),
          cost: z.object({ micro_units: z.string(), currency: z.string() }).nullable(),
        }),
      ),
      looked_at: z.number(),
      with_gaps: z.number(),
      left_out: z.number(),
    });
    const texts = [
      {
        language: 'en',
        text: `${'Long. '.repeat(20)}Hi {{ contact.first_name }}{{ event.data.code }}`,
        missing: [{ variable: 'contact.first_name', do: 'skip' }],
      },
      {
        language: 'de',
        text: 'Hallo {{ contact.first_name }}. Gut.',
        missing: [{ variable: 'contact.first_name', do: 'leave_out' }],
      },
    ];
    const ask = async (more: object = {}) =>
      previewSchema.parse(
        (await api.call('POST', `${path}/preview`, { body: { content: { default_language: 'en', texts }, ...more } }))
          .body,
      );
    const shown = await ask();
    expect(shown).toMatchObject({ looked_at: 60, with_gaps: 6 });
    expect(shown.data).toHaveLength(20);
    const [longest] = shown.data;
    expect(longest).toMatchObject({ why: expect.arrayContaining(['longest']), language: 'en', segments: 2 });
    expect(longest?.text).toContain(`Hi ${'W'.repeat(80)}[code]`);
    const dearest = shown.data.filter(({ why }) => why.includes('dearest'));
    expect(dearest.map(({ country }) => country)).toEqual(Array(5).fill('AU'));
    expect(dearest[0]?.cost).toEqual({ micro_units: '51500', currency: 'USD' });
    const gaps = shown.data.filter(({ why }) => why.includes('gaps'));
    expect(gaps).toHaveLength(5);
    for (const person of gaps) {
      expect(person.gaps).toEqual(['contact.first_name']);
      expect(person).toMatchObject({ text: 'Gut.', language: 'de', reason: null });
    }
    expect(
      (await ask({ content: { default_language: 'en', texts: texts.slice(0, 1) } })).data.filter(
        ({ text }) => text === null,
      ),
    ).toMatchObject(
      Array.from({ length: 5 }, () => ({
        reason: 'Nothing is known for “contact.first_name”, and the text says not to send it then',
        segments: 0,
        cost: null,
      })),
    );
    const list = z
      .looseObject({ id: z.string() })
      .parse((await api.call('POST', '/api/v1/contact-lists', { body: { name: 'Three', kind: 'list' } })).body);
    const three = shown.data.slice(0, 3).map(({ contact }) => contact.id);
    await api.call('POST', `/api/v1/contact-lists/${list.id}/members`, { body: { action: 'add', contact_ids: three } });
    const ofList = await ask({ list_id: list.id });
    expect(ofList.data.map(({ contact }) => contact.id).sort()).toEqual(three.toSorted());
    expect(
      (await api.call('POST', '/api/v1/contacts/delete', { body: { contact_ids: three.slice(0, 1) } })).status,
    ).toBe(200);
    expect((await ask({ list_id: list.id })).looked_at).toBe(2);
    expect((await ask()).looked_at).toBe(59);
    const drawn = async (seed: number) =>
      (await ask({ seed })).data.filter(({ why }) => why.includes('drawn')).map(({ contact }) => contact);
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
    expect(
      await api.call('POST', `${path}/preview`, {
        body: { content: content('x'), list_id: 'lst_01jd4w7h8zqv3m5k2n9x6r0t4c' },
      }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ path: ['list_id'] }] },
    });
    expect(await api.inTx((tx) => tx.selectFrom('messages').select('id').execute())).toEqual([]);
  });
});
