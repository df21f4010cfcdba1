import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startChild } from './child-process.ts';
import { askForLink, openControlSocket } from './control-socket.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { outsideDatabase } from './database.ts';
import { startEngine } from './engine-child.ts';
import { engineEnvironment } from './engine-environment.ts';
import { Launcher } from './launcher.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { processIdentity } from './process-identity.ts';
import { requireSettings } from './required-settings.ts';
import { loadSecrets } from './secrets.ts';
import { openTerminal } from './terminal.ts';

let path = '';
let folder: DataFolder;
let output: string[] = [];
let exits: number[] = [];
let pauses: number[] = [];
let launcher: Launcher;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'signalbox-launcher-'));
  const opened = await openDataFolder({ path, startedAt: new Date(0), log: () => undefined });
  if (opened.kind !== 'opened') throw new Error('not opened');
  folder = opened.folder;
  output = [];
  exits = [];
  pauses = [];
  launcher = new Launcher({
    folder,
    terminal: openTerminal(
      (text) => output.push(text),
      () => 0,
    ),
    now: () => 0,
    exit: (code) => exits.push(code),
    delay: async (milliseconds) => pauses.push(milliseconds),
  });
});
afterEach(async () => {
  await launcher.end(0);
  rmSync(path, { recursive: true, force: true });
});

function script(name: string, body: string): string {
  const file = join(path, name);
  writeFileSync(file, body);
  return file;
}

const start = (name: string, command = 'sleep', args: string[] = ['60']) =>
  startChild({ name, command, args, children: launcher.children });

