import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { catalogue } from '@signalbox/nodes/library/catalogue.gen';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createSignInLink } from '../access/tokens.ts';
import { firstWorkspace, listWorkspaces } from '../access/workspaces.ts';
import { createSecretBox } from '../accounts/secret-box.ts';
import { createAccountStore } from '../accounts/store.ts';
import { createApi } from '../api/app.ts';
import { openDb } from '../db/database.ts';
import { checkSchema, migrate } from '../db/migrate.ts';
import { createNumberDigests } from '../db/number-digests.ts';
import { openDemo } from '../demo/open-demo.ts';
import type { DemoMode } from '../http/env.ts';
import { createMailer } from '../http/mailer.ts';
import { createOutgoingClient } from '../http/outgoing.ts';
import { createWebhooks } from '../inbound/webhooks.ts';
import { createDiskStore } from '../media/disk-store.ts';
import { providers as providerCatalogue } from '../providers/catalogue.gen.ts';
import { systemClock } from '../runtime/clock.ts';
import { type FailPoints, noFailPoints } from '../runtime/fail-points.ts';
import { createIds } from '../runtime/ids.ts';
import { bundleCodeFlows, openCodeFlows } from './code-flows.ts';
import { NamespaceTakenError } from './dispatch-workflow.ts';
import { startEngine } from './engine.ts';
import { databaseProbe, healthRoutes, listen } from './http.ts';
import { engineMessageSchema, launcherMessageSchema } from './launcher-protocol.ts';
import { maskingDestination } from './masking.ts';
import { createMetrics } from './metrics.ts';
import { repositoryRoot } from './repository-root.ts';
import { dataFolderPath, forgetRunning, writeRunning } from './running-file.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import { linkTemporal } from './temporal-link.ts';
import { cachedWorkflowBundle } from './workflow-bundle.ts';

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}

async function migrateDatabase(settings: Settings): Promise<void> {
  if (settings.DATABASE_OWNER_URL !== undefined) {
    say({ progress: 'Migrating the database' });
    await migrate({
      ownerUrl: settings.DATABASE_OWNER_URL,
      appPassword: settings.APP_DB_PASSWORD ?? passwordOf(settings.DATABASE_URL),
      routerPassword: settings.ROUTER_DB_PASSWORD ?? passwordOf(settings.DATABASE_ROUTER_URL),
    });
  }
  const { pending } = await checkSchema(settings.DATABASE_URL);
  if (pending > 0) throw new SettingsError(['DATABASE_OWNER_URL: the database needs migrations; set it for one start']);
}

