import { createServer, request } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

/** Whom a request with this header is from, with so many proxies of ours in front. */
async function seen(forwarded: string | undefined, proxies: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((incoming, response) => {
    resolve(clientAddress(incoming, proxies));
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  request({ port, host: '127.0.0.1', headers }, (answer) => answer.resume()).end();
  const found = await promise;
  server.close();
  return found;
}

test.each([
  ['203.0.113.7', 0, '127.0.0.1'],
  ['203.0.113.7', 1, '203.0.113.7'],
  ['6.6.6.6, 203.0.113.7', 1, '203.0.113.7'],
  ['6.6.6.6, 203.0.113.7, 10.0.0.1', 2, '203.0.113.7'],
  [undefined, 1, '127.0.0.1'],
  ['203.0.113.7', 3, '127.0.0.1'],
])('X-Forwarded-For: %s behind %s proxies is %s', async (forwarded, proxies, address) => {
  expect(await seen(forwarded, proxies)).toBe(address);
});
