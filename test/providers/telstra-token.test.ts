import { OutgoingError } from '@signalbox/engine/http/outgoing';
import { describe, expect, test } from 'vitest';
import { connected, created, credentials, message, token } from './telstra-stub.ts';

describe('the token', () => {
  test('is asked for by the client’s credentials, with what is needed and no more', async () => {
    const { connection, tokens } = connected(() => created);
    await connection.send(message, 1_000);
    expect(tokens()[0]).toMatchObject({
      method: 'POST',
      url: 'https://products.api.telstra.com/v2/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(Object.fromEntries(new URLSearchParams(tokens()[0]?.body))).toEqual({
      ...credentials,
      grant_type: 'client_credentials',
      scope: 'messages:read messages:write virtual-numbers:read',
    });
  });

  test('is one for many who send at once, and for those who come after', async () => {
    const { connection, asked, tokens } = connected(() => created);
    await Promise.all(Array.from({ length: 20 }, () => connection.send(message, 1_000)));
    await connection.send(message, 1_000);
    expect(asked()).toHaveLength(21);
    expect(tokens()).toHaveLength(1);
  });

  test('is a new one once the old one is near its end', async () => {
    const { connection, tokens } = connected(
      () => created,
      () => token('t1', 0.001),
    );
    await connection.send(message, 1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await connection.send(message, 1_000);
    expect(tokens()).toHaveLength(2);
  });

  test('is forgotten once it was not taken', async () => {
    let given = 0;
    const { connection, asked } = connected(
      ({ headers }) => (headers?.['authorization'] === 'Bearer t1' ? { status: 401, body: {} } : created),
      () => {
        given += 1;
        return token(`t${given}`);
      },
    );
    expect(await connection.send(message, 1_000)).toMatchObject({ kind: 'refused', errorClass: 'auth' });
    expect(await connection.send(message, 1_000)).toMatchObject({ kind: 'accepted' });
    expect(asked()).toHaveLength(2);
  });

  const lost = (code: string, sent: boolean) => () => Promise.reject(new OutgoingError(code, sent));
  test.each([
    [
      'of a client that is unknown',
      () => ({ status: 401, body: { error: 'invalid_client' } }),
      'auth',
      'token_invalid_client',
    ],
    [
      'of a scope that is refused',
      () => ({ status: 400, body: { error: 'invalid_scope' } }),
      'auth',
      'token_invalid_scope',
    ],
    ['while the server is down', () => ({ status: 503, body: '' }), 'transient', 'token_http_503'],
    ['where nobody is there', lost('ECONNREFUSED', false), 'transient', 'token_ECONNREFUSED'],
    ['where no answer came', lost('timeout', true), 'transient', 'token_timeout'],
    ['that nobody can read', () => ({ status: 200, body: '<html>' }), 'transient', 'token_unreadable'],
  ] as const)('%s: provably not sent', async (_name, given, errorClass, code) => {
    const { connection, asked } = connected(() => created, given);
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'refused', errorClass, code, retryAfterMs: null });
    expect(await connection.check(1_000)).toEqual({ ok: false, errorClass, code });
    expect(asked()).toEqual([]);
  });

  test('comes later where it is asked for too often', async () => {
    const { connection } = connected(
      () => created,
      () => ({ status: 429, body: '', headers: { 'retry-after': '5' } }),
    );
    expect(await connection.send(message, 1_000)).toMatchObject({ errorClass: 'throttled', retryAfterMs: 5_000 });
  });

  test('takes its part of the time: where none is left, nothing is sent', async () => {
    const slowly = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return token();
    };
    const late = connected(() => created, slowly);
    expect(await late.connection.send(message, 10)).toMatchObject({ kind: 'refused', code: 'token_late' });
    expect(late.asked()).toEqual([]);
    const inTime = connected(() => created, slowly);
    await inTime.connection.send(message, 1_000);
    expect(inTime.asked()[0]?.timeoutMs).toBeLessThan(975);
  });
});
