import { randomBytes } from 'node:crypto';
import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createAuditTrail } from '../access/audit-trail.ts';
import type { AccountStore } from '../accounts/store.ts';
import { webhookPath } from '../accounts/webhook-path.ts';
import { createCampaignActivities } from '../activities/campaign-activities.ts';
import { createDispatchActivities } from '../activities/dispatch-activities.ts';
import type { Arrived } from '../cohorts/arrivals.ts';
import { createSettlementPump, type PumpDeps, type SettlementPump } from '../cohorts/pumps.ts';
import type { CohortDeps } from '../cohorts/run-step.ts';
import { createStarter, type Starter } from '../cohorts/starter.ts';
import { type TemporalNames, temporalNames } from '../cohorts/temporal-names.ts';
import { createWaker } from '../cohorts/waker.ts';
import type { Db } from '../db/database.ts';
import { type Installation, readInstallation } from '../db/installation.ts';
import { createNotifier } from '../db/notifier.ts';
import type { NumberDigests } from '../db/number-digests.ts';
import type { FlowServices } from '../flows/services.ts';
import type { Services } from '../http/env.ts';
import type { Mailer } from '../http/mailer.ts';
import { optOutNumbers } from '../inbound/carrier-opt-outs.ts';
import type { InboundDeps } from '../inbound/inbound-deps.ts';
import { createToldEvents } from '../inbound/told-events.ts';
import type { CommitEngine } from '../inbound/webhook-commits.ts';
import type { DeliverDeps } from '../integrations/deliver.ts';
import { createWebhookSender } from '../integrations/sender.ts';
import { createLinkCodes } from '../links/link-codes.ts';
import type { LinkMaker } from '../links/shorten.ts';
import type { FileStore } from '../media/file-store.ts';
import { createMedia } from '../media/media.ts';
import { createOutgoingMedia } from '../media/outgoing-media.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import type { DispatchDeps, DispatchSettings } from '../sending/dispatch-settings.ts';
import { createMaintenance, type Maintenance } from '../sweeps/maintenance.ts';
import { createVersionCache } from '../versions/version-cache.ts';
import { requireOwnNamespace, startDispatchWorkflow } from './dispatch-workflow.ts';
import type { TemporalLink } from './temporal-link.ts';
import { createWorkers, type Workers } from './workers.ts';
import { buildWorkflowBundle } from './workflow-bundle.ts';

export type EngineOptions = {
  readonly db: Db;
  readonly temporal: TemporalLink;
  readonly nodes: ReadonlyMap<string, AnyNode>;
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly digests: NumberDigests;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly dispatch: DispatchSettings;
  /** Null where there is no relay to hand mails to. */
  readonly mailer: Mailer | null;
  /** What outgoing webhooks are sent with. */
  readonly webhooks: Pick<DeliverDeps, 'box' | 'http' | 'random'>;
  /** Where the files of messages are kept. */
  readonly files: FileStore;
  /** Origin under which providers reach our webhooks. */
  readonly publicUrl: string;
  /** Run workers, dispatcher and sweeps in this process; without, it only accepts work and starts runs plainly. */
  readonly work: boolean;
  readonly startsPerSecond: number;
  /** The runtime connection string for LISTEN; null leaves nudges to this process. */
  readonly listenUrl: string | null;
  /** A prebuilt workflow bundle; built here where absent. */
  readonly workflowBundle?: { readonly code: string };
  readonly sweepEveryMs?: number;
  /** How long clicks on short links are kept; 400 days unless set. */
  readonly linkClickLifeMs?: number;
  /** Hears why the work could not begin, where Temporal answered only after the start. */
  readonly onLateFailure?: (error: unknown) => void;
};

/** The services that everything else is wired with. */
export type Engine = CommitEngine &
  FlowServices & {
    /** The client as it is now: it may be away. */
    readonly client: Client;
    readonly recordChange: Services['recordChange'];
    readonly names: TemporalNames;
    readonly installation: Installation;
    readonly accounts: AccountStore;
    readonly starter: Starter;
    readonly settlements: SettlementPump;
    readonly maintenance: Maintenance;
    readonly dispatchDeps: DispatchDeps;
    readonly cohortDeps: CohortDeps;
    readonly links: LinkMaker;
    readonly files: FileStore;
    readonly randomBytes: (bytes: number) => Buffer;
    /** Stops taking work, lets what runs finish, leaves the rest to whoever comes next. */
    readonly stop: () => Promise<void>;
  };

