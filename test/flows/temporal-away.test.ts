import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { findFreePort } from '@signalbox/launcher/ports';
import { startTemporal } from '@signalbox/launcher/temporal';
import { afterEach, expect, test } from 'vitest';
import { startEngineProcess } from '../support/engine-process.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, startHarness, until } from '../support/harness.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test('with Temporal away the API starts, stays ready and takes texts; who wrote is answered once it is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-away-'));
  closers.push(async () => rmSync(folder, { recursive: true, force: true }));
  const harness = await startHarness({ work: false });
  closers.push(harness.close);
  await harness.publish('Offers', conversationFlow({ keyword: 'OFFERS' }));
  const [port, temporalPort] = [await findFreePort(), await findFreePort()];
  const url = `http://127.0.0.1:${port}`;
  const engine = await startEngineProcess({
    ...harness.processEnv(folder),
    ROLES: 'api,worker',
    PORT: String(port),
    PUBLIC_URL: url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    TEMPORAL_NAMESPACE: 'default',
  });
  closers.push(engine.kill);
  harness.carrier.setAccount({
    ...harness.carrierAccount,
    numbers: [{ number: businessNumber, sms_url: `${url}/webhooks/twilio/${harness.accountId}/sms` }],
  });
  const phone = '+12025550150';
  harness.carrier.text(phone, businessNumber, 'OFFERS');
  await until('the text to be stored', async () => {
    const rows = await harness.inTx((tx) =>
      tx.selectFrom('messages').select('id').where('handled_by', '=', 'keyword').execute(),
    );
    return rows.length === 1;
  });
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, database: true, temporal: false }]);

  const temporal = await startTemporal({ port: temporalPort, cacheDir: cacheFolderPath(), log: () => undefined });
  closers.push(temporal.stop);
  await until(
    'the person to be asked',
    () => harness.carrier.ledger.ofPhone(phone).some(({ origin }) => origin === 'api'),
    60_000,
  );
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, database: true, temporal: true });
}, 120_000);
