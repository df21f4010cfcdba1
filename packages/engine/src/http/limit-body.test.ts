import { once } from 'node:events';
import { request } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiEnv } from './env.ts';
import { limitBody } from './limit-body.ts';
import { ProblemError } from './problems.ts';

const app = new Hono<ApiEnv>()
  .use(limitBody(10))
  .post('/', async (c) => c.text(await c.req.text()))
  .onError((error, c) => c.text(error instanceof ProblemError ? error.code : 'other', 500));
// As the product serves it: with the globals left alone.
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false });
let port = 0;

beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Sends the parts as they are: chunked, or with the length they have together, or with neither where there are none. */
async function post(parts: readonly string[], chunked: boolean): Promise<string> {
  const length = Buffer.byteLength(parts.join(''));
  const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false });
  if (chunked) sent.setHeader('transfer-encoding', 'chunked');
  else if (parts.length > 0) sent.setHeader('content-length', length);
  else sent.removeHeader('content-length');
  sent.useChunkedEncodingByDefault = chunked;
  for (const part of parts) sent.write(part);
  sent.end();
  const [answer]: Array<AsyncIterable<Buffer>> = await once(sent, 'response');
  let text = '';
  for await (const part of answer ?? []) text += part.toString();
  return text;
}

test.each([
  ['nothing, and no word about its length', [], false, ''],
  ['a short body of known length', ['12345'], false, '12345'],
  ['a short body in parts', ['12345', '67890'], true, '1234567890'],
  ['an empty body in parts', [], true, ''],
  ['a long body of known length', ['12345678901'], false, 'body_too_large'],
  ['a long body in parts', ['12345', '678901'], true, 'body_too_large'],
] as const)('%s', async (_name, parts, chunked, expected) => {
  expect(await post(parts, chunked)).toBe(expected);
});
