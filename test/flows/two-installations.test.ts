import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporalNames } from '@signalbox/engine/cohorts/temporal-names';
import {
  NamespaceTakenError,
  requireOwnNamespace,
  startDispatchWorkflow,
} from '@signalbox/engine/main/dispatch-workflow';
import { findFreePort } from '@signalbox/launcher/ports';
import pg from 'pg';
import { afterEach, expect, inject, test } from 'vitest';
import { startEngineProcess } from '../support/engine-process.ts';
import { conversationFlow } from '../support/flows.ts';
import { businessNumber, type Harness, startHarness, until } from '../support/harness.ts';

const closers: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function begin(options: Parameters<typeof startHarness>[0] = {}): Promise<Harness> {
  const harness = await startHarness(options);
  closers.push(harness.close);
  return harness;
}

/** The namespace of one harness, for another. */
const beside = (harness: Harness) => ({
  address: inject('cluster').temporalAddress,
  namespace: harness.engine.client.options.namespace,
});

/** Makes a copy of the template another installation, as a database that was made by itself is. */
async function otherInstallation(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(`UPDATE installation SET id = gen_random_uuid(), prefix = 'signalbox-0ther1nstall'`);
  await owner.end();
}

const texts = (harness: Harness, phone: string) =>
  harness.carrier.ledger.ofPhone(phone).flatMap((message) => (message.origin === 'api' ? [message.body] : []));

test('two installations in one namespace each carry their own people', async () => {
  const one = await begin();
  const two = await begin({ temporal: beside(one), prepare: otherInstallation });
  expect(two.engine.names.queues).not.toEqual(one.engine.names.queues);
  for (const harness of [one, two]) await harness.publish('Offers', conversationFlow({ keyword: 'OFFERS' }));
  const phones = Array.from({ length: 10 }, (_, index) => `+12025550${150 + index}`);
  for (const phone of phones) for (const harness of [one, two]) harness.carrier.text(phone, businessNumber, 'OFFERS');
  await until('everyone to be asked by both', () =>
    phones.every((phone) => [one, two].every((harness) => texts(harness, phone).length === 1)),
  );
}, 60_000);

test('a copy of a database is refused in the namespace of the first, and let in once that is gone', async () => {
  const first = await begin();
  const copy = await begin({ work: false });
  const { client, installation, names } = first.engine;
  expect(copy.engine.installation).toMatchObject({ id: installation.id, prefix: installation.prefix });
  await expect(requireOwnNamespace(client, copy.engine.installation)).rejects.toThrow(NamespaceTakenError);
  await expect(startDispatchWorkflow(client, copy.engine.installation)).rejects.toThrow(NamespaceTakenError);
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-copy-'));
  const started = startEngineProcess({
    ...copy.processEnv(folder),
    TEMPORAL_NAMESPACE: client.options.namespace,
    PORT: String(await findFreePort()),
  });
  await expect(started).rejects.toThrow('ended with 1');
  rmSync(folder, { recursive: true, force: true });
  await requireOwnNamespace(client, installation);
  await client.workflow.getHandle(names.dispatcherId(0)).terminate('gone for good');
  await requireOwnNamespace(client, copy.engine.installation);
}, 60_000);

test('an installation from before keeps its names, and its dispatcher says from now on whose it is', async () => {
  const names = temporalNames('signalbox');
  expect([Object.values(names.queues), names.dispatchQueue(0), names.dispatcherId(0)]).toEqual([
    ['signalbox-interactive', 'signalbox-bulk', 'signalbox-code'],
    'signalbox-dispatch-0',
    'dispatcher-0',
  ]);
  const harness = await begin({
    prepare: async (ownerUrl) => {
      const owner = new pg.Client({ connectionString: ownerUrl });
      await owner.connect();
      await owner.query(`UPDATE installation SET prefix = 'signalbox'`);
      await owner.end();
    },
    beforeStart: async (client) => {
      // As the build before starts it: without a word on whose it is.
      await client.workflow.start('dispatchShard', {
        taskQueue: 'signalbox-code',
        workflowId: 'dispatcher-0',
        args: [0],
      });
    },
  });
  const { memo } = await harness.engine.client.workflow.getHandle('dispatcher-0').describe();
  expect(memo).toMatchObject({ installation: harness.engine.installation.id });
  await harness.publish('Offers', conversationFlow({ keyword: 'OFFERS' }));
  harness.carrier.text('+12025550150', businessNumber, 'OFFERS');
  await until('the person to be asked', () => texts(harness, '+12025550150').length === 1);
}, 60_000);
