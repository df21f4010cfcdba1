import { hashToken } from '@signalbox/engine/access/tokens';
import { tokenId } from '@signalbox/engine/http/security-events';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { oddOf, textsOf } from '../support/odd-words.ts';
import { type ApiHarness, startApiHarness } from './client.ts';
import { operationsOf } from './operations.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const codeOf = (body: unknown): string => z.object({ code: z.string() }).parse(body).code;

test('the document says what it says as people say it', () => {
  const document = api.api?.document();
  expect(textsOf(document).length).toBeGreaterThan(1000);
  expect(oddOf(document)).toEqual([]);
});

describe('who may call', () => {
  test('every operation of the document refuses without credentials and with wrong ones', async () => {
    const operations = operationsOf(api.api?.document());
    expect(operations.length).toBeGreaterThan(25);
    for (const { method, path } of operations) {
      const address = `/api${path.replaceAll(/\{\w+\}/g, 'x')}`;
      for (const token of [null, 'sbx_wrong-wrong-wrong-wrong-wrong']) {
        const answer = await api.call(method, address, { token });
        expect([method, path, answer.status, answer.type]).toEqual([method, path, 401, 'application/problem+json']);
        expect(codeOf(answer.body)).toBe('unauthenticated');
      }
    }
  });

  test('a token that may only read is refused by every operation that changes something', async () => {
    for (const { method, path } of operationsOf(api.api?.document()).filter(
      (operation) => operation.method !== 'GET',
    )) {
      const answer = await api.call(method, `/api${path.replaceAll(/\{\w+\}/g, 'x')}`, { token: api.read });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
      expect(codeOf(answer.body)).toBe('read_only');
    }
  });

  test('nothing else is open: document, page, metrics, demo', async () => {
    for (const path of ['/api/openapi.json', '/api/docs', '/api', '/api/v1/unknown', '/demo/phone/numbers']) {
      expect([path, (await api.call('GET', path, { token: null })).status]).toEqual([path, 401]);
    }
  });

  test('the editor is closed too: a page that is whole in itself says where the link comes from', async () => {
    for (const path of ['/', '/flows', '/flows/flw_x', '/sign-in', '/index']) {
      const page = await api.call('GET', path, { token: null });
      expect([path, page.status, page.type]).toEqual([path, 401, 'text/html']);
      expect(page.body).toContain('Sign in to Signalbox');
      expect(page.body).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
    }
    for (const path of ['/index.html', '/assets/main-abc.js', '/theme.js']) {
      const file = await api.call('GET', path, { token: null });
      expect([path, file.status, codeOf(file.body)]).toEqual([path, 401, 'unauthenticated']);
    }
    const session = await api.token('full', 'session');
    const cookie = { cookie: `signalbox_session=${session}` };
    // There is no editor in this harness: past the gate is nothing.
    for (const path of ['/', '/assets/main-abc.js'])
      expect((await api.call('GET', path, { token: null, headers: cookie })).status).toBe(404);
  });

  test('an expired token and a token of another kind are refused', async () => {
    const expired = await api.token('full', 'bearer', -1_000);
    const session = await api.token('full', 'session');
    const link = await api.token('full', 'sign_in');
    for (const token of [expired, session, link])
      expect((await api.call('GET', '/api/v1/session', { token })).status).toBe(401);
  });

  test('signing out revokes the token at once', async () => {
    const token = await api.token('full');
    expect((await api.call('POST', '/api/v1/session/sign-out', { token })).status).toBe(204);
    expect((await api.call('GET', '/api/v1/session', { token })).status).toBe(401);
  });
});

describe('what is written down', () => {
  test('who came in and who was turned away, with the token by its id and the workspace, never the token', async () => {
    const lines: Array<Record<string, unknown>> = [];
    const log = pino({ level: 'info', base: null }, { write: (line) => lines.push(JSON.parse(line)) });
    const logged = await startApiHarness({ log });
    try {
      const idOf = (token: string) => tokenId(hashToken(token));
      const link = await logged.token('full', 'sign_in');
      const old = await logged.token('full', 'session');
      const form = (token: string) => ({
        token: null,
        text: { type: 'application/x-www-form-urlencoded', text: `token=${token}` },
        headers: { cookie: `signalbox_session=${old}` },
      });
      await logged.call('POST', '/sign-in', form(link));
      await logged.call('POST', '/sign-in', form(link));
      await logged.call('GET', '/api/v1/session', { token: 'sbx_wrong-wrong-wrong-wrong-wrong' });
      await logged.call('POST', '/api/v1/flows', { token: logged.read, body: { name: 'x' } });
      await logged.call('POST', '/api/v1/session/sign-out', { token: logged.full });
      const workspace = logged.workspaceId;
      expect(
        lines.flatMap(({ security, workspace, token, why }) => (security ? [{ security, workspace, token, why }] : [])),
      ).toEqual([
        { security: 'signed_out', workspace, token: idOf(old), why: 'signed in again' },
        { security: 'signed_in', workspace, token: expect.stringMatching(/^[0-9a-f]{12}$/), why: undefined },
        { security: 'sign_in_refused', workspace: undefined, token: idOf(link), why: undefined },
        {
          security: 'token_refused',
          workspace: undefined,
          token: idOf('sbx_wrong-wrong-wrong-wrong-wrong'),
          why: undefined,
        },
        { security: 'request_refused', workspace, token: idOf(logged.read), why: 'read_only' },
        { security: 'signed_out', workspace, token: idOf(logged.full), why: undefined },
      ]);
      for (const secret of [link, old, logged.read, logged.full]) expect(JSON.stringify(lines)).not.toContain(secret);
    } finally {
      await logged.close();
    }
  });
});

