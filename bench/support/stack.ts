import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSecretBox } from '@signalbox/engine/accounts/secret-box';
import { migrate } from '@signalbox/engine/db/migrate';
import { createIds } from '@signalbox/engine/runtime/ids';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { startPostgres } from '@signalbox/launcher/postgres';
import { startTemporal } from '@signalbox/launcher/temporal';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import pg from 'pg';
import { sleep } from './figures.ts';
import { cpuSeconds, peakMegabytes, type StartedProcess, startProcess } from './processes.ts';

export const businessNumber = '+12025550100';
const accountSid = `AC${'1'.repeat(32)}`;
const authToken = 'token-of-the-benchmark-account';
const main = fileURLToPath(new URL('../../packages/engine/src/main/main.ts', import.meta.url));
const carrierMain = fileURLToPath(new URL('../../packages/demo-carrier/src/main.ts', import.meta.url));

export type Stack = {
  readonly carrierUrl: string;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly accountId: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly workspaceId: string;
  /** Another one after PostgreSQL was restarted. */
  readonly owner: pg.Client;
  readonly ownerUrl: string;
  /** Of the engine's processes. */
  readonly pids: () => readonly number[];
  /** `match` is the revision that a change is made to. */
  readonly api: (method: string, path: string, body?: unknown, match?: string) => Promise<unknown>;
  readonly addContacts: (count: number) => Promise<void>;
  readonly publish: (name: string, graph: FlowGraph) => Promise<string>;
  readonly statements: () => Promise<number>;
  readonly engineCpu: () => number;
  readonly engineRss: () => number;
  /** Peak memory of each engine process, by its role, in MB. */
  readonly rssByPart: () => Readonly<Record<string, number>>;
  readonly cpuByPart: () => Readonly<Record<string, number>>;
  readonly carrier: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Kills an engine process, by its place among the roles, and resolves once it is gone; `startAgain` starts it anew. */
  readonly kill: (index: number) => Promise<void>;
  readonly startAgain: (index: number) => Promise<void>;
  readonly restartPostgres: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The product as it runs, each part a process: PostgreSQL with synchronous commits, Temporal on a file, the carrier, and the engine
 * as the given roles (one process each).
 */
export async function startStack(options: {
  readonly roles: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const cacheDir = cacheFolderPath();
  const settings = {
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track': 'top',
    max_connections: '120',
  };
  const dataDir = join(folder, 'postgres');
  let postgres = await startPostgres({ dataDir, settings });
  const temporal = await startTemporal({ dbFile: join(folder, 'temporal.db'), cacheDir, log: () => undefined });
  await migrate({ ownerUrl: postgres.ownerUrl, appPassword: 'app', routerPassword: 'router' });
  if (process.env['BENCH_LOG'] !== undefined) console.error(postgres.ownerUrl);
  const connectOwner = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: postgres.ownerUrl });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  let owner = await connectOwner();
  await owner.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');

  const key = randomBytes(32);
  const ids = createIds(() => Date.now());
  const workspaceId = ids.uuid();
  const accountId = ids.uuid();
  const token = randomBytes(24).toString('base64url');
  const carrier = await startProcess(carrierMain, ['--port', '0'], {});
  await owner.query('INSERT INTO workspaces (workspace_id, name, created_at) VALUES ($1, $2, now())', [
    workspaceId,
    'Benchmark',
  ]);
  await owner.query(
    `INSERT INTO accounts (workspace_id, id, provider, name, external_id, base_url, secret, opt_out_handling, brand, created_at)
     VALUES ($1, $2, 'twilio', 'Benchmark', $3, $4, $5, 'signalbox', 'Benchmark', now())`,
    [workspaceId, accountId, accountSid, carrier.url, createSecretBox(key).seal(workspaceId, accountId, authToken)],
  );
  await owner.query(
    `INSERT INTO senders (workspace_id, id, account_id, address, kind, created_at) VALUES ($1, $2, $3, $4, 'long_code', now())`,
    [workspaceId, ids.uuid(), accountId, businessNumber],
  );
  // Every rule on, and none that refuses: what is measured is what it costs to be asked.
  const allWeek = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }];
  const rules = {
    'quiet-hours': { law: false, hours: allWeek },
    'frequency-caps': { caps: [{ messages: 50, hours: 720 }] },
    countries: { open: ['AU'] },
    content: { banned: ['casino'], hosts: ['example.com'] },
    suppression: { prefixes: ['+1900'] },
  };
  for (const [rule, settings] of Object.entries(rules))
    await owner.query('INSERT INTO gate_rules (workspace_id, rule, settings, updated_at) VALUES ($1, $2, $3, now())', [
      workspaceId,
      rule,
      JSON.stringify(settings),
    ]);
  await owner.query(
    `INSERT INTO access_tokens (workspace_id, token_hash, kind, scope, created_at, expires_at) VALUES ($1, $2, 'bearer', 'full', now(), now() + interval '1 day')`,
    [workspaceId, createHash('sha256').update(token).digest()],
  );

  const firstPort = 4_700 + Math.floor(Math.random() * 200);
  const startEngine = (index: number): Promise<StartedProcess> =>
    startProcess(main, [], {
      DATABASE_URL: postgres.urlFor({ user: 'signalbox_app', password: 'app' }),
      DATABASE_ROUTER_URL: postgres.urlFor({ user: 'signalbox_router', password: 'router' }),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      SECRETS_KEY: key.toString('base64'),
      SIGNALBOX_DATA: folder,
      HOST: '127.0.0.1',
      PORT: String(firstPort + index),
      PUBLIC_URL: `http://127.0.0.1:${firstPort}`,
      DEMO_CARRIER_URL: carrier.url,
      DEMO_SEED: 'off',
      ROLES: options.roles[index] ?? 'api,worker',
      LOG_LEVEL: 'warn',
      // As a start of the product sets it.
      MALLOC_ARENA_MAX: '2',
      ...options.env,
    });
  const engines: StartedProcess[] = [];
  for (const index of options.roles.keys()) engines.push(await startEngine(index));
  const apiUrl = `http://127.0.0.1:${firstPort}`;
  const carrierCall = (method: string, path: string, body?: unknown) => call(carrier.url + path, method, body, {});
  await carrierCall('PUT', `/_carrier/accounts/${accountSid}`, {
    auth_token: authToken,
    opt_out: 'customer',
    numbers: [{ number: businessNumber, sms_url: `${apiUrl}/webhooks/twilio/${accountId}/sms` }],
  });
  // A carrier holds many callbacks open at once; with few, the receipts would measure the carrier.
  await carrierCall('PATCH', '/_carrier/settings', { receipts: { concurrency: 512 } });
  const api: Stack['api'] = (method, path, body, match) =>
    call(`${apiUrl}/api/v1${path}`, method, body, {
      authorization: `Bearer ${token}`,
      ...(match === undefined ? {} : { 'if-match': match }),
    });
  const pids = (): number[] => engines.map((engine) => engine.pid);

  return {
    carrierUrl: carrier.url,
    apiUrl,
    temporalAddress: temporal.address,
    accountId,
    accountSid,
    authToken,
    workspaceId,
    get owner() {
      return owner;
    },
    ownerUrl: postgres.ownerUrl,
    pids,
    api,
    carrier: carrierCall,
    addContacts: (count) => addContacts(owner, workspaceId, count),
    async publish(name, graph) {
      const flow = asRecord(await api('POST', '/flows', { name, graph }));
      const id = String(flow['id']);
      await call(`${apiUrl}/api/v1/flows/${id}/publish`, 'POST', undefined, {
        authorization: `Bearer ${token}`,
        'if-match': `"${String(flow['revision'])}"`,
      });
      return id;
    },
    async statements() {
      const rows = await owner.query<{ n: string }>(
        `SELECT coalesce(sum(calls), 0) AS n FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname IN ('signalbox_app', 'signalbox_router')`,
      );
      return Number(rows.rows[0]?.n ?? 0);
    },
    engineCpu: () => cpuSeconds([...pids(), postgres.pid, temporal.pid]),
    engineRss: () => peakMegabytes(pids()),
    rssByPart: () =>
      Object.fromEntries(
        engines.map((engine, index) => [options.roles[index] ?? 'engine', peakMegabytes([engine.pid])]),
      ),
    cpuByPart: () => ({
      ...Object.fromEntries(
        engines.map((engine, index) => [options.roles[index] ?? 'engine', cpuSeconds([engine.pid])]),
      ),
      postgres: cpuSeconds([postgres.pid]),
      temporal: cpuSeconds([temporal.pid]),
      carrier: cpuSeconds([carrier.pid]),
    }),
    kill: async (index) => {
      await engines[index]?.kill();
    },
    startAgain: async (index) => {
      engines[index] = await startEngine(index);
    },
    restartPostgres: async () => {
      const { port } = postgres;
      await postgres.stop();
      postgres = await startPostgres({ dataDir, settings, port });
      owner = await connectOwner();
    },
    async close() {
      for (const engine of engines) await engine.stop();
      await carrier.stop();
      await owner.end();
      await temporal.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** People who consented, with a name each: numbers of no real range. */
async function addContacts(owner: pg.Client, workspaceId: string, count: number): Promise<void> {
  await owner.query(
    `WITH people AS (
       INSERT INTO contacts (workspace_id, id, phone, first_name, attributes, created_at, updated_at)
       SELECT $1, md5(i::text || 'benchmark')::uuid, '+1202' || (5000000 + i), 'Person ' || i, jsonb_build_object('plan', CASE WHEN i % 2 = 0 THEN 'gold' ELSE 'blue' END), now(), now()
       FROM generate_series(1, $2::int) AS i RETURNING workspace_id, id, phone
     ), numbered AS (INSERT INTO numbers (workspace_id, number) SELECT workspace_id, phone FROM people)
     INSERT INTO consents (workspace_id, contact_id, purpose, state, since) SELECT workspace_id, id, 'marketing', 'granted', now() FROM people`,
    [workspaceId, count],
  );
  await owner.query('VACUUM ANALYZE contacts');
  await owner.query('ANALYZE numbers');
  await owner.query('ANALYZE consents');
}

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}

/** A JSON object. @throws Error for anything else. */
export function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('Expected a JSON object.');
  return { ...value };
}

/** Waits until `check` holds. */
export async function waitFor(
  what: string,
  check: () => Promise<boolean>,
  timeoutMs: number,
  everyMs = 50,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await sleep(everyMs);
  }
}
