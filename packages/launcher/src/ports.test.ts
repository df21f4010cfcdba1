import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { findFreePort, loopback, parsePort, requirePort } from './ports.ts';

test('a taken port is named, with how to choose another', async () => {
  const server = createServer().listen(0, loopback);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(requirePort(port)).rejects.toMatchObject({
    code: 'port_taken',
    problem: `Port ${port} on 127.0.0.1 is taken by another program.`,
    remedy: expect.stringContaining('PORT='),
  });
  server.close();
  await once(server, 'close');
  expect(await requirePort(port)).toBe(port);
});

test.each(['192.0.2.1', 'no-such-host.invalid', 'not an address'])('HOST=%s is named as the trouble', async (host) => {
  const port = await findFreePort();
  await expect(requirePort(port, host)).rejects.toMatchObject({
    code: 'host_unusable',
    problem: expect.stringContaining(host),
    remedy: expect.stringContaining('127.0.0.1'),
  });
});

test('a free port can be opened', async () => {
  const port = await findFreePort();
  expect(await requirePort(port)).toBe(port);
});

test('a free port is none that the system gives to the next connection of any program', async () => {
  const ports = await Promise.all(Array.from({ length: 40 }, () => findFreePort()));
  expect(ports.filter((port) => port >= 32_768 || port < 20_000)).toEqual([]);
  expect(new Set(ports).size).toBeGreaterThan(20);
});

test.each(['0', '-1', '65536', '80.5', 'http'])('PORT=%s is refused', (value) => {
  expect(() => parsePort(value, 4600)).toThrow(expect.objectContaining({ code: 'port_invalid' }));
});

test('an absent PORT is the default', () => {
  expect([parsePort(undefined, 4600), parsePort('', 4600), parsePort('5000', 4600)]).toEqual([4600, 4600, 5000]);
});
