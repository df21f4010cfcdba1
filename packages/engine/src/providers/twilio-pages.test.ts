import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createOutgoingClient } from '../http/outgoing.ts';
import { twilio } from './twilio.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers every request with an empty page which names the next, and says what was asked of it. */
async function listing(next: () => string | null): Promise<{ readonly host: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ messages: [], next_page_uri: asked.length > 3 ? null : next() }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked };
}

test('a next page that leads to another server is not followed, and the credentials stay', async () => {
  const other = await listing(() => null);
  const http = createOutgoingClient();
  const at = (host: string) =>
    twilio.connect({ credentials: twilio.account.example, baseUrl: `http://${host}`, origins: {} }, http);
  const query = {
    from: '+12025550100',
    to: '+12025550150',
    body: 'x',
    hasMedia: false,
    reference: 'a',
    since: new Date(0),
  };
  try {
    for (const link of [`@${other.host}/page`, `:x@${other.host}/page`, `.elsewhere.example/page`]) {
      const cheating = await listing(() => link);
      await expect(at(cheating.host).lookup?.(query, 2_000), link).rejects.toThrow();
      expect([link, cheating.asked.length, other.asked]).toEqual([link, 1, []]);
    }
    const honest = await listing(() => '/2010-04-01/Accounts/AC1/Messages.json?Page=1');
    expect(await at(honest.host).lookup?.(query, 2_000)).toEqual([]);
    expect(honest.asked).toHaveLength(4);
  } finally {
    await http.close();
  }
});