describe('what a browser or a proxy may keep', () => {
  test('no answer of the API, whatever it says', async () => {
    for (const [path, token] of [
      ['/api/v1/contacts', api.full],
      ['/api/v1/session', null],
      ['/api/v1/unknown', api.full],
      ['/api/openapi.json', api.full],
    ] as const)
      expect([path, (await api.call('GET', path, { token })).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });
});

describe('signing in', () => {
  test('from a page of another site is refused, and uses nothing up', async () => {
    const link = await api.token('full', 'sign_in');
    const press = (headers: Record<string, string>) =>
      api.call('POST', '/sign-in', {
        token: null,
        text: { type: 'application/x-www-form-urlencoded', text: `token=${link}` },
        headers,
      });
    for (const headers of [
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await press(headers);
      expect([headers, answer.status, codeOf(answer.body)]).toEqual([headers, 403, 'cross_site']);
    }
    expect((await press({ origin: api.url, 'sec-fetch-site': 'same-origin' })).status).toBe(303);
  });

  test('ends the session that the browser had', async () => {
    const old = await api.token('full', 'session');
    const cookie = { cookie: `signalbox_session=${old}` };
    const asks = async () => (await api.call('GET', '/api/v1/session', { token: null, headers: cookie })).status;
    expect(await asks()).toBe(200);
    const link = await api.token('full', 'sign_in');
    const text = { type: 'application/x-www-form-urlencoded', text: `token=${link}` };
    expect((await api.call('POST', '/sign-in', { token: null, text, headers: cookie })).status).toBe(303);
    expect(await asks()).toBe(401);
  });

  test('a form of any length is not read', async () => {
    const text = { type: 'application/x-www-form-urlencoded', text: `token=${'x'.repeat(100_000)}` };
    const answer = await api.call('POST', '/sign-in', { token: null, text });
    expect([answer.status, codeOf(answer.body)]).toEqual([413, 'body_too_large']);
  });

  const post = (token: string) =>
    api.call('POST', '/sign-in', {
      token: null,
      text: { type: 'application/x-www-form-urlencoded', text: `token=${token}` },
    });

  test('looking at a link uses nothing up; pressing the button does, once', async () => {
    const link = await api.token('full', 'sign_in');
    for (let look = 0; look < 3; look += 1) {
      const page = await api.call('GET', `/sign-in?token=${link}`, { token: null });
      expect([page.status, page.type]).toEqual([200, 'text/html']);
      expect(page.headers.get('set-cookie')).toBeNull();
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(link)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 401, 401, 401, 401]);
    const cookie = answers.find((answer) => answer.status === 303)?.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^signalbox_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
    const session = await api.call('GET', '/api/v1/session', {
      token: null,
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(session.status).toBe(200);
  });

  test('an expired link and a bearer token open nothing', async () => {
    expect((await post(await api.token('full', 'sign_in', -1))).status).toBe(401);
    expect((await post(api.full)).status).toBe(401);
  });

  test('the page escapes what stands in the address', async () => {
    const page = await api.call('GET', `/sign-in?token=${encodeURIComponent('"><script>alert(1)</script>')}`, {
      token: null,
    });
    expect(String(page.body)).not.toContain('<script>');
  });

  test('tokens are stored as hashes only', async () => {
    const rows = await api.inTx((tx) => tx.selectFrom('access_tokens').selectAll().execute());
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.token_hash).toHaveLength(32);
      expect(JSON.stringify(row)).not.toContain(api.full);
    }
  });
});

describe('a cookie from another site', () => {
  test('changes nothing without our header, or when the browser says that it comes from elsewhere', async () => {
    const session = await api.token('full', 'session');
    const create = (headers: Record<string, string>) =>
      api.call('POST', '/api/v1/flows', {
        token: null,
        body: { name: 'A flow' },
        headers: { cookie: `signalbox_session=${session}`, ...headers },
      });
    const ours = { 'x-signalbox': '1', 'sec-fetch-site': 'same-origin', origin: api.url };
    expect((await create(ours)).status).toBe(201);
    const foreign = [
      { ...ours, 'x-signalbox': '0' },
      { ...ours, 'sec-fetch-site': 'cross-site' },
      { ...ours, 'sec-fetch-site': 'same-site' },
      { ...ours, origin: 'https://elsewhere.example' },
      { ...ours, origin: 'null' },
    ];
    for (const headers of foreign) {
      const answer = await create(headers);
      expect([headers, answer.status, codeOf(answer.body)]).toEqual([headers, 403, 'cross_site']);
    }
  });
});
