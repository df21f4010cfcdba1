import { hashToken } from '@signalbox/engine/access/tokens';
import { readWorkspace } from '@signalbox/engine/db/database';
import { tokenId } from '@signalbox/engine/http/security-events';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';
import { createFuzzWorld } from './fuzz-world.ts';
import { nameOf } from './judge.ts';
import { type Operation, operationsOf } from './operations.ts';

let api: ApiHarness;
let world: Awaited<ReturnType<typeof createFuzzWorld>>;
beforeAll(async () => {
  api = await startApiHarness({ api: 'demo' });
  world = await createFuzzWorld(api);
});
afterAll(() => api.close());

const rows = () => api.inTx((tx) => tx.selectFrom('audit_trail').selectAll().orderBy('id').execute());

/** Every operation that may change something, of the document. */
const changing = (): Operation[] => operationsOf(api.api?.document()).filter((operation) => operation.method !== 'GET');

const takesKey = (operation: Operation) => operation.parameters.some(({ name }) => name === 'idempotency-key');

const declaredSchema = z.looseObject({
  audit: z.union([z.literal('nothing changes'), z.looseObject({ action: z.string() })]),
});

let keys = 0;
/** Makes each change once, and again with a key where it takes one; a line for each that left not exactly one row, of its own name, or one where nothing changes. */
async function unrecorded(operations: readonly Operation[]): Promise<string[]> {
  const faults: string[] = [];
  for (const operation of operations) {
    const name = nameOf(operation);
    const directed = world.directed[name];
    if (directed === undefined) {
      faults.push(`${name}: test/api/fuzz-world.ts has no request that it lets through`);
      continue;
    }
    const { path, ...request } = await directed();
    const key: Record<string, string> = takesKey(operation) ? { 'idempotency-key': `audit-${++keys}` } : {};
    const before = await rows();
    const call = () =>
      api.call(operation.method, `/api/v1${path}`, { ...request, headers: { ...request.headers, ...key } });
    const answer = await call();
    if (answer.status >= 300) faults.push(`${name}: answered ${answer.status}`);
    if (takesKey(operation) && (await call()).headers.get('idempotency-replayed') !== 'true')
      faults.push(`${name}: was done twice`);
    const left = (await rows()).slice(before.length);
    const { audit } = declaredSchema.parse(operation['x-signalbox']);
    const said = left.map((row) => [row.action, row.request_id]);
    const due = audit === 'nothing changes' ? [] : [[audit.action, answer.headers.get('x-request-id')]];
    if (JSON.stringify(said) !== JSON.stringify(due))
      faults.push(`${name}: left ${left.length} rows: ${left.map((row) => row.action).join(', ')}`);
  }
  return faults;
}

