import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createTwilio } from './twilio.ts';

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
  const provider = createTwilio();
  try {
    for (const link of [`@${other.host}/page`, `:x@${other.host}/page`, `.elsewhere.example/page`]) {
      const twilio = await listing(() => link);
      const account = { id: 'a', externalId: 'AC1', baseUrl: `http://${twilio.host}`, secret: 'secret' };
      const query = { from: '+12025550100', to: '+12025550150', body: 'x', since: new Date(0) };
      await expect(provider.lookup(account, query, 2_000), link).rejects.toThrow();
      expect([link, twilio.asked.length, other.asked]).toEqual([link, 1, []]);
    }
    const honest = await listing(() => '/2010-04-01/Accounts/AC1/Messages.json?Page=1');
    const account = { id: 'a', externalId: 'AC1', baseUrl: `http://${honest.host}`, secret: 'secret' };
    const query = { from: '+12025550100', to: '+12025550150', body: 'x', since: new Date(0) };
    expect(await provider.lookup(account, query, 2_000)).toEqual([]);
    expect(honest.asked).toHaveLength(4);
  } finally {
    await provider.close();
  }
});
