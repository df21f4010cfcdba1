import { flow } from '@signalbox/nodes/flow/builder';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const flowSchema = z.looseObject({ id: z.string(), name: z.string(), state: z.string(), revision: z.number() });
const problemSchema = z.looseObject({
  code: z.string(),
  current: z.unknown().optional(),
  errors: z.array(z.looseObject({ path: z.array(z.union([z.string(), z.number()])), code: z.string() })).optional(),
  problems: z
    .array(
      z.looseObject({
        code: z.string(),
        step_id: z.string().nullable(),
        path: z.array(z.union([z.string(), z.number()])),
      }),
    )
    .optional(),
});
const contactSchema = z.looseObject({
  id: z.string(),
  phone: z.string(),
  first_name: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  revision: z.number(),
});
const listSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })), next_cursor: z.string().nullable() });

function reply(word: string) {
  const made = flow(`Reply to ${word}`);
  const start = made.step('start', keyword, { keywords: [word] });
  const send = made.step('send', sendSms, { text: 'Hello. Text STOP to end.', purpose: 'transactional' });
  const done = made.step('done', end, {});
  start.to('next', send);
  send.to('sent', done).to('not_sent', done);
  return made.build();
}

const createFlow = async (body: object) => flowSchema.parse((await api.call('POST', '/api/v1/flows', { body })).body);
const problemOf = (body: unknown) => problemSchema.parse(body);

