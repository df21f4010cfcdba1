import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createOutgoingClient, type OutgoingClient } from './outgoing.ts';

const servers: Server[] = [];
const clients: OutgoingClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const server of servers.splice(0)) server.close();
});

function client(): OutgoingClient {
  const made = createOutgoingClient();
  clients.push(made);
  return made;
}

/** A server that does something to everybody who says something to it. Resolves to its host and what it heard. */
async function hearing(then: (socket: import('node:net').Socket) => void) {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (bytes) => {
        heard.push(bytes.toString('latin1'));
        then(socket);
      });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, heard };
}

const ask = (http: OutgoingClient, url: string, headers: Readonly<Record<string, string>> = {}) =>
  http.request({ method: 'POST', url, headers, body: 'text', timeoutMs: 2_000 });

describe('provably not sent', () => {
  test('is what nobody listens for, or nobody knows the name of', async () => {
    await expect(ask(client(), 'http://127.0.0.1:9/')).rejects.toMatchObject({ sent: false, code: 'ECONNREFUSED' });
    await expect(ask(client(), 'http://nobody.invalid/')).rejects.toMatchObject({ sent: false });
  });

  test('is what meets somebody who does not prove who it is: not a byte of the request was written', async () => {
    const { host, heard } = await hearing((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(ask(client(), `https://${host}/`)).rejects.toMatchObject({ sent: false });
    expect(heard.join('')).not.toContain('POST');
  });

  test('is what cannot be a request: an address that is none, a header that no header can be', async () => {
    const { host, heard } = await hearing((socket) => socket.destroy());
    await expect(ask(client(), 'nonsense')).rejects.toMatchObject({ sent: false });
    for (const value of ['a key\nwith a line', 'a key with “quotes”'])
      await expect(ask(client(), `http://${host}/`, { authorization: value })).rejects.toMatchObject({ sent: false });
    expect(heard).toEqual([]);
  });

  test('is what is asked of a client that was closed', async () => {
    const http = createOutgoingClient();
    await http.close();
    await expect(ask(http, 'http://127.0.0.1:9/')).rejects.toMatchObject({ sent: false });
  });
});

describe('nobody knows', () => {
  test('of what was heard and not answered', async () => {
    const { host, heard } = await hearing((socket) => socket.destroy());
    await expect(ask(client(), `http://${host}/`)).rejects.toMatchObject({ sent: true });
    expect(heard.join('')).toContain('POST');
  });
});
