import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCarrier } from '@signalbox/demo-carrier/server';
import { findFreePort } from '@signalbox/launcher/ports';
import { Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { cloneDatabase, dropDatabase } from '../../support/cluster.ts';
import { engineEnv, startEngineProcess } from '../../support/engine-process.ts';
import { registerNamespace } from '../../support/namespace.ts';
import { askAsOwner, editorIsBuilt, type Product } from './product.ts';

/**
 * Starts the product's engine as a process of its own over a database and a namespace of the cluster that all test files share, beside a
 * demo carrier, with its sample data: what a browser meets is what `npx pnpm start` serves, without a PostgreSQL and a Temporal of its own.
 */
export async function startClusterProduct(): Promise<Product> {
  await editorIsBuilt();
  const cluster = inject('cluster');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const dataFolder = mkdtempSync(join(tmpdir(), 'signalbox-product-'));
  const ownerUrl = await cloneDatabase(cluster, name);
  const connection = await Connection.connect({ address: cluster.temporalAddress });
  await registerNamespace(connection, name);
  await connection.close();
  const carrier = createCarrier({ seed: 1 });
  const carrierUrl = await carrier.listen(0);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...engineEnv({ ownerUrl, temporal: { address: cluster.temporalAddress, namespace: name }, dataFolder, url }),
    ROLES: 'api,worker',
    PORT: String(port),
    DEMO_CARRIER_URL: carrierUrl,
    WEBHOOK_PRIVATE_ADDRESSES: 'on',
    LOG_LEVEL: 'warn',
  };
  const engine = await startEngineProcess(env);
  const signInLink = engine.ready?.sign_in_url;
  if (signInLink === undefined) throw new Error(`The engine gave no sign-in link:\n${engine.lines.join('\n')}`);
  return {
    url,
    env,
    signInLink,
    sql: (text, values) => askAsOwner(ownerUrl, text, values),
    close: async () => {
      await engine.kill();
      await carrier.close();
      await dropDatabase(cluster, name);
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