describe('the audit trail', () => {
  test('has one row for each change, whatever the route, and none for its repeat', async () => {
    expect(changing().length).toBeGreaterThan(15);
    expect(await unrecorded(changing())).toEqual([]);
  });

  test('says who, what, of what, and which fields; never what they hold', async () => {
    const made = await api.call('POST', '/api/v1/contacts', {
      body: { phone: '+12025550177', first_name: 'Sample', attributes: { plan: 'secret plan' } },
    });
    const { id } = z.looseObject({ id: z.string() }).parse(made.body);
    const listed = await api.call('GET', `/api/v1/audit?resource=contacts&subject=${id}`);
    expect(listed.body).toEqual({
      data: [
        {
          id: expect.stringMatching(/^aud_/),
          at: expect.any(String),
          actor: { kind: 'bearer', id: tokenId(hashToken(api.full)) },
          resource: 'contacts',
          verb: 'create',
          action: 'contact.created',
          text: 'Added a contact',
          subject: id,
          fields: ['attributes', 'first_name', 'phone'],
          detail: {},
          request_id: made.headers.get('x-request-id'),
        },
      ],
      next_cursor: null,
    });
  });

  test('is read from the newest, page by page, by resource and by action', async () => {
    const pageSchema = z.object({
      data: z.array(z.looseObject({ id: z.string(), action: z.string(), resource: z.string() })),
      next_cursor: z.string().nullable(),
    });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await api.call('GET', `/api/v1/audit?resource=flows&limit=5${cursor && `&cursor=${cursor}`}`);
      const page: z.infer<typeof pageSchema> = pageSchema.parse(answer.body);
      expect(page.data.every((row) => row.resource === 'flows')).toBe(true);
      seen.push(...page.data.map((row) => row.id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen.length).toBeGreaterThan(10);
    const stops = pageSchema.parse((await api.call('GET', '/api/v1/audit?action=flow.stopped')).body).data;
    expect(new Set(stops.map((row) => row.action))).toEqual(new Set(['flow.stopped']));
  });

  test('has no row for what was refused: without the right, of nobody, stale, of the wrong shape', async () => {
    const before = await rows();
    for (const operation of changing()) {
      const path = `/api${operation.path.replaceAll(/\{\w+\}/g, 'x')}`;
      expect((await api.call(operation.method, path, { token: api.read })).status).toBe(403);
    }
    const contact = world.pool.get('con')?.[0] ?? '';
    const refused = [
      await api.call('PATCH', `/api/v1/contacts/${contact}`, { body: {}, headers: { 'if-match': '"0"' } }),
      await api.call('PATCH', `/api/v1/contacts/con_${'0'.repeat(26)}`, { body: {}, headers: { 'if-match': '*' } }),
      await api.call('POST', '/api/v1/contacts', { body: { phone: '12' } }),
      await api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text: 'phone\nnobody' } }),
    ];
    expect(refused.map((answer) => answer.status)).toEqual([412, 404, 422, 200]);
    expect(await rows()).toEqual(before);
  });

  test('says who signed in and who out, in the session’s own words', async () => {
    const before = await rows();
    const signIn = async (cookie: string) => {
      const text = { type: 'application/x-www-form-urlencoded', text: `token=${await api.token('full', 'sign_in')}` };
      const answer = await api.call('POST', '/sign-in', { token: null, text, headers: { cookie } });
      return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const first = await signIn('');
    const second = await signIn(first);
    expect(second).not.toBe(first);
    const left = (await rows()).slice(before.length);
    expect(left.map((row) => row.action)).toEqual(['session.started', 'session.started', 'session.ended']);
    expect(left[2]?.actor).toBe(left[0]?.actor);
    const listed = await api.call('GET', '/api/v1/audit?action=session.started&limit=1');
    expect(listed.body).toMatchObject({ data: [{ text: 'Signed in', actor: { kind: 'session' } }] });
  });

  test('can be added to, and nothing else, by the role that the engine has', async () => {
    for (const change of ['UPDATE audit_trail SET actor = actor', 'DELETE FROM audit_trail', 'TRUNCATE audit_trail']) {
      await expect(api.inTx((tx) => sql.raw(change).execute(tx))).rejects.toThrow('permission denied');
    }
  });
});

describe('turns red', () => {
  const recordChange = () => api.engine.recordChange;
  let kept: ReturnType<typeof recordChange> | null = null;
  afterEach(() => {
    if (kept !== null) Object.assign(api.engine, { recordChange: kept });
    kept = null;
  });
  const plant = (record: ReturnType<typeof recordChange>) => {
    kept ??= recordChange();
    Object.assign(api.engine, { recordChange: record });
  };

  test('for changes that leave no row, or two', async () => {
    const record = recordChange();
    const some = changing().slice(0, 3);
    plant(async () => undefined);
    const silent = await unrecorded(some);
    expect(silent.filter((fault) => fault.includes('left 0 rows'))).toHaveLength(3);
    plant(async (...entry) => {
      await record(...entry);
      await record(...entry);
    });
    const doubled = await unrecorded(some);
    expect(doubled.filter((fault) => fault.includes('left 2 rows'))).toHaveLength(3);
  });

  test('for a route that came later and that no request is known for', async () => {
    const [first] = changing();
    if (first === undefined) throw new Error('There are no changing operations.');
    expect(await unrecorded([{ ...first, path: '/v1/later' }])).toEqual([
      `${first.method} /v1/later: test/api/fuzz-world.ts has no request that it lets through`,
    ]);
  });

  test('and what reads cannot change anything', async () => {
    const write = readWorkspace(api.db, api.workspaceId, (tx) =>
      tx.insertInto('feed').values({ workspace_id: api.workspaceId, everything: true, at: new Date() }).execute(),
    );
    await expect(write).rejects.toThrow('read-only transaction');
  });

  test('and a change whose row cannot be written does not happen', async () => {
    plant(() => Promise.reject(new Error('The trail is away.')));
    const answer = await api.call('POST', '/api/v1/contacts', { body: { phone: '+12025550178' } });
    expect(answer.status).toBe(500);
    const found = await api.call('GET', '/api/v1/contacts?search=5550178');
    expect(found.body).toMatchObject({ data: [] });
  });
});
