import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { startCarrierProcess } from './carrier-child.ts';
import { openControlSocket } from './control-socket.ts';
import { cacheFolderPath, type DataFolder } from './data-folder.ts';
import { outsideDatabase, ownDatabase } from './database.ts';
import { buildEditor, editorIsStale } from './editor-build.ts';
import { type EngineChild, startEngine } from './engine-child.ts';
import { type EngineSettings, engineEnvironment } from './engine-environment.ts';
import type { Launcher } from './launcher.ts';
import { terminalTexts } from './messages.ts';
import { loopback, parsePort, requirePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { rolesOf } from './required-settings.ts';
import { loadSecrets } from './secrets.ts';
import { startTemporal } from './temporal.ts';
import { openLog, type Terminal } from './terminal.ts';

const defaultPort = 4600;

/** The parts by the names that the terminal shows. */
const parts = { database: 'database', temporal: 'Temporal server', carrier: 'demo carrier', engine: 'engine' } as const;

/** What every part of a start is given. */
export interface LocalStart {
  readonly launcher: Launcher;
  readonly folder: DataFolder;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

type DatabaseSettings = ReturnType<typeof ownDatabase>;

/** The outside database, or one of our own, kept running at its port: the engine is told the address once. */
async function keepDatabase({ launcher, folder, terminal, env }: LocalStart): Promise<DatabaseSettings> {
  const outside = outsideDatabase(env);
  if (outside !== undefined) return outside;
  const secrets = loadSecrets(folder.file('secrets.json'));
  const options = {
    dataDir: folder.file('postgres'),
    log: openLog(folder.path, 'postgres'),
    children: launcher.children,
  };
  const server = await terminal.step(terminalTexts.stepDatabase, () => startPostgres(options));
  const startAgain = () => startPostgres({ ...options, port: server.port });
  launcher.keep({ name: parts.database, startAgain }, server);
  return ownDatabase(server, secrets, env);
}

async function keepTemporal({ launcher, folder, terminal, env }: LocalStart) {
  if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE || 'default' };
  const uiPort = env.TEMPORAL_UI_PORT ? parsePort(env.TEMPORAL_UI_PORT, defaultPort) : undefined;
  const options = {
    dbFile: folder.file('temporal', 'temporal.db'),
    cacheDir: cacheFolderPath(),
    log: openLog(folder.path, 'temporal'),
    say: terminal.say,
    children: launcher.children,
    ...(uiPort === undefined ? {} : { uiPort }),
  };
  const server = await terminal.step(terminalTexts.stepTemporal, () => startTemporal(options));
  const startAgain = () => startTemporal({ ...options, port: Number(new URL(`http://${server.address}`).port) });
  launcher.keep({ name: parts.temporal, startAgain }, server);
  return server;
}

/** The demo carrier's address; none beside an outside database. */
async function keepCarrier(start: LocalStart, port: number): Promise<string | undefined> {
  const { launcher, folder, terminal, env } = start;
  if (outsideDatabase(env) !== undefined) return undefined;
  const options = {
    root: repositoryRoot,
    ledgerFile: folder.file('carrier', 'ledger.jsonl'),
    children: launcher.children,
    log: openLog(folder.path, 'demo carrier'),
  };
  const { child, url } = await terminal.step(terminalTexts.stepCarrier, () =>
    startCarrierProcess({ ...options, port: { preferred: port === 65_535 ? port - 1 : port + 1 } }),
  );
  const startAgain = async () =>
    (await startCarrierProcess({ ...options, port: { required: Number(new URL(url).port) } })).child;
  launcher.keep({ name: parts.carrier, startAgain }, child);
  return url;
}

async function editorIsBuilt({ launcher, folder, terminal, env }: LocalStart): Promise<void> {
  if (!rolesOf(env).api || !editorIsStale(repositoryRoot)) return;
  await terminal.step(terminalTexts.stepEditor, () =>
    buildEditor(repositoryRoot, launcher.children, openLog(folder.path, 'editor build')),
  );
}

/** Starts the engine and keeps it running; `onStart` is told of each of its processes. */
async function keepEngine(start: LocalStart, settings: EngineSettings, onStart: (engine: EngineChild) => void) {
  const { launcher, folder, terminal, env, now } = start;
  const log = openLog(folder.path, 'engine');
  const begin = async (onProgress: (what: string) => void) => {
    const engine = await startEngine({
      script: join(repositoryRoot, 'packages/engine/src/main/main.ts'),
      cwd: repositoryRoot,
      env: engineEnvironment(settings, env),
      children: launcher.children,
      log,
      onProgress,
      onWarning: (text) => terminal.say(terminalTexts.warning(text)),
    });
    onStart(engine);
    try {
      return { engine, served: await engine.ready };
    } catch (error) {
      // One that never said that it serves would hold the port of the next.
      await engine.child.stop();
      throw error;
    }
  };
  const startedAt = now();
  const { engine, served } = await begin((what) => terminal.done(what, startedAt));
  terminal.done(terminalTexts.stepEngine, startedAt);
  launcher.keep(
    {
      name: parts.engine,
      startAgain: async () => (await begin(() => undefined)).engine.child,
      needs: [parts.database, parts.temporal, parts.carrier],
    },
    engine.child,
  );
  return served;
}

/**
 * Starts everything the settings do not point elsewhere, and keeps it running. Returns once the engine serves.
 * @throws LocalSetupError when the machine is in the way.
 */
export async function startAll(start: LocalStart): Promise<void> {
  const { launcher, folder, terminal, env } = start;
  const host = env.HOST || loopback;
  const port = await requirePort(parsePort(env.PORT, defaultPort), host);

  let engine: EngineChild | undefined;
  // Nobody signs in to a worker: a second start has nothing to ask it.
  const control = rolesOf(env).api ? await openControlSocket(async () => engine?.signInLink()) : undefined;
  if (control !== undefined) launcher.onEnd(control.close);
  folder.announce({ port, ...(control === undefined ? {} : { control: control.path }) });

  const [database, temporal, demoCarrierUrl] = await Promise.all([
    keepDatabase(start),
    keepTemporal(start),
    keepCarrier(start, port),
    editorIsBuilt(start),
  ]);
  const settings: EngineSettings = {
    ...database,
    temporalAddress: temporal.address,
    temporalNamespace: temporal.namespace,
    host,
    port,
    dataFolder: folder.path,
    cacheFolder: cacheFolderPath(),
    ...(demoCarrierUrl === undefined ? {} : { demoCarrierUrl }),
  };
  const served = await keepEngine(start, settings, (started) => {
    engine = started;
  });
  terminal.say('');
  if (served.sign_in_url === undefined) terminal.say(terminalTexts.working(served.url));
  else {
    terminal.say(terminalTexts.ready(served.url));
    terminal.say(terminalTexts.signIn(served.sign_in_url));
  }
  terminal.say(terminalTexts.howToStop);
}
