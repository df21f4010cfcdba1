import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { AccountStore } from '../accounts/store.ts';
import { createCohortActivities } from '../activities/cohort-activities.ts';
import { createDispatchActivities } from '../activities/dispatch-activities.ts';
import type { ArrivalDeps, Arrived } from '../cohorts/arrivals.ts';
import { createSettlementPump, type PumpDeps } from '../cohorts/pumps.ts';
import type { CohortDeps } from '../cohorts/run-step.ts';
import { createStarter } from '../cohorts/starter.ts';
import { temporalNames } from '../cohorts/temporal-names.ts';
import { createWaker } from '../cohorts/waker.ts';
import type { Db } from '../db/database.ts';
import { readInstallation } from '../db/installation.ts';
import { createNotifier } from '../db/notifier.ts';
import { optOutNumbers } from '../inbound/carrier-opt-outs.ts';
import type { Provider } from '../providers/provider.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import type { DispatchDeps, DispatchSettings } from '../sending/dispatcher.ts';
import { createMaintenance } from '../sweeps/maintenance.ts';
import { createVersionCache } from '../versions/version-cache.ts';
import { requireOwnNamespace, startDispatchWorkflow } from './dispatch-workflow.ts';
import type { TemporalLink } from './temporal-link.ts';
import { buildWorkflowBundle } from './workflow-bundle.ts';

export type EngineOptions = {
  readonly db: Db;
  readonly temporal: TemporalLink;
  readonly nodes: ReadonlyMap<string, AnyNode>;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly dispatch: DispatchSettings;
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
  /** Hears why the work could not begin, where Temporal answered only after the start. */
  readonly onLateFailure?: (error: unknown) => void;
};

export type Engine = Awaited<ReturnType<typeof startEngine>>;

/** Wires the engine's parts and starts what its role asks for. */
export async function startEngine(options: EngineOptions) {
  const { db, log, clock, ids, failPoints } = options;
  const { temporal } = options;
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
  const pumpDeps: PumpDeps = { db, versions, clock, ids, log, failPoints, onArrived };
  const settlements = createSettlementPump(pumpDeps);
  const arrivalDeps: ArrivalDeps = { versions, ids };

  const dispatchDeps: DispatchDeps = {
    db,
    clock,
    ids,
    log,
    failPoints,
    accounts: options.accounts,
    providers: options.providers,
    settings: options.dispatch,
    callbackUrl: (accountId, attemptId, provider) =>
      `${options.publicUrl}/webhooks/${provider}/${accountId}/status?attempt=${attemptId}`,
    onSettled: (workspaceId) => {
      settlements.nudge(workspaceId);
      notifier.changed(workspaceId);
    },
    optOut: async (workspaceId, numbers) => {
      waker.wake(workspaceId, await optOutNumbers({ db, versions, ids, clock, failPoints }, workspaceId, numbers));
    },
  };
  const dispatcher = createDispatchActivities(dispatchDeps);
  const onQueued = (): void => {
    dispatcher.nudge();
    notifier.queued();
  };
  notifier.onQueued(() => dispatcher.nudge());
  const cohortDeps: CohortDeps = {
    db,
    versions,
    clock,
    ids,
    log,
    failPoints,
    onQueued,
    onMoved: (workspaceId) => notifier.changed(workspaceId),
  };
  const maintenance = createMaintenance({
    db,
    clock,
    ids,
    log,
    failPoints,
    versions,
    arrivalDeps,
    onArrived,
    client: temporal.client,
    starter,
    settlements,
    dispatch: dispatchDeps,
    everyMs: options.sweepEveryMs ?? 1_000,
    ensureDispatch: () => startDispatchWorkflow(temporal.client(), installation),
  });

  const workers: Worker[] = [];
  const running: Promise<void>[] = [];
  let stopping = false;
  const work = async (connection: NativeConnection): Promise<void> => {
    const bundle = options.workflowBundle ?? (await buildWorkflowBundle());
    const activities = createCohortActivities(cohortDeps);
    const bulkActivities = createCohortActivities({ ...cohortDeps, db: { ...db, app: db.bulk } });
    const common = { connection, namespace: temporal.namespace, shutdownGraceTime: '3s' } as const;
    const { interactive, bulk, code } = names.queues;
    for (const taskQueue of [interactive, bulk, code]) {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue,
          workflowBundle: bundle,
          activities: taskQueue === bulk ? bulkActivities : activities,
          maxCachedWorkflows: taskQueue === interactive ? 500 : 100,
          maxConcurrentWorkflowTaskExecutions: taskQueue === interactive ? 40 : 4,
          maxConcurrentLocalActivityExecutions: taskQueue === interactive ? 40 : 4,
          maxConcurrentActivityTaskExecutions: 10,
        }),
      );
    }
    workers.push(
      await Worker.create({
        ...common,
        // A dispatcher is told at once: it drains by itself.
        shutdownGraceTime: '50ms',
        taskQueue: names.dispatchQueue(0),
        activities: dispatcher.activities,
        maxConcurrentActivityTaskExecutions: 4,
      }),
    );
    if (stopping) return;
    running.push(...workers.map((worker) => worker.run()));
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
    /** The client as it is now: it may be away. */
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
    /** Requests to providers that this process has in flight or is about to make. */
    sending: dispatcher.inFlight,
    cohortDeps,
    arrivalDeps,
    clock,
    ids,
    log,
    failPoints,
    accounts: options.accounts,
    providers: options.providers,
    nodes: options.nodes,
    publicUrl: options.publicUrl,
    onArrived,
    onQueued,
    onSettled: dispatchDeps.onSettled,
    /** Stops taking work, lets what runs finish, leaves the rest to whoever comes next. */
    async stop() {
      stopping = true;
      await maintenance.stop();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(running);
      await waker.stop();
      await notifier.stop();
    },
  };
}

/** A process that cannot work must not look as if it did. */
function failLate(error: unknown): void {
  throw error;
}
