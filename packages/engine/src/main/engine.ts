import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { AccountStore } from '../accounts/store.ts';
import { createCohortActivities } from '../activities/cohort-activities.ts';
import { createDispatchActivities } from '../activities/dispatch-activities.ts';
import type { ArrivalDeps, Arrived } from '../cohorts/arrivals.ts';
import { createSettlementPump, type PumpDeps } from '../cohorts/pumps.ts';
import { dispatchQueue, taskQueues, workflowTypes } from '../cohorts/run-contract.ts';
import type { CohortDeps } from '../cohorts/run-step.ts';
import { createStarter } from '../cohorts/starter.ts';
import { createWaker } from '../cohorts/waker.ts';
import type { Db } from '../db/database.ts';
import { createNotifier } from '../db/notifier.ts';
import { optOutNumbers } from '../inbound/carrier-opt-outs.ts';
import type { Provider } from '../providers/provider.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import type { DispatchDeps, DispatchSettings } from '../sending/dispatcher.ts';
import { createMaintenance } from '../sweeps/maintenance.ts';
import { createVersionCache } from '../versions/version-cache.ts';
import { buildWorkflowBundle } from './workflow-bundle.ts';

export type EngineOptions = {
  readonly db: Db;
  readonly connection: NativeConnection;
  readonly namespace: string;
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
};

export type Engine = Awaited<ReturnType<typeof startEngine>>;

/** Wires the engine's parts and starts what its role asks for. */
export async function startEngine(options: EngineOptions) {
  const { db, log, clock, ids, failPoints } = options;
  const client = new Client({ connection: options.connection, namespace: options.namespace });
  const versions = createVersionCache(options.nodes);
  const starter = createStarter({
    client,
    log,
    failPoints,
    perSecond: options.startsPerSecond,
    burst: options.startsPerSecond,
    eager: options.work,
  });
  const notifier = createNotifier({ db, log, listenUrl: options.listenUrl });
  const waker = createWaker({ db, client, log });
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
    client,
    starter,
    settlements,
    dispatch: dispatchDeps,
    everyMs: options.sweepEveryMs ?? 1_000,
    ensureDispatch: () => startDispatchWorkflow(client),
  });

  const workers: Worker[] = [];
  const running: Promise<void>[] = [];
  if (options.work) {
    const bundle = options.workflowBundle ?? (await buildWorkflowBundle());
    const activities = createCohortActivities(cohortDeps);
    const bulkActivities = createCohortActivities({ ...cohortDeps, db: { ...db, app: db.bulk } });
    const common = { connection: options.connection, namespace: options.namespace, shutdownGraceTime: '3s' } as const;
    for (const taskQueue of [taskQueues.interactive, taskQueues.bulk, taskQueues.code]) {
      workers.push(
        await Worker.create({
          ...common,
          taskQueue,
          workflowBundle: bundle,
          activities: taskQueue === taskQueues.bulk ? bulkActivities : activities,
          maxCachedWorkflows: taskQueue === taskQueues.interactive ? 500 : 100,
          maxConcurrentWorkflowTaskExecutions: taskQueue === taskQueues.interactive ? 40 : 4,
          maxConcurrentLocalActivityExecutions: taskQueue === taskQueues.interactive ? 40 : 4,
          maxConcurrentActivityTaskExecutions: 10,
        }),
      );
    }
    workers.push(
      await Worker.create({
        ...common,
        // A dispatcher is told at once: it drains by itself.
        shutdownGraceTime: '50ms',
        taskQueue: dispatchQueue(0),
        activities: dispatcher.activities,
        maxConcurrentActivityTaskExecutions: 4,
      }),
    );
    running.push(...workers.map((worker) => worker.run()));
    await startDispatchWorkflow(client);
    await settlements.drain();
    maintenance.start();
  }
  await notifier.start();

  return {
    client,
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
      await maintenance.stop();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(running);
      await waker.stop();
      await notifier.stop();
    },
  };
}

async function startDispatchWorkflow(client: Client): Promise<void> {
  try {
    await client.workflow.start(workflowTypes.dispatch, {
      // Its workflow rides with the flows in code, which spares a sandbox; the dispatcher itself has a queue of its own.
      taskQueue: taskQueues.code,
      workflowId: 'dispatcher-0',
      args: [0],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
