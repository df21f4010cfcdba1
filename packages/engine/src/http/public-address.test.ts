import { expect, test } from 'vitest';
import { createOutgoingClient, type OutgoingClient } from './outgoing.ts';
import { isPublicAddress } from './public-address.ts';

test.each([
  '127.0.0.1',
  '127.8.9.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '[::1]',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '[::ffff:169.254.169.254]',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:7f00::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1%eth0',
  'ff02::1',
])('%s is nobody’s on the internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2606:4700::1111', 'example.com'])(
  '%s may be asked',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

const refusals = [
  'http://127.0.0.1:9/',
  'http://2130706433:9/',
  'http://0x7f.1:9/',
  'http://0177.0.0.1:9/',
  'http://127.1:9/',
  'http://127.0.0.1.:9/',
  'http://①②⑦.0.0.1:9/',
  'http://[::1]:9/',
  'http://[::ffff:127.0.0.1]:9/',
  'http://[::]:9/',
  'http://localhost:9/',
  'https://localhost:9/',
];

test.each(refusals)('the client for addresses that somebody entered asks nothing of %s', async (url) => {
  const http: OutgoingClient = createOutgoingClient({ publicOnly: true });
  const asked = http.request({ method: 'POST', url, body: 'text', timeoutMs: 2_000 });
  await expect(asked).rejects.toMatchObject({ code: 'address_refused', sent: false });
  await http.close();
});

test('and the one for everything else does', async () => {
  const http = createOutgoingClient();
  const asked = http.request({ method: 'POST', url: 'http://127.0.0.1:9/', body: 'text', timeoutMs: 2_000 });
  await expect(asked).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await http.close();
});
