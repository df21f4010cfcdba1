import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type ChildRegistry, type RunningChild, startChild } from './child-process.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { setupProblems } from './messages.ts';
import { findFreePort, loopback } from './ports.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { giveTo, placeServer, type ServerPlace } from './postgres-user.ts';
import { endProcess, processCommand, processIdentity } from './process-identity.ts';

import { stopSteps } from './stop-order.ts';

const ownerRole = 'signalbox_owner';
const databaseName = 'signalbox';

export interface PostgresOptions {
  /** The cluster's own folder; made on the first start. Its password lies beside it as `<name>.password`. */
  readonly dataDir: string;
  /** A free one is found when absent. */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** For tests only: no promise that a commit survives the loss of power. */
  readonly fast?: boolean;
  /** More server settings, such as `shared_preload_libraries`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly children?: ChildRegistry;
}

export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  /** Where the files really lie; see `placeServer`. */
  readonly dataDir: string;
  /** A superuser's address of the database `signalbox`. */
  readonly ownerUrl: string;
  /** The address of another database or role of this server. */
  readonly urlFor: (target: { database?: string; user?: string; password?: string }) => string;
  readonly exited: RunningChild['exited'];
  readonly lastLines: RunningChild['lastLines'];
  /** A fast shutdown: sessions are ended, everything committed is on disk. */
  readonly stop: () => Promise<void>;
}

function serverSettings(options: PostgresOptions, port: number): Record<string, string> {
  return {
    listen_addresses: loopback,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    wal_compression: 'on',
    jit: 'off',
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    // Row contents and statements hold phone numbers and texts: neither goes to a log.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    ...(options.fast === true
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : { synchronous_commit: 'on' }),
    ...options.settings,
  };
}

/** Nothing of the caller's own PostgreSQL settings or library paths may reach the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: '/', LC_ALL: 'C', TZ: 'UTC' };
}

function readPassword(passwordFile: string, exists: boolean): string {
  if (existsSync(passwordFile)) return readFileSync(passwordFile, 'utf8').trim();
  if (exists) throw new LocalSetupError(setupProblems.databasePasswordLost(passwordFile));
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Makes the cluster beside its final place and moves it there whole, so a start killed half-way leaves nothing behind. */
async function initialise(place: ServerPlace, password: string, options: PostgresOptions): Promise<void> {
  const fresh = `${place.dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  giveTo(place.user, fresh);
  const secretDir = mkdtempSync(join(tmpdir(), 'signalbox-'));
  const secretFile = join(secretDir, 'password');
  try {
    writeFileSync(secretFile, `${password}\n`, { mode: 0o600 });
    giveTo(place.user, secretFile);
    giveTo(place.user, secretDir);
    const args = [
      `--pgdata=${fresh}`,
      `--username=${ownerRole}`,
      `--pwfile=${secretFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(options.fast === true ? ['--no-sync'] : []),
    ];
    const child = await startChild({
      name: 'postgres setup',
      command: join(place.binaries, 'bin', 'initdb'),
      args,
      ...place.user,
      cwd: dirname(fresh),
      env: serverEnvironment(),
      ...(options.log === undefined ? {} : { onLine: options.log }),
      ...(options.children === undefined ? {} : { children: options.children }),
    }).catch((error: unknown) => {
      throw new LocalSetupError(setupProblems.databaseInit(String(error)), { cause: error });
    });
    if ((await child.exited).code !== 0) {
      throw new LocalSetupError(setupProblems.databaseInit(child.lastLines().slice(-4).join(' ')));
    }
    renameSync(fresh, place.dataDir);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Ends a server of this very folder that outlived its launcher, and removes the mark that a dead one left. */
async function clearOrphan(dataDir: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const identity = processIdentity(pid);
  const command = identity === undefined ? undefined : processCommand(pid);
  if (identity !== undefined && command?.includes('postgres') === true && command.includes(dataDir)) {
    log(`Ending a PostgreSQL server (process ${pid}) left from an earlier start.`);
    const ended = await endProcess(pid, identity, stopSteps('postgres'));
    if (!ended) throw new LocalSetupError(setupProblems.databaseStart(`process ${pid} still holds ${dataDir}`));
  }
  rmSync(pidFile, { force: true });
}

async function waitUntilReady(child: RunningChild, dataDir: string): Promise<boolean> {
  const pidFile = join(dataDir, 'postmaster.pid');
  for (let attempt = 0; attempt < 6_000 && !child.ended(); attempt += 1) {
    // Its eighth line is the server's own word on whether it takes connections.
    if (existsSync(pidFile) && readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() === 'ready') return true;
    await delay(20);
  }
  return false;
}

async function launch(place: ServerPlace, options: PostgresOptions): Promise<{ child: RunningChild; port: number }> {
  let detail = '';
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = options.port ?? (await findFreePort());
    const settings = Object.entries(serverSettings(options, port)).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const child = await startChild({
      name: 'postgres',
      command: join(place.binaries, 'bin', 'postgres'),
      args: ['-D', place.dataDir, ...settings],
      ...place.user,
      cwd: place.dataDir,
      env: serverEnvironment(),
      stopSteps: stopSteps('postgres'),
      ...(options.log === undefined ? {} : { onLine: options.log }),
      ...(options.children === undefined ? {} : { children: options.children }),
    });
    if (await waitUntilReady(child, place.dataDir)) return { child, port };
    await child.stop();
    detail = child.lastLines().slice(-3).join(' ');
    const portLost = options.port === undefined && /could not bind|could not create any TCP/.test(detail);
    // The sessions of a server that was killed end by themselves a moment later.
    const memoryHeld = /shared memory block/.test(detail);
    if (!portLost && !memoryHeld) break;
    await delay(250);
  }
  throw new LocalSetupError(setupProblems.databaseStart(detail));
}

async function ensureDatabase(maintenanceUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts PostgreSQL 17 for one data folder on loopback, making the cluster first where there is none.
 * @throws LocalSetupError when the machine is in the way: no build for it, no unprivileged user, no rights, no start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const log = options.log ?? (() => undefined);
  const wanted = resolve(options.dataDir);
  const passwordFile = join(dirname(wanted), `${basename(wanted)}.password`);
  const place = placeServer({ binaries: findPostgresBinaries(), dataDir: wanted, passwordFile, log });
  const exists = existsSync(join(place.dataDir, 'PG_VERSION'));
  mkdirSync(dirname(wanted), { recursive: true });
  const password = readPassword(passwordFile, exists);
  if (exists) await clearOrphan(place.dataDir, log);
  else await initialise(place, password, options);

  const { child, port } = await launch(place, options);
  const urlFor: PostgresServer['urlFor'] = (target) => {
    const user = encodeURIComponent(target.user ?? ownerRole);
    const secret = encodeURIComponent(target.password ?? password);
    return `postgres://${user}:${secret}@${loopback}:${port}/${target.database ?? databaseName}`;
  };
  try {
    await ensureDatabase(urlFor({ database: 'postgres' }));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    port,
    pid: child.pid,
    dataDir: place.dataDir,
    ownerUrl: urlFor({}),
    urlFor,
    exited: child.exited,
    lastLines: child.lastLines,
    stop: async () => {
      await child.stop();
    },
  };
}
