import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@signalbox/engine/main/repository-root';
import { dataFolderPath } from '@signalbox/engine/main/running-file';
import { startCarrierProcess } from './carrier-child.ts';
import { askForLink, openControlSocket } from './control-socket.ts';
import { cacheFolderPath, type DataFolder, openDataFolder } from './data-folder.ts';
import { outsideDatabase, ownDatabase } from './database.ts';
import { buildEditor, editorIsStale } from './editor-build.ts';
import { type EngineChild, startEngine } from './engine-child.ts';
import { engineEnvironment } from './engine-environment.ts';
import { Launcher } from './launcher.ts';
import { LocalSetupError } from './local-setup-error.ts';
import { terminalTexts } from './messages.ts';
import { loopback, parsePort, requirePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { requireSettings, rolesOf } from './required-settings.ts';
import { loadSecrets } from './secrets.ts';
import { startTemporal } from './temporal.ts';
import { openLog, openTerminal, type Terminal } from './terminal.ts';

const defaultPort = 4600;
const now = () => performance.now();

/** Starts everything the settings do not point elsewhere. Returns once the engine serves. */
async function startAll(launcher: Launcher, folder: DataFolder, terminal: Terminal): Promise<void> {
  const { env } = process;
  const { children } = launcher;
  const host = env.HOST || loopback;
  const port = await requirePort(parsePort(env.PORT, defaultPort), host);
  const roles = rolesOf(env);
  const outside = outsideDatabase(env);
  const logTo = (name: string) => openLog(folder.path, name);

  let engine: EngineChild | undefined;
  // Nobody signs in to a worker: a second start has nothing to ask it.
  const control = roles.api ? await openControlSocket(async () => engine?.signInLink()) : undefined;
  if (control !== undefined) launcher.onEnd(control.close);
  folder.announce({ port, ...(control === undefined ? {} : { control: control.path }) });

  const database = async () => {
    if (outside !== undefined) return outside;
    const secrets = loadSecrets(folder.file('secrets.json'));
    const server = await terminal.step(terminalTexts.stepDatabase, () =>
      startPostgres({ dataDir: folder.file('postgres'), log: logTo('postgres'), children }),
    );
    launcher.watch('database', server);
    return ownDatabase(server, secrets, env);
  };
  const temporal = async () => {
    if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE || 'default' };
    const uiPort = env.TEMPORAL_UI_PORT ? parsePort(env.TEMPORAL_UI_PORT, defaultPort) : undefined;
    const server = await terminal.step(terminalTexts.stepTemporal, () =>
      startTemporal({
        dbFile: folder.file('temporal', 'temporal.db'),
        cacheDir: cacheFolderPath(),
        log: logTo('temporal'),
        say: terminal.say,
        children,
        ...(uiPort === undefined ? {} : { uiPort }),
      }),
    );
    launcher.watch('Temporal server', server);
    return server;
  };
  const carrier = async () => {
    if (outside !== undefined) return undefined;
    const started = await terminal.step(terminalTexts.stepCarrier, () =>
      startCarrierProcess({
        root: repositoryRoot,
        preferredPort: port === 65_535 ? port - 1 : port + 1,
        ledgerFile: folder.file('carrier', 'ledger.jsonl'),
        children,
        log: logTo('demo carrier'),
      }),
    );
    launcher.watch('demo carrier', started.child);
    return started.url;
  };
  const editor = async () => {
    if (!roles.api || !editorIsStale(repositoryRoot)) return;
    await terminal.step(terminalTexts.stepEditor, () => buildEditor(repositoryRoot, children, logTo('editor build')));
  };
  const [databaseSettings, temporalServer, demoCarrierUrl] = await Promise.all([
    database(),
    temporal(),
    carrier(),
    editor(),
  ]);

  const startedAt = now();
  engine = await startEngine({
    script: join(repositoryRoot, 'packages/engine/src/main/main.ts'),
    cwd: repositoryRoot,
    env: engineEnvironment(
      {
        ...databaseSettings,
        temporalAddress: temporalServer.address,
        temporalNamespace: temporalServer.namespace,
        host,
        port,
        dataFolder: folder.path,
        ...(demoCarrierUrl === undefined ? {} : { demoCarrierUrl }),
      },
      env,
    ),
    children,
    log: logTo('engine'),
    onProgress: (what) => terminal.done(what, startedAt),
    onWarning: (text) => terminal.say(terminalTexts.warning(text)),
  });
  const served = await engine.ready;
  terminal.done(terminalTexts.stepEngine, startedAt);
  launcher.watch('engine', engine.child);
  terminal.say('');
  if (served.sign_in_url === undefined) terminal.say(terminalTexts.working(served.url));
  else {
    terminal.say(terminalTexts.ready(served.url));
    terminal.say(terminalTexts.signIn(served.sign_in_url));
  }
  terminal.say(terminalTexts.howToStop);
}

async function main(terminal: Terminal): Promise<void> {
  await requireSettings(process.env);
  const opened = await openDataFolder({ path: dataFolderPath(), startedAt: new Date(), log: terminal.say });
  if (opened.kind === 'held') {
    const { pid, port, control } = opened.holder;
    terminal.say(terminalTexts.alreadyRunning(pid, port));
    if (port !== undefined && control === undefined) {
      terminal.say(terminalTexts.alreadyWorking);
      return;
    }
    const link = control === undefined ? undefined : await askForLink(control, 12_000);
    terminal.say(link === undefined ? terminalTexts.alreadyStarting : terminalTexts.signIn(link));
    return;
  }
  const exit = (code: number) => process.exit(code);
  const launcher = new Launcher({ folder: opened.folder, terminal, now, exit });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (launcher.ending) {
        if (signal === 'SIGINT') launcher.endAtOnce();
        return;
      }
      terminal.say(`\n${terminalTexts.stopping}`);
      void launcher.end(0);
    });
  }
  const known = outsideDatabase(process.env) !== undefined || existsSync(opened.folder.file('secrets.json'));
  terminal.say(known ? terminalTexts.starting : terminalTexts.firstStart);
  try {
    await startAll(launcher, opened.folder, terminal);
  } catch (error) {
    await launcher.fail(error);
  }
}

// The reader of our output may be gone, as in `… | head`.
process.stdout.on('error', () => undefined);
const terminal = openTerminal((text) => process.stdout.write(text), now);
try {
  await main(terminal);
} catch (error) {
  if (!(error instanceof LocalSetupError)) throw error;
  terminal.problem(error);
  process.exitCode = 1;
}