describe('If-Match', () => {
  test('missing, stale, weak, and right', async () => {
    const made = await createFlow({ name: 'First' });
    const path = `/api/v1/flows/${made.id}`;
    const missing = await api.call('PATCH', path, { body: { name: 'Second' } });
    expect([missing.status, problemOf(missing.body).code]).toEqual([428, 'revision_required']);
    const saved = await api.call('PATCH', path, { body: { name: 'Second' }, headers: { 'if-match': '"1"' } });
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"2"']);
    const stale = await api.call('PATCH', path, { body: { name: 'Third' }, headers: { 'if-match': '"1"' } });
    expect([stale.status, flowSchema.parse(problemOf(stale.body).current).name]).toEqual([412, 'Second']);
    expect((await api.call('PATCH', path, { body: { name: 'Third' }, headers: { 'if-match': 'W/"2"' } })).status).toBe(
      200,
    );
  });

  test('of two who save at once, one is told', async () => {
    const made = await createFlow({ name: 'Race' });
    const save = (name: string) =>
      api.call('PATCH', `/api/v1/flows/${made.id}`, { body: { name }, headers: { 'if-match': '"1"' } });
    const answers = await Promise.all([save('One'), save('Two'), save('Three')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
  });
});

describe('Idempotency-Key', () => {
  const count = async () =>
    listSchema.parse((await api.call('GET', '/api/v1/flows?search=Once&limit=200')).body).data.length;
  const post = (key: string, name: string) =>
    api.call('POST', '/api/v1/flows', { body: { name }, headers: { 'idempotency-key': key } });

  test('a repeat gets the same answer and changes nothing', async () => {
    const first = await post('key-1', 'Once A');
    const again = await post('key-1', 'Once A');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(await count()).toBe(1);
  });

  test('the same key with another body is refused', async () => {
    const answer = await post('key-1', 'Once B');
    expect([answer.status, problemOf(answer.body).code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('at once, one is done; the others are told to wait or get its answer', async () => {
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('key-2', 'Once C')));
    for (const answer of answers)
      if (answer.status !== 201)
        expect([answer.status, problemOf(answer.body).code]).toEqual([409, 'idempotency_in_progress']);
    expect(answers.some((answer) => answer.status === 201)).toBe(true);
    expect(await count()).toBe(before + 1);
  });

  test('a refused request uses its key up for nothing', async () => {
    const body = { phone: '+12025550120' };
    await api.call('POST', '/api/v1/contacts', { body });
    const taken = await api.call('POST', '/api/v1/contacts', { body, headers: { 'idempotency-key': 'key-3' } });
    expect(taken.status).toBe(409);
    expect((await post('key-3', 'Once D')).status).toBe(201);
  });
});

describe('flows', () => {
  test('publishing, pausing, stopping, archiving and back', async () => {
    const made = await createFlow(reply('PARROT'));
    const path = `/api/v1/flows/${made.id}`;
    const post = (what: string, headers: Record<string, string> = {}) =>
      api.call('POST', `${path}/${what}`, { headers });
    const state = (answer: { body: unknown }) => flowSchema.parse(answer.body).state;
    expect((await post('pause')).status).toBe(409);
    expect(state(await post('publish', { 'if-match': '"1"' }))).toBe('live');
    const archive = (match: string) => api.call('DELETE', path, { headers: { 'if-match': match } });
    expect((await archive('"1"')).status).toBe(409);
    expect(state(await post('pause'))).toBe('paused');
    expect(state(await post('resume'))).toBe('live');
    expect(state(await post('stop'))).toBe('stopped');
    expect((await api.call('DELETE', path)).status).toBe(428);
    const stale = await archive('"7"');
    expect([stale.status, flowSchema.parse(problemOf(stale.body).current).id]).toEqual([412, made.id]);
    expect((await archive('"1"')).status).toBe(204);
    expect((await api.call('GET', path)).status).toBe(404);
    const listed = async (query: string) =>
      z
        .object({ data: z.array(z.looseObject({ id: z.string(), archived_at: z.string().optional() })) })
        .parse((await api.call('GET', `/api/v1/flows${query}`)).body)
        .data.filter((flow) => flow.id === made.id);
    expect(await listed('')).toEqual([]);
    expect(await listed('?archived=false')).toEqual([]);
    expect(await listed('?archived=true&search=nothing-like-it')).toEqual([]);
    expect(await listed('?archived=true')).toEqual([
      expect.objectContaining({ id: made.id, archived_at: expect.any(String) }),
    ]);
    expect(state(await post('restore'))).toBe('stopped');
    expect(await listed('?archived=true')).toEqual([]);
    expect(await listed('')).toEqual([expect.not.objectContaining({ archived_at: expect.anything() })]);
    expect(state(await post('start'))).toBe('live');
    expect((await post('start')).status).toBe(409);
    const versions = z
      .object({ data: z.array(z.object({ number: z.number() })) })
      .parse((await api.call('GET', `${path}/versions`)).body);
    expect(versions.data.map((version) => version.number)).toEqual([1]);
  });

  test('a draft with problems is not published; they come by step and path', async () => {
    const source = reply('WRONG');
    const [start, send, done] = source.graph.steps;
    const steps = [
      { ...start, config: { keywords: ['FINE', 'STOP'] } },
      { ...send, config: { text: 'Hello {{ contact.first_name', purpose: 'transactional' } },
      { ...done, type: 'gone' },
      { ...done, id: 'island' },
    ];
    const edges = [...source.graph.edges, { from: 'send', outlet: 'sent', to: 'island' }];
    const made = await createFlow({ ...source, graph: { ...source.graph, steps, edges } });
    const answer = await api.call('POST', `/api/v1/flows/${made.id}/publish`, { headers: { 'if-match': '"1"' } });
    expect([answer.status, problemOf(answer.body).code]).toEqual([422, 'flow_has_problems']);
    const places = problemOf(answer.body).problems?.map(({ code, step_id, path }) => [code, step_id, path]);
    expect(places).toEqual([
      ['unknown_node', 'done', ['type']],
      ['keyword_is_compliance_word', 'start', ['config', 'keywords', 1]],
      ['template_invalid', 'send', ['config', 'text']],
      ['outlet_has_two_edges', 'send', ['edges', 3]],
    ]);
    const shown = await api.call('GET', `/api/v1/flows/${made.id}`);
    expect(problemOf({ code: '', ...z.looseObject({}).parse(shown.body) }).problems).toEqual(
      problemOf(answer.body).problems,
    );
  });

  test('two flows published at once with one keyword: one wins, the other gets a problem', async () => {
    const both = await Promise.all([createFlow(reply('TWICE')), createFlow(reply('TWICE'))]);
    const answers = await Promise.all(
      both.map((made) => api.call('POST', `/api/v1/flows/${made.id}/publish`, { headers: { 'if-match': '"1"' } })),
    );
    const codes = answers.map((answer) => (answer.status === 200 ? 'published' : problemOf(answer.body).code)).sort();
    expect(codes).toHaveLength(2);
    expect(codes).toContain('published');
    expect(['flow_has_problems', 'keyword_taken']).toContain(codes.find((code) => code !== 'published'));
  });

  test('a flow written in code is read-only', async () => {
    const id = api.engine.ids.uuid();
    await api.inTx((tx) =>
      tx
        .insertInto('flows')
        .values({
          workspace_id: api.workspaceId,
          id,
          name: 'In code',
          kind: 'code',
          state: 'draft',
          graph: JSON.stringify(reply('CODE').graph),
          source_path: 'workflows/x.flow.ts',
          created_at: new Date(),
          updated_at: new Date(),
        })
        .execute(),
    );
    const found = listSchema.parse((await api.call('GET', '/api/v1/flows?search=In code')).body).data[0];
    const path = `/api/v1/flows/${found?.id}`;
    const answer = await api.call('PATCH', path, { body: { name: 'Mine' }, headers: { 'if-match': '"1"' } });
    expect([answer.status, problemOf(answer.body).code]).toEqual([409, 'flow_read_only']);
    expect((await api.call('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(409);
  });
});

describe('accounts', () => {
  test('a change needs the revision that it was made to', async () => {
    const { data } = z
      .object({ data: z.array(z.looseObject({ id: z.string(), revision: z.string() })) })
      .parse((await api.call('GET', '/api/v1/accounts')).body);
    const path = `/api/v1/accounts/${data[0]?.id}`;
    const read = await api.call('GET', path);
    const etag = read.headers.get('etag') ?? '';
    expect([read.status, etag]).toEqual([200, `"${data[0]?.revision}"`]);
    const change = (how: string, match?: string) =>
      api.call('PATCH', path, {
        body: { opt_out_handling: how },
        ...(match === undefined ? {} : { headers: { 'if-match': match } }),
      });
    expect((await change('carrier')).status).toBe(428);
    const answers = await Promise.all([change('carrier', etag), change('carrier', etag)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    const current = answers.find((answer) => answer.status === 200)?.headers.get('etag') ?? '';
    expect(current).not.toBe(etag);
    const stale = await change('signalbox', etag);
    expect(problemOf(stale.body)).toMatchObject({ code: 'stale', current: { opt_out_handling: 'carrier' } });
    expect((await change('signalbox', current)).headers.get('etag')).toBe(etag);
    expect((await api.call('GET', '/api/v1/accounts/acc_00000000000000000000000000')).status).toBe(404);
  });
});

describe('events', () => {
  test('our own names are refused at the field', async () => {
    const contact = contactSchema.parse(
      (await api.call('POST', '/api/v1/contacts', { body: { phone: '+12025550149' } })).body,
    );
    const report = (type: string) => api.call('POST', '/api/v1/events', { body: { type, contact_id: contact.id } });
    for (const type of ['message.received', 'message.delivered', 'consent.revoked', 'flow.published']) {
      const answer = await report(type);
      expect([type, answer.status, problemOf(answer.body).errors?.[0]?.path]).toEqual([type, 422, ['type']]);
    }
    expect((await report('order.2nd_reminder')).status).toBe(202);
  });
});

describe('the node library', () => {
  test('comes in pages, as every list', async () => {
    const pageSchema = z.object({
      data: z.array(z.looseObject({ type: z.string() })),
      next_cursor: z.string().nullable(),
    });
    const types: string[] = [];
    let cursor = '';
    for (let page = 0; page < 20; page += 1) {
      const body = pageSchema.parse((await api.call('GET', `/api/v1/nodes?limit=4${cursor}`)).body);
      types.push(...body.data.map((node) => node.type));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(types).toEqual([...api.engine.nodes.keys()].sort());
    expect((await api.call('GET', '/api/v1/nodes?cursor=WyJub25lIl0')).status).toBe(400);
  });
});

describe('contacts', () => {
  const create = (body: object) => api.call('POST', '/api/v1/contacts', { body });

  test('numbers are read as people write them, and refused at the field', async () => {
    expect(contactSchema.parse((await create({ phone: '(202) 555-0121' })).body).phone).toBe('+12025550121');
    for (const [phone, code] of [
      ['not a number', 'phone_not_a_number'],
      ['+120255501', 'phone_too_short'],
      ['+1 999 555 0100', 'phone_invalid'],
    ] as const) {
      const answer = await create({ phone });
      expect([phone, answer.status, problemOf(answer.body).errors?.[0]]).toEqual([
        phone,
        422,
        expect.objectContaining({ path: ['phone'], code }),
      ]);
    }
    const zone = await create({ phone: '+12025550122', time_zone: 'Mars/Olympus' });
    expect(problemOf(zone.body).errors?.[0]).toMatchObject({ path: ['time_zone'], code: 'time_zone_invalid' });
    expect((await create({ phone: '+1 202 555 0121' })).status).toBe(409);
    const long = await create({ phone: '+12025550123', first_name: 'x'.repeat(81) });
    expect(problemOf(long.body).errors?.[0]).toMatchObject({ path: ['first_name'], message: 'At most 80 characters' });
    expect(problemOf(long.body)).not.toHaveProperty('detail');
  });

  test('a change keeps what it leaves out, clears what is null, merges attributes', async () => {
    const made = contactSchema.parse(
      (await create({ phone: '+12025550123', first_name: 'Sample', attributes: { plan: 'basic', size: 3 } })).body,
    );
    const answer = await api.call('PATCH', `/api/v1/contacts/${made.id}`, {
      body: { last_name: 'Person', first_name: null, attributes: { size: null, city: 'Berlin' } },
      headers: { 'if-match': '"1"' },
    });
    expect(answer.body).toMatchObject({
      first_name: null,
      last_name: 'Person',
      attributes: { plan: 'basic', city: 'Berlin' },
      revision: 2,
    });
  });

  test('search finds by name, digits and email; pages do not repeat or leave out', async () => {
    for (let index = 0; index < 7; index += 1)
      await create({ phone: `+1202555013${index}`, first_name: `Paged ${index}`, email: `p${index}@example.com` });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = listSchema
        .extend({ total: z.number() })
        .parse(
          (await api.call('GET', `/api/v1/contacts?search=paged&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`))
            .body,
        );
      expect(page.total).toBe(7);
      seen.push(...page.data.map((row) => row.id));
      cursor = page.next_cursor;
    }
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
    const found = async (search: string) =>
      listSchema.parse((await api.call('GET', `/api/v1/contacts?search=${encodeURIComponent(search)}`)).body).data
        .length;
    expect([await found('555-0133'), await found('p4@example'), await found('100%')]).toEqual([1, 1, 0]);
  });

  test('a cursor of another list, or none at all, is a problem', async () => {
    for (const cursor of ['x', Buffer.from('["x"]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
      const answer = await api.call('GET', `/api/v1/contacts?cursor=${cursor}`);
      expect([answer.status, problemOf(answer.body).code]).toEqual([400, 'cursor_invalid']);
    }
  });
});

describe('bodies', () => {
  test('malformed, of another type, too large, or holding what no column can', async () => {
    const post = (text: string, type = 'application/json') =>
      api.call('POST', '/api/v1/flows', { text: { type, text } });
    const codes = [
      await post('{'),
      await post(''),
      await post('{"name":"x"}', 'text/plain'),
      await post(JSON.stringify({ name: 'x', description: 'y'.repeat(2_200_000) })),
      await post('{"name":"\\u0000"}'),
      await post('{"name":"\\ud800"}'),
      await post(`{"name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
    ].map((answer) => [answer.status, problemOf(answer.body).code]);
    expect(codes).toEqual([
      [400, 'malformed_json'],
      [400, 'malformed_json'],
      [415, 'content_type'],
      [413, 'body_too_large'],
      [422, 'validation_failed'],
      [422, 'validation_failed'],
      [422, 'validation_failed'],
    ]);
  });
});