/** Wires the engine's parts and starts what its role asks for. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { db, log, clock, ids, failPoints, digests } = options;
  const basics = { db, clock, ids, digests, log, failPoints };
  const { temporal, mailer, files, publicUrl } = options;
  const installation = await readInstallation(db);
  const names = temporalNames(installation.prefix);
  const versions = createVersionCache(options.nodes);
  const starter = createStarter({
    client: temporal.client,
    queues: names.queues,
    log,
    failPoints,
    perSecond: options.startsPerSecond,
    burst: options.startsPerSecond,
    eager: () => options.work && temporal.native() !== null,
  });
  const notifier = createNotifier({ db, log, listenUrl: options.listenUrl });
  const waker = createWaker({ db, client: temporal.client, log });
  const onArrived = (workspaceId: string, arrived: Arrived): void => {
    if (arrived.runs.length > 0) starter.start(arrived.runs);
    waker.wake(workspaceId, arrived.wake);
    notifier.changed(workspaceId);
  };
  const { box } = options.webhooks;
  const arrivalDeps: InboundDeps = { versions, ids, digests, box, randomBytes };
  const pumpDeps: PumpDeps = { db, ...arrivalDeps, clock, log, failPoints, onArrived };
  const settlements = createSettlementPump(pumpDeps);

  const dispatchDeps: DispatchDeps = {
    ...basics,
    accounts: options.accounts,
    settings: options.dispatch,
    outgoingMedia: createOutgoingMedia({ db, clock, box, files, publicUrl }),
    callbackUrl: ({ id: accountId, provider: { type: provider }, webhookKey: key }, attemptId) =>
      `${publicUrl}${webhookPath({ provider, accountId, key }, 'status')}?attempt=${attemptId}`,
    onSettled: (workspaceId) => {
      settlements.nudge(workspaceId);
      notifier.changed(workspaceId);
    },
    optOut: async (workspaceId, numbers) => {
      waker.wake(workspaceId, await optOutNumbers({ db, ...arrivalDeps, clock, failPoints }, workspaceId, numbers));
      notifier.changed(workspaceId);
    },
  };
  const dispatcher = createDispatchActivities(dispatchDeps);
  const onQueued = (): void => {
    dispatcher.nudge();
    notifier.queued();
  };
  notifier.onQueued(() => dispatcher.nudge());
  const links: LinkMaker = { publicUrl, code: createLinkCodes() };
  const cohortDeps: CohortDeps = {
    ...basics,
    versions,
    links,
    onQueued,
    onMoved: (workspaceId) => notifier.changed(workspaceId),
  };
  const recordChange = createAuditTrail(ids);
  const told = createToldEvents({
    ...basics,
    notifier,
    mailer,
    publicUrl,
    recordChange,
    arrivalDeps,
    onArrived,
    onQueued,
    onSettled: dispatchDeps.onSettled,
    starter,
    sending: dispatcher.inFlight,
  });
  const webhooks = createWebhookSender({ ...options.webhooks, ...basics, onChanged: notifier.changed });
  const media = createMedia({ ...basics, box, accounts: options.accounts, files, onChanged: notifier.changed });
  const maintenance = createMaintenance({
    ...basics,
    versions,
    arrivalDeps,
    onArrived,
    client: temporal.client,
    names,
    starter,
    settlements,
    dispatch: dispatchDeps,
    told,
    mailer,
    webhooks,
    media,
    publicUrl,
    everyMs: options.sweepEveryMs ?? 1_000,
    linkClickLifeMs: options.linkClickLifeMs ?? 400 * 86_400_000,
    ensureDispatch: () => startDispatchWorkflow(temporal.client(), installation),
  });

  let stopping = false;
  let workers: Workers | null = null;
  const work = async (connection: NativeConnection): Promise<void> => {
    workers = await createWorkers({
      connection,
      namespace: temporal.namespace,
      names,
      bundle: options.workflowBundle ?? (await buildWorkflowBundle()),
      cohortDeps,
      campaigns: createCampaignActivities({ ...basics, onPlanned: maintenance.nudge }),
      dispatcher,
    });
    if (stopping) return;
    workers.run();
    await startDispatchWorkflow(temporal.client(), installation);
    await settlements.drain();
    maintenance.start();
  };
  /** What has to wait until Temporal answers. */
  const begin = async (connection: NativeConnection): Promise<void> => {
    await requireOwnNamespace(temporal.client(), installation);
    if (options.work) await work(connection);
  };
  const connection = temporal.native();
  if (connection !== null) await begin(connection);
  else {
    void temporal.reached.then(async (reached) => {
      if (!stopping) await begin(reached).catch(options.onLateFailure ?? failLate);
    });
  }
  await notifier.start();

  return {
    client: temporal.client(),
    names,
    installation,
    db,
    versions,
    starter,
    settlements,
    maintenance,
    notifier,
    dispatchDeps,
    sending: dispatcher.inFlight,
    cohortDeps,
    links,
    files,
    randomBytes,
    arrivalDeps,
    clock,
    ids,
    digests,
    log,
    failPoints,
    accounts: options.accounts,
    nodes: options.nodes,
    mailer,
    publicUrl,
    recordChange,
    onArrived,
    onQueued,
    onSettled: dispatchDeps.onSettled,
    async stop() {
      stopping = true;
      await maintenance.stop();
      await webhooks.stop();
      await media.stop();
      await workers?.stop();
      await waker.stop();
      await notifier.stop();
    },
  };
}

/** A process that cannot work must not look as if it did. */
function failLate(error: unknown): void {
  throw error;
}
