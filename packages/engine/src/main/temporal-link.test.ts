import { once } from 'node:events';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { linkTemporal } from './temporal-link.ts';

test('a Temporal that takes the connection and says nothing keeps no start waiting', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const link = await linkTemporal({
    address: `127.0.0.1:${port}`,
    namespace: 'default',
    apiKey: undefined,
    log: pino({ level: 'silent' }),
    patienceMs: 50,
  });
  expect(link.native()).toBeNull();
  await link.close();
  silent.close();
});
