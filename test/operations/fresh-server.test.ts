import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@signalbox/launcher/ports';
import { startPostgres } from '@signalbox/launcher/postgres';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { withRole } from '../support/cluster.ts';
import { engineEnv, startEngineProcess } from '../support/engine-process.ts';
import { registerNamespace } from '../support/namespace.ts';

test('on a server that nobody has used, the engine makes its roles as an owner with CREATEROLE alone, and starts a second time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-fresh-'));
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), fast: true });
  const temporal = { address: inject('cluster').temporalAddress, namespace: `fresh-${randomBytes(4).toString('hex')}` };
  mkdirSync(join(folder, 'data'));
  const admin = new pg.Client({ connectionString: server.ownerUrl });
  try {
    await admin.connect();
    await admin.query(`CREATE ROLE keeper LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD 'keeper'`);
    await admin.query('CREATE DATABASE shop OWNER keeper');
    const ownerUrl = withRole(server.urlFor({ database: 'shop' }), 'keeper', 'keeper');
    const connection = await Connection.connect({ address: temporal.address });
    await registerNamespace(connection, temporal.namespace);
    await connection.close();
    const port = await findFreePort();
    const env = {
      ...engineEnv({ ownerUrl, temporal, dataFolder: join(folder, 'data'), url: `http://127.0.0.1:${port}` }),
      DATABASE_OWNER_URL: ownerUrl,
      PORT: String(port),
    };
    for (const time of ['first', 'second']) {
      const engine = await startEngineProcess(env);
      const health = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect([time, health.status]).toEqual([time, 200]);
      await engine.kill();
    }
    const { rows } = await admin.query(
      `SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE 'signalbox\\_%' AND rolname <> current_user ORDER BY 1`,
    );
    expect(rows).toEqual(
      ['signalbox_app', 'signalbox_router'].map((rolname) => ({
        rolname,
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
      })),
    );
  } finally {
    await admin.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
