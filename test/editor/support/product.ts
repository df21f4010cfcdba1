import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { readRunning } from '@signalbox/engine/main/running-file';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { buildEditor, editorIsStale } from '@signalbox/launcher/editor-build';
import { findFreePort } from '@signalbox/launcher/ports';
import { processIdentity } from '@signalbox/launcher/process-identity';
import pg from 'pg';
import { z } from 'zod';
import { until } from './wait.ts';

const startScript = join(repositoryRoot, 'packages/launcher/src/start.ts');
const readyWithinMs = 90_000;

/** Settings of the machine that would lead the product elsewhere than to its own data folder. */
const foreign = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'DATABASE_ROUTER_URL',
  'TEMPORAL_ADDRESS',
  'PUBLIC_URL',
  'ROLES',
  'DEMO_SEED',
  'HOST',
];

export type Row = Readonly<Record<string, unknown>>;

/** What one run of `start.ts` printed and how it ended. */
export type Run = {
  readonly pid: number;
  readonly lines: readonly string[];
  /** Resolves to the exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
};

/** A running product, as a browser meets it. */
export type Product = {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  /** The sign-in link that its start printed. */
  readonly signInLink: string;
  /** Asks the database as its owner, past row-level security. */
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Ends it and removes its data. */
  readonly close: () => Promise<void>;
};

/** One that `npx pnpm start` runs, with all its parts. */
export type LocalProduct = Product & {
  readonly dataFolder: string;
  readonly run: Run;
  /** The database's address as its owner. */
  readonly ownerUrl: () => string;
  /** The processes that it wrote down as its own. */
  readonly children: () => ReadonlyArray<{ readonly name: string; readonly pid: number; readonly identity: string }>;
  /** As Ctrl-C does; resolves to the exit code. */
  readonly interrupt: () => Promise<number | null>;
};

const childrenSchema = z.array(z.object({ name: z.string(), pid: z.number(), identity: z.string() }));

function environment(dataFolder: string, port: number, settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SIGNALBOX_DATA: dataFolder,
    SIGNALBOX_CACHE: cacheFolderPath(),
    NODE_COMPILE_CACHE: join(cacheFolderPath(), 'compiled'),
    PORT: String(port),
    LOG_LEVEL: 'warn',
  };
  for (const name of [...foreign, 'NODE_OPTIONS']) delete env[name];
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  delete env.NODE_ENV;
  return { ...env, ...settings };
}

/** Runs `start.ts` once, reading what it prints. */
export function runStart(env: NodeJS.ProcessEnv): Run & { readonly process: ChildProcess } {
  const child = spawn(process.execPath, [startScript], { cwd: repositoryRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : null));
  return { pid: child.pid ?? 0, lines, ended, process: child };
}

/** The sign-in link among printed lines. */
export function linkIn(lines: readonly string[]): string | undefined {
  return lines.map((line) => /^Sign in:\s+(\S+)$/.exec(line)?.[1]).find((link) => link !== undefined);
}

/** Two products that start at once must not build the editor at once: the first builds, the others wait. */
export async function editorIsBuilt(): Promise<void> {
  if (!editorIsStale(repositoryRoot)) return;
  mkdirSync(cacheFolderPath(), { recursive: true });
  const lock = join(cacheFolderPath(), 'editor-build.lock');
  await until(
    'the editor to be built',
    async () => {
      try {
        const file = openSync(lock, 'wx');
        writeFileSync(file, String(process.pid));
        closeSync(file);
      } catch {
        const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
        if (holder > 0 && processIdentity(holder) === undefined) rmSync(lock, { force: true });
        return false;
      }
      try {
        if (editorIsStale(repositoryRoot))
          await buildEditor(repositoryRoot, { add: () => undefined, remove: () => undefined }, () => undefined);
      } finally {
        rmSync(lock, { force: true });
      }
      return true;
    },
    90_000,
  );
}

/**
 * Starts the ordinary product as `npx pnpm start` does, with a data folder and a port of its own.
 * @throws Error with what it printed where it does not become ready.
 */
export async function startProduct(
  options: {
    readonly dataFolder?: string;
    readonly port?: number;
    /** Settings of the engine, such as shorter leases. */
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
): Promise<LocalProduct> {
  await editorIsBuilt();
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'signalbox-product-'));
  const env = environment(dataFolder, options.port ?? (await findFreePort()), options.settings ?? {});
  const started = runStart(env);
  let over = false;
  void started.ended.then(() => {
    over = true;
  });
  // A test run that is itself ended takes the product with it.
  const endAtExit = () => started.process.kill('SIGTERM');
  process.once('exit', endAtExit);
  await until('the product to be ready', () => over || linkIn(started.lines), readyWithinMs).catch(() => undefined);
  const link = linkIn(started.lines);
  if (link === undefined) {
    started.process.kill('SIGTERM');
    await started.ended;
    if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    throw new Error(`The product did not start:\n${started.lines.join('\n')}`);
  }
  const childrenFile = join(dataFolder, 'children.json');
  const product: LocalProduct = {
    url: new URL(link).origin,
    dataFolder,
    env,
    signInLink: link,
    run: started,
    ownerUrl: () => ownerUrl(dataFolder),
    sql: (text, values) => askAsOwner(ownerUrl(dataFolder), text, values),
    children: () =>
      existsSync(childrenFile) ? childrenSchema.parse(JSON.parse(readFileSync(childrenFile, 'utf8'))) : [],
    interrupt: async () => {
      if (!over) started.process.kill('SIGINT');
      await started.ended;
      process.off('exit', endAtExit);
      return started.ended;
    },
    close: async () => {
      await product.interrupt();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
  return product;
}

/** Asks a database as its owner, past row-level security. */
export async function askAsOwner(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

function ownerUrl(dataFolder: string): string {
  const running = readRunning(dataFolder);
  if (running === null) throw new Error('Nothing runs in the data folder.');
  const url = new URL(running.database_url);
  url.username = 'signalbox_owner';
  url.password = readFileSync(join(dataFolder, 'postgres.password'), 'utf8').trim();
  return url.href;
}