describe('Launcher', () => {
  test('ends everything in order, gives the folder up and exits 0', async () => {
    const children = [];
    for (const name of ['postgres', 'engine', 'temporal', 'demo carrier']) children.push(await start(name));
    await launcher.end(0);
    expect(output.join('').match(/\w[\w ]* stopped/g)).toEqual([
      'Engine stopped',
      'Demo carrier stopped',
      'Temporal stopped',
      'Postgres stopped',
    ]);
    expect(children.map(({ pid }) => processIdentity(pid))).toEqual([undefined, undefined, undefined, undefined]);
    expect(exits).toEqual([0]);
    expect(existsSync(join(path, 'children.json'))).toBe(false);
    expect((await openDataFolder({ path, startedAt: new Date(0), log: () => undefined })).kind).toBe('opened');
  });

  test('a part that ends five times in a minute is given up: its last lines are shown, the rest is ended, exit 1', async () => {
    const other = await start('temporal');
    const ill = () => start('engine', 'sh', ['-c', 'echo out of memory >&2; exit 7']);
    launcher.keep({ name: 'engine', startAgain: ill }, await ill());
    await expect.poll(() => exits).toEqual([1]);
    const said = output.join('');
    expect(said.match(/The engine ended unexpectedly \(exit code 7\)\. Starting it again\./g)).toHaveLength(4);
    expect(said).toContain('The engine ended 5 times in a short time, the last time with: exit code 7');
    expect(said).toContain('out of memory');
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000]);
    expect(processIdentity(other.pid)).toBeUndefined();
  });

  test('nothing is started again once everything is being ended', async () => {
    const starts: string[] = [];
    const child = await start('temporal');
    const startAgain = async () => {
      starts.push('temporal');
      return child;
    };
    launcher.keep({ name: 'temporal', startAgain }, child);
    await launcher.end(0);
    expect(starts).toEqual([]);
  });

  test('a child that ignores the polite signal is killed', async () => {
    const ready = Promise.withResolvers<string>();
    const deaf = await startChild({
      name: 'demo carrier',
      command: process.execPath,
      args: ['-e', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')`],
      onLine: ready.resolve,
      stopSteps: [
        { signal: 'SIGTERM', waitMs: 200 },
        { signal: 'SIGKILL', waitMs: 2_000 },
      ],
    });
    await ready.promise;
    expect(await deaf.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('startEngine', () => {
  const run = (file: string) => {
    const progress: string[] = [];
    const log: string[] = [];
    const warnings: string[] = [];
    const started = startEngine({
      script: file,
      env: process.env,
      cwd: path,
      children: launcher.children,
      log: (line) => log.push(line),
      onProgress: (what) => progress.push(what),
      onWarning: (text) => warnings.push(text),
    });
    return started.then((engine) => ({ engine, progress, log, warnings }));
  };

  test('reads progress and readiness, logs the rest, and asks for fresh links', async () => {
    const { engine, progress, log, warnings } = await run(
      script(
        'engine.mjs',
        `console.log('{"progress":"Database migrated"}');
         console.log('{"level":30,"msg":"hello"}');
         console.log('{"warning":"workflows/a.flow.ts cannot be used"}');
         console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:1', sign_in_url: 'http://127.0.0.1:1/s?t=0' }));
         let n = 0;
         process.on('message', () => process.send({ type: 'sign-in-link', url: 'http://127.0.0.1:1/s?t=' + ++n }));
         setInterval(() => {}, 1000);`,
      ),
    );
    expect(await engine.ready).toMatchObject({ url: 'http://127.0.0.1:1' });
    expect([progress, log]).toEqual([['Database migrated'], ['{"level":30,"msg":"hello"}']]);
    expect(warnings).toEqual(['workflows/a.flow.ts cannot be used']);
    expect(await engine.signInLink()).toBe('http://127.0.0.1:1/s?t=1');
    expect(await engine.signInLink()).toBe('http://127.0.0.1:1/s?t=2');
    await engine.child.stop();
    expect(await engine.signInLink()).toBeUndefined();
  });

  test('an engine that only works is ready without a sign-in link', async () => {
    const { engine } = await run(
      script(
        'engine.mjs',
        `console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:1' })); setInterval(() => {}, 1000);`,
      ),
    );
    expect(await engine.ready).toEqual({ ready: true, url: 'http://127.0.0.1:1' });
    await engine.child.stop();
  });

  test('an engine that ends before it is ready is reported with its last words', async () => {
    const { engine } = await run(script('engine.mjs', `console.error('schema is newer'); process.exit(3);`));
    await expect(engine.ready).rejects.toMatchObject({
      code: 'child_ended',
      problem: expect.stringContaining('schema is newer'),
    });
  });
});

test('a second start gets a fresh link over the control socket, and nothing once it is closed', async () => {
  let link: string | undefined;
  const socket = await openControlSocket(async () => link);
  expect(await askForLink(socket.path, 2_000)).toBeUndefined();
  link = 'http://127.0.0.1:1/sign-in?token=x';
  expect(await askForLink(socket.path, 2_000)).toBe(link);
  socket.close();
  expect(await askForLink(socket.path, 2_000)).toBeUndefined();
});

test('secrets are made once, and a damaged file is never replaced', () => {
  const file = join(path, 'secrets.json');
  const made = loadSecrets(file);
  expect(Buffer.from(made.secrets_key, 'base64')).toHaveLength(32);
  expect(loadSecrets(file)).toEqual(made);
  writeFileSync(file, '{}');
  expect(() => loadSecrets(file)).toThrow(expect.objectContaining({ code: 'secrets_unreadable' }));
});

test('the engine gets no demo carrier from outside, and no passwords for an outside database', () => {
  const settings = {
    databaseUrl: 'postgres://a',
    databaseRouterUrl: 'postgres://r',
    databaseOwnerUrl: 'postgres://o',
    secretsKey: 'k',
    temporalAddress: '127.0.0.1:1',
    temporalNamespace: 'default',
    host: '127.0.0.1',
    port: 4600,
    dataFolder: '/data',
    cacheFolder: '/cache',
  };
  const env = engineEnvironment(settings, { DEMO_CARRIER_URL: 'http://elsewhere', LOG_LEVEL: 'debug' });
  expect(env).toMatchObject({ ROLES: 'api,worker', PORT: '4600', LOG_LEVEL: 'debug', SIGNALBOX_CACHE: '/cache' });
  expect(env).not.toHaveProperty('DEMO_CARRIER_URL');
  expect(env).not.toHaveProperty('APP_DB_PASSWORD');
  const { databaseOwnerUrl: _owner, ...other } = settings;
  expect(engineEnvironment(other, {})).not.toHaveProperty('DATABASE_OWNER_URL');
});

describe('settings of a process among others', () => {
  const database = {
    DATABASE_URL: 'postgres://app:secret-word@127.0.0.1:5432/x',
    DATABASE_ROUTER_URL: 'postgres://router:secret-word@127.0.0.1:5432/x',
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  };
  const missing = async (env: NodeJS.ProcessEnv): Promise<string[]> => {
    const refused = await requireSettings(env).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(refused instanceof LocalSetupError)) return [];
    expect(refused.code).toBe('settings');
    expect(refused.problem).not.toContain('secret-word');
    return [...refused.problem.matchAll(/^ {4}(\w+):/gm)].map((match) => match[1] ?? '').sort();
  };

  test('a local start needs none, an outside database all but the owner', async () => {
    expect(await missing({})).toEqual([]);
    expect(await missing({ ROLES: 'worker,api' })).toEqual([]);
    expect(await missing(database)).toEqual([]);
    expect(outsideDatabase(database)).toEqual({
      databaseUrl: database.DATABASE_URL,
      databaseRouterUrl: database.DATABASE_ROUTER_URL,
      secretsKey: database.SECRETS_KEY,
    });
  });

  test('everything missing is named at once', async () => {
    expect(await missing({ DATABASE_OWNER_URL: 'postgres://o' })).toEqual([
      'DATABASE_ROUTER_URL',
      'DATABASE_URL',
      'SECRETS_KEY',
    ]);
    expect(await missing({ ROLES: 'worker', PORT: 'x' })).toEqual([
      'DATABASE_ROUTER_URL',
      'DATABASE_URL',
      'PORT',
      'PUBLIC_URL',
      'SECRETS_KEY',
      'TEMPORAL_ADDRESS',
    ]);
    expect(await missing({ ...database, ROLES: 'api' })).toEqual(['TEMPORAL_ADDRESS']);
  });
});
