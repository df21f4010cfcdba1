import { once } from 'node:events';
import { connect } from 'node:net';
import { createSignInLink } from '@signalbox/engine/access/tokens';
import { createOpenStreams } from '@signalbox/engine/feed/stream';
import { listen } from '@signalbox/engine/main/http';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inbound, postSigned, sidOf, smsUrl } from '../providers/signed-webhooks.ts';
import { until } from '../support/harness.ts';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

test('every connection gives up a statement that takes too long', async () => {
  const { app, bulk, webhooks, sessions, router, access } = api.db;
  for (const pool of [app, bulk, webhooks, sessions, router, access]) {
    const { rows } = await sql<{ statement_timeout: string }>`SHOW statement_timeout`.execute(pool);
    expect(rows).toEqual([{ statement_timeout: '30s' }]);
  }
});

test('people are known and sign in, and texts are taken, while everything else holds the connections', async () => {
  const press = async (link: string, old: string) => {
    const text = {
      type: 'application/x-www-form-urlencoded',
      text: `token=${new URL(link).searchParams.get('token')}`,
    };
    const answer = await api.call('POST', '/sign-in', { token: null, text, headers: { cookie: old } });
    const [cookie] = /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '') ?? [''];
    return { status: answer.status, cookie };
  };
  const gate = Promise.withResolvers<void>();
  const holders = Array.from({ length: 12 }, () => api.inTx(() => gate.promise));
  const routers = Array.from({ length: 4 }, () => api.db.router.transaction().execute(() => gate.promise));
  try {
    // Past the token's look-up there is nothing that a wrong one could wait for.
    const wrong = await api.call('GET', '/api/v1/session', { token: 'sbx_wrong-wrong-wrong-wrong-wrong' });
    expect(wrong.status).toBe(401);
    const link = () => createSignInLink(api.db, api.workspaceId, api.url, new Date());
    const first = await press(await link(), '');
    expect(first.status).toBe(303);
    // Signing in once more ends the session before.
    expect((await press(await link(), first.cookie)).status).toBe(303);
    const webhook = `/webhooks/twilio/${crypto.randomUUID()}/sms`;
    expect((await api.call('POST', webhook, { token: null })).status).toBe(404);
  } finally {
    gate.resolve();
    await Promise.all([...holders, ...routers]);
  }
});

test('a person’s text is stored and its sender answered while everything else holds the connections', async () => {
  const gate = Promise.withResolvers<void>();
  const holders = Array.from({ length: 12 }, () => api.inTx(() => gate.promise));
  const routers = Array.from({ length: 4 }, () => api.db.router.transaction().execute(() => gate.promise));
  try {
    expect(await postSigned(smsUrl(api), inbound('+12025550161', 'Hello there', sidOf(1)))).toBe(200);
    const owner = new pg.Client({ connectionString: api.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query("SELECT body FROM messages WHERE direction = 'in'");
    expect(rows).toEqual([{ body: 'Hello there' }]);
    // One that is not understood is kept, with nobody in its way either.
    expect(await postSigned(smsUrl(api), { Unheard: 'of' })).toBe(200);
    const kept = await owner.query('SELECT body FROM unmatched_webhooks');
    await owner.end();
    expect(kept.rows).toEqual([{ body: 'Unheard=of' }]);
  } finally {
    gate.resolve();
    await Promise.all([...holders, ...routers]);
  }
});

test.each([
  ['a head', 'GET / HTTP/1.1\r\nhost: here\r\n'],
  ['a body', 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 9\r\n\r\nhalf'],
])('%s that never comes whole is given up', async (_what, half) => {
  const server = await listen(
    async (request) => new Response(await request.text()),
    { host: '127.0.0.1', port: 0 },
    {
      timeouts: { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 },
    },
  );
  try {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(half);
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    await once(socket, 'close');
  } finally {
    await server.close();
  }
});

test('an id that no account has is looked up once in a while, not at every request', async () => {
  const id = crypto.randomUUID();
  expect(await api.engine.accounts.workspaceOf(id)).toBeNull();
  // No router and no access connection may be had now: what is answered is answered from memory.
  const gate = Promise.withResolvers<void>();
  const held = Array.from({ length: 2 }, () => api.db.access.transaction().execute(() => gate.promise));
  try {
    expect(await Promise.all(Array.from({ length: 5 }, () => api.engine.accounts.workspaceOf(id)))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
  } finally {
    gate.resolve();
    await Promise.all(held);
  }
  expect(await api.engine.accounts.workspaceOf(api.accountId)).toBe(api.workspaceId);
});

test('an idle connection outlives that of a balancer', async () => {
  const server = await listen(() => new Response('here'), { host: '127.0.0.1', port: 0 });
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(answer.headers.get('keep-alive')).toBe('timeout=75');
    await answer.text();
  } finally {
    await server.close();
  }
});

test('a token has so many streams at most: the oldest ends', () => {
  const open = createOpenStreams();
  const ended: number[] = [];
  const token = Buffer.alloc(32, 1);
  for (let stream = 0; stream < 22; stream += 1) {
    const forget: () => void = open.add(token, () => {
      ended.push(stream);
      forget();
    });
  }
  expect(ended).toEqual([0, 1]);
});

test('a process has so many streams at most, of whatever token: the oldest of all ends', () => {
  const open = createOpenStreams();
  const ended: number[] = [];
  for (let stream = 0; stream < 2_002; stream += 1) {
    const forget: () => void = open.add(Buffer.from(`token ${Math.floor(stream / 10)}`), () => {
      ended.push(stream);
      forget();
    });
  }
  expect(ended).toEqual([0, 1]);
});

test('signing out at another process ends the stream at the next heartbeat', async () => {
  const token = await api.token('full');
  const response = await fetch(`${api.url}/api/v1/stream`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  let over = false;
  void response.text().then(() => {
    over = true;
  });
  await api.inTx((tx) => tx.deleteFrom('access_tokens').where('kind', '=', 'bearer').execute());
  await until('the stream to end', () => over, 25_000);
}, 40_000);