/** Starts everything its roles ask for. Resolves to the way to end it. */
async function start(settings: Settings, options: EngineProcessOptions): Promise<() => Promise<void>> {
  const log = pino(
    { level: settings.LOG_LEVEL, base: null },
    maskingDestination((line) => process.stdout.write(line)),
  );
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ message, meta }) => log.warn({ temporal: meta?.error }, message)),
  });
  const clock = systemClock;
  const ids = createIds(() => clock.now().getTime());
  await migrateDatabase(settings);
  const db = openDb({
    appUrl: settings.DATABASE_URL,
    routerUrl: settings.DATABASE_ROUTER_URL,
    appConnections: settings.DATABASE_CONNECTIONS,
    bulkConnections: settings.DATABASE_BULK_CONNECTIONS,
    statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
    onError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
  });
  const demo: DemoMode | null =
    settings.DEMO_CARRIER_URL === undefined
      ? null
      : { carrierUrl: new URL(settings.DEMO_CARRIER_URL).origin, seedKey: randomBytes(16).toString('hex') };
  const workspace = await firstWorkspace({ db, clock, ids }, demo === null ? 'My workspace' : 'Demo workspace');
  const nodes = new Map(catalogue.map((node) => [node.type, node]));
  const box = createSecretBox(
    Buffer.from(settings.SECRETS_KEY, 'base64'),
    settings.SECRETS_KEYS_ALSO.map((key) => Buffer.from(key, 'base64')),
  );
  const providers = new Map(providerCatalogue.map((provider) => [provider.type, provider]));
  const http = createOutgoingClient({ connections: settings.dispatch.concurrency });
  const accounts = createAccountStore({ db, box, providers, http });
  const { SMTP_URL: relay, MAIL_FROM: from } = settings;
  const mailer = relay === undefined || from === undefined ? null : createMailer({ url: relay, from });
  const anywhere = settings.WEBHOOK_PRIVATE_ADDRESSES === 'on';
  const webhookHttp = createOutgoingClient({ publicOnly: !anywhere });

  const warn = (warning: string) => say({ warning });
  // A demo shows its flows at once; elsewhere a workspace starts what it wants of the folder.
  const newFlows = demo === null ? 'stopped' : 'live';
  const codeFlows = { db, clock, ids, nodes, log, warn, newFlows } as const;
  const workflows = await openCodeFlows(codeFlows, join(repositoryRoot, 'workflows'));

  const work = settings.ROLES.includes('worker');
  if (work) say({ progress: 'Preparing workflows' });
  const temporal = await linkTemporal({
    address: settings.TEMPORAL_ADDRESS,
    namespace: settings.TEMPORAL_NAMESPACE,
    apiKey: settings.TEMPORAL_API_KEY,
    log,
  });
  const engine = await startEngine({
    db,
    temporal,
    onLateFailure: fail,
    nodes,
    accounts,
    clock,
    ids,
    digests: createNumberDigests(box),
    log,
    failPoints: options.failPoints ?? noFailPoints,
    dispatch: settings.dispatch,
    mailer,
    linkClickLifeMs: settings.LINK_CLICK_DAYS * 86_400_000,
    files: createDiskStore(settings.MEDIA_DIR ?? join(dataFolderPath(settings.SIGNALBOX_DATA), 'media')),
    webhooks: { box, http: webhookHttp, random: Math.random },
    publicUrl: settings.publicUrl,
    work,
    startsPerSecond: settings.RUN_STARTS_PER_SECOND,
    listenUrl: settings.DATABASE_ROUTER_URL,
    ...(work
      ? {
          workflowBundle: await bundleCodeFlows(codeFlows, workflows, (files) =>
            cachedWorkflowBundle(
              settings.SIGNALBOX_CACHE ?? join(dataFolderPath(settings.SIGNALBOX_DATA), 'cache'),
              files,
            ),
          ),
        }
      : {}),
  });
  const serving = settings.ROLES.includes('api');
  let streams: () => number = () => 0;
  const metrics = createMetrics(db, {
    runsStarted: engine.starter.started,
    startsWaiting: engine.starter.backlog,
    streams: () => streams(),
  });
  const health = healthRoutes(
    {
      database: databaseProbe(db),
      temporal: () => temporal.client().workflowService.getSystemInfo({}),
    },
    // Texts and receipts are taken while Temporal is away: what they set off waits in the database.
    serving ? ['database'] : ['database', 'temporal'],
  );
  const editorFolder = join(repositoryRoot, 'packages/editor/dist');
  const api = createApi({
    engine,
    box,
    providers,
    demo,
    webhooksAnywhere: anywhere,
    editorFolder: existsSync(editorFolder) ? editorFolder : null,
    metrics: metrics.text,
    onRequest: metrics.observe,
    onlyMetrics: !serving,
    trustedProxies: settings.TRUSTED_PROXIES,
    unguarded: [health],
  });
  if (serving) streams = api.hub.watchers;
  const server = await listen(
    (request, bindings) => api.app.fetch(request, bindings),
    { host: settings.HOST, port: settings.PORT },
    serving ? { first: createWebhooks(engine, metrics.observe, { trustedProxies: settings.TRUSTED_PROXIES }) } : {},
  );
  const host = settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST;
  const ownUrl = `http://${host}:${server.port}`;
  log.info({ url: settings.publicUrl, roles: settings.ROLES }, 'serving');
  if (serving) writeRunning(settings);

  const workspaces = await listWorkspaces(db);
  if (demo !== null && serving) {
    await openDemo(
      { engine, demo, providers, warn },
      {
        workspaces,
        ...(settings.DEMO_SEED === 'on' ? { seed: { workspaceId: workspace.id, url: ownUrl } } : {}),
      },
    );
  }
  const link = () => createSignInLink(db, workspace.id, settings.publicUrl, clock.now());
  if (serving) {
    answerLauncher(link);
    say({ ready: true, url: settings.publicUrl, sign_in_url: await link() });
  } else say({ ready: true, url: ownUrl });
  // Where NODE_COMPILE_CACHE names a folder, the next start reads its modules from there, also after a kill.
  flushCompileCache();

  return async () => {
    api.close();
    if (serving) forgetRunning(settings);
    await server.close();
    await api.drain();
    await engine.stop();
    await http.close();
    await webhookHttp.close();
    await temporal.close();
    await db.close();
    log.info('ended');
  };
}

/** The launcher asks for sign-in links over the IPC channel, in behalf of a second start. */
function answerLauncher(link: () => Promise<string>): void {
  process.on('message', (message) => {
    if (!launcherMessageSchema.safeParse(message).success) return;
    void link().then((url) => process.send?.(engineMessageSchema.parse({ type: 'sign-in-link', url })));
  });
}

async function live(options: EngineProcessOptions): Promise<void> {
  const settings = readSettings(process.env);
  const ends = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ends.resolve());
  if (process.send !== undefined) process.on('disconnect', () => ends.resolve());
  const end = await start(settings, options);
  await ends.promise;
  await end();
}

/** Ends the process with what went wrong: a setting in words, anything else whole. */
function fail(error: unknown): void {
  const known = error instanceof SettingsError || error instanceof NamespaceTakenError;
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

export type EngineProcessOptions = {
  /** Crash points, for fault tests: the program itself arms none. */
  readonly failPoints?: FailPoints;
};

/** Runs the engine as this process's program: from its environment until it is told to end. */
export async function runEngine(options: EngineProcessOptions = {}): Promise<void> {
  try {
    await live(options);
    process.exit(0);
  } catch (error) {
    fail(error);
  }
}
