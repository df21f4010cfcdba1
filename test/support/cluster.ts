import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ChildRegistry } from '@signalbox/launcher/child-process';
import { cacheFolderPath, childRegistry, endRecordedChildren } from '@signalbox/launcher/data-folder';
import { type PostgresServer, startPostgres } from '@signalbox/launcher/postgres';
import { processIdentity } from '@signalbox/launcher/process-identity';
import { startTemporal } from '@signalbox/launcher/temporal';
import pg from 'pg';

/** What vitest's `provide` carries to every test process: plain text only. */
export interface ClusterAddresses {
  /** A superuser's address of the maintenance database, to clone and drop others with. */
  readonly adminUrl: string;
  /** A superuser's address of the migrated template; nobody may stay connected to it. */
  readonly templateUrl: string;
  readonly templateName: string;
  /** `host:port`. */
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
}

export interface TestCluster {
  readonly addresses: ClusterAddresses;
  readonly stop: () => Promise<void>;
}

export interface TestClusterOptions {
  /** Migrates the template once; it must close its connections before it resolves. */
  readonly prepareTemplate?: (ownerUrl: string) => Promise<void>;
  readonly log?: (line: string) => void;
  /** Off for suites that need PostgreSQL alone. */
  readonly temporal?: boolean;
  /** More PostgreSQL settings, such as `shared_preload_libraries`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The address of another database of the same server, other things equal. */
function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The same database for another role. */
export function withRole(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Copies a database under a new name (letters, digits, underscore); returns the copy's owner address. */
export async function cloneDatabase(
  addresses: Pick<ClusterAddresses, 'adminUrl' | 'templateName'>,
  name: string,
  template: string = addresses.templateName,
): Promise<string> {
  const [to, from] = [pg.escapeIdentifier(name), pg.escapeIdentifier(template)];
  await asAdmin(addresses.adminUrl, `CREATE DATABASE ${to} TEMPLATE ${from} STRATEGY file_copy`);
  return withDatabase(addresses.adminUrl, name);
}

/** Drops a database, ending the sessions that are still in it. */
export async function dropDatabase(addresses: Pick<ClusterAddresses, 'adminUrl'>, name: string): Promise<void> {
  await asAdmin(addresses.adminUrl, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

const folderPrefix = 'signalbox-test-';

/** Ends what test runs that were killed left behind. The record's name says who started it and in which folder. */
async function clearKilledRuns(records: string, log: (line: string) => void): Promise<void> {
  for (const file of readdirSync(records)) {
    const parts = /^(\d+)-(\w+)\.json$/.exec(file);
    if (parts === null || processIdentity(Number(parts[1])) !== undefined) continue;
    await endRecordedChildren(join(records, file), log);
    rmSync(join(tmpdir(), `${folderPrefix}${parts[2]}`), { recursive: true, force: true });
  }
}

/**
 * Starts one PostgreSQL (unsafe and fast, in a temporary folder) and one Temporal development server (in memory),
 * for vitest's globalSetup.
 */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const log = options.log ?? (() => undefined);
  const cacheDir = cacheFolderPath();
  const records = join(cacheDir, 'test-runs');
  mkdirSync(records, { recursive: true });
  await clearKilledRuns(records, log);
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  const recordFile = join(records, `${process.pid}-${basename(folder).slice(folderPrefix.length)}.json`);
  const written = childRegistry(recordFile);
  const pids = new Set<number>();
  const children: ChildRegistry = {
    add: (child) => {
      pids.add(child.pid);
      written.add(child);
    },
    remove: (pid) => {
      pids.delete(pid);
      written.remove(pid);
    },
  };
  // A test run that ends without its teardown (a failed set-up, a forced exit) leaves nothing running.
  const endAtExit = () => {
    for (const pid of pids) {
      try {
        // To PostgreSQL: end at once, with every session. Temporal ends at it too.
        process.kill(pid, 'SIGQUIT');
      } catch {
        // Ended already.
      }
    }
    // The folder goes with the next run, by the record: the server may still be writing in it.
  };
  process.once('exit', endAtExit);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((end) => end()));
    process.off('exit', endAtExit);
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordFile, { force: true });
  };

  const startDatabase = async (): Promise<PostgresServer> => {
    const postgres = await startPostgres({
      dataDir: join(folder, 'postgres'),
      fast: true,
      log,
      children,
      // Tests see by its text which statement waits for a lock: of a long one, PostgreSQL keeps 1 kB by default.
      settings: { track_activity_query_size: '16kB', ...options.settings },
    });
    stops.push(postgres.stop);
    await options.prepareTemplate?.(postgres.ownerUrl);
    return postgres;
  };
  const startWorkflowServer = async () => {
    const temporal = await startTemporal({ cacheDir, log, children });
    stops.push(temporal.stop);
    return temporal;
  };

  const started = await Promise.allSettled([
    startDatabase(),
    options.temporal === false ? Promise.resolve(undefined) : startWorkflowServer(),
  ]);
  const [database, workflows] = started;
  if (database.status === 'rejected' || workflows.status === 'rejected') {
    await stop();
    throw database.status === 'rejected'
      ? database.reason
      : workflows.status === 'rejected'
        ? workflows.reason
        : undefined;
  }
  return {
    addresses: {
      adminUrl: database.value.urlFor({ database: 'postgres' }),
      templateUrl: database.value.ownerUrl,
      templateName: 'signalbox',
      temporalAddress: workflows.value?.address ?? '',
      temporalNamespace: workflows.value?.namespace ?? '',
    },
    stop,
  };
}
