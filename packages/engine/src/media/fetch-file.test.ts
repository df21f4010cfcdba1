import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createFileFetcher, type FileOrigin, mostFileBytes } from './fetch-file.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
  return `http://127.0.0.1:${address.port}`;
}

const carrier = (origin: string): FileOrigin => ({
  origins: [origin],
  headers: { authorization: 'Basic secret' },
  isOurs: true,
});

function fetcher(timeoutMs?: number) {
  const made = createFileFetcher(timeoutMs === undefined ? {} : { timeoutMs });
  onTestFinished(() => made.close());
  return made;
}

test('fetches a file with the account’s credentials, as it is', async () => {
  const file = randomBytes(50_000);
  const seen: Array<string | undefined> = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(file);
  });
  const found = await fetcher().fetch(`${origin}/a`, carrier(origin));
  expect(found.kind === 'fetched' && Buffer.from(found.bytes).equals(file)).toBe(true);
  expect(seen).toEqual(['Basic secret']);
});

test.each([
  'http://127.0.0.1/',
  'http://127.0.0.1:4600/api/v1/session',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://①②⑦.0.0.1/',
  'http://localhost/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1/',
  'http://100.64.0.1/',
  'http://user:secret@203.0.113.9/',
  'https://93.184.216.34:8443/',
  'file:///etc/passwd',
  'ftp://93.184.216.34/',
  'data:image/png;base64,AAAA',
  'nothing',
])('does not ask %s', async (address) => {
  const from: FileOrigin = { origins: ['https://api.provider.example'], headers: { a: 'b' }, isOurs: false };
  expect(await fetcher().fetch(address, from)).toEqual({
    kind: 'failed',
    code: 'media_address_refused',
    final: true,
  });
});

test('an address of this machine is refused even where the provider is on it, at another port, and behind a redirect', async () => {
  let asked = 0;
  const other = await serve((_request, response) => {
    asked += 1;
    response.end('secret');
  });
  const origin = await serve((_request, response) => response.writeHead(302, { location: `${other}/secret` }).end());
  const refused = { kind: 'failed', code: 'media_address_refused', final: true };
  expect(await fetcher().fetch(`${other}/secret`, carrier(origin))).toEqual(refused);
  expect(await fetcher().fetch(`${origin}/a`, carrier(origin))).toEqual(refused);
  expect(asked).toBe(0);
});

test('a provider that is real is never on this machine', async () => {
  const origin = await serve((_request, response) => response.end('secret'));
  expect(await fetcher().fetch(`${origin}/a`, { ...carrier(origin), isOurs: false })).toMatchObject({
    code: 'media_address_refused',
  });
});

test('follows redirects within the provider, and not for ever', async () => {
  const origin = await serve((request, response) => {
    const n = Number(request.url?.slice(1));
    if (n === 0) response.end('there');
    else response.writeHead(307, { location: `/${n - 1}` }).end();
  });
  expect(await fetcher().fetch(`${origin}/3`, carrier(origin))).toMatchObject({ kind: 'fetched' });
  expect(await fetcher().fetch(`${origin}/4`, carrier(origin))).toMatchObject({ code: 'media_address_refused' });
});

test('takes no more than a file may have, whether the answer says how much comes or not', async () => {
  const origin = await serve((request, response) => {
    const bytes = Buffer.alloc(mostFileBytes + (request.url === '/most' ? 0 : 1));
    if (request.url === '/said') response.setHeader('content-length', bytes.length);
    response.write(bytes);
    response.end();
  });
  expect(await fetcher().fetch(`${origin}/most`, carrier(origin))).toMatchObject({ kind: 'fetched' });
  for (const path of ['/said', '/unsaid'])
    expect(await fetcher().fetch(origin + path, carrier(origin))).toEqual({
      kind: 'failed',
      code: 'media_too_large',
      final: true,
    });
});

test('an answer that drips, or never begins, is given up in time', async () => {
  const origin = await serve((request, response) => {
    if (request.url !== '/drip') return;
    response.writeHead(200);
    const drip = setInterval(() => response.write('x'), 50);
    request.on('close', () => clearInterval(drip));
  });
  const startedAt = performance.now();
  expect(await fetcher(400).fetch(`${origin}/drip`, carrier(origin))).toEqual({
    kind: 'failed',
    code: 'media_too_slow',
    final: false,
  });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(await fetcher(400).fetch(`${origin}/silence`, carrier(origin))).toMatchObject({ code: 'media_too_slow' });
});

test.each([
  [401, 'media_denied'],
  [403, 'media_denied'],
  [404, 'media_gone'],
  [500, 'media_unreachable'],
  [304, 'media_unreachable'],
])('an answer of %i may be another one later', async (status, code) => {
  const origin = await serve((_request, response) => response.writeHead(status).end());
  expect(await fetcher().fetch(`${origin}/a`, carrier(origin))).toEqual({ kind: 'failed', code, final: false });
});

test('nobody there may come back', async () => {
  expect(await fetcher().fetch('http://127.0.0.1:1/', carrier('http://127.0.0.1:1'))).toEqual({
    kind: 'failed',
    code: 'media_unreachable',
    final: false,
  });
});
