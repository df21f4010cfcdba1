import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shown } from '@signalbox/engine/http/ids';
import { failPointNames } from '@signalbox/engine/runtime/fail-points';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startApiHarness } from '../api/client.ts';
import { startEngineProcess } from '../support/engine-process.ts';
import { until } from '../support/harness.ts';
import { isSigned, startReceiver } from './receiver.ts';

const points = failPointNames.filter((name) => name.startsWith('webhook_'));

test('at every crash point of webhooks the process really ends, the next one goes on, and every event is told under one id', async ({
  onTestFinished,
}) => {
  const api = await startApiHarness({ work: false });
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-webhooks-'));
  const receiver = await startReceiver();
  onTestFinished(async () => {
    receiver.close();
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const made = await api.call('POST', '/api/v1/webhooks', {
    body: { url: receiver.url('/'), types: ['contact.created'] },
  });
  const { id } = z.looseObject({ id: z.string() }).parse(made.body);
  const { secret } = z
    .looseObject({ secret: z.string() })
    .parse((await api.call('GET', `/api/v1/webhooks/${id}/secret`)).body);
  const environment = { ...api.processEnv(folder), WEBHOOK_PRIVATE_ADDRESSES: 'on' };
  const states = () => api.inTx((tx) => tx.selectFrom('webhook_deliveries').select('state').orderBy('state').execute());
  /** What a process took and said nothing of comes due: its lease is over. */
  const leasesEnd = () =>
    api.inTx((tx) =>
      tx
        .updateTable('webhook_deliveries')
        .set({ next_at: new Date(0) })
        .where('state', '=', 'waiting')
        .execute(),
    );
  const people: string[] = [];
  expect(points).toHaveLength(6);
  for (const name of points) {
    people.push(...(await api.addContacts(5, people.length)));
    await leasesEnd();
    const engine = await startEngineProcess(environment, { orEnded: true, endsAt: `${name}:0` });
    expect([name, await engine.ended]).toEqual([name, 'SIGKILL']);
    expect(engine.lines.at(-1)).toBe(JSON.stringify({ ends_at: name }));
  }
  await leasesEnd();
  const last = await startEngineProcess(environment);
  try {
    await until('everybody to be told of', async () => {
      const rows = await states();
      return rows.length === people.length && rows.every(({ state }) => state === 'delivered');
    });
  } finally {
    await last.kill();
  }
  const told = Map.groupBy(receiver.received, ({ event }) => event.data['contact_id']);
  expect([...told.keys()].sort()).toEqual(people.map((contact) => shown('contact', contact)).sort());
  for (const each of told.values()) expect(new Set(each.map((request) => request.id)).size).toBe(1);
  expect(receiver.received.every((request) => isSigned(request, secret))).toBe(true);
}, 300_000);
