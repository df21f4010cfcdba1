import { readFileSync } from 'node:fs';
import { createCohortActivities } from '@signalbox/engine/activities/cohort-activities';
import type { Clock } from '@signalbox/engine/runtime/clock';
import { type Dispatcher, startDispatcher, takeShard } from '@signalbox/engine/sending/dispatcher';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { findTimeSkippingServer } from '@signalbox/launcher/temporal-binary';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { type Harness, quietTemporal, startHarness, until } from '../support/harness.ts';

/** A harness on the server that skips time. Nothing of the engine runs on its own but the workflows: `drain` drives the rest. */
export type TimeHarness = Harness & {
  readonly now: () => Date;
  /** Lets time pass, then `drain`. */
  readonly skip: (ms: number) => Promise<void>;
  /** Pumps sweep, starts, dispatcher and settlements until nothing is due and nobody is ready. */
  readonly drain: () => Promise<void>;
  /** Lets contacts into a flow, one batch. */
  readonly enroll: (flowId: string, contactIds: readonly string[]) => Promise<void>;
};

/** Starts one; `close` gives everything back. */
export async function startTimeHarness(): Promise<TimeHarness> {
  quietTemporal();
  const path = await findTimeSkippingServer({ cacheDir: cacheFolderPath() });
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  // The server's clock runs on with the machine's between skips; only a skip moves it further ahead.
  let ahead = (await environment.currentTimeMs()) - Date.now();
  const clock: Clock = { now: () => new Date(Date.now() + ahead), monotonic: () => performance.now() };
  const temporal = { address: environment.address, namespace: environment.namespace ?? 'default' };
  const harness = await startHarness({ clock, temporal, work: false });
  const { engine } = harness;

  const connection = await NativeConnection.connect({ address: temporal.address });
  const workflowBundle = { code: readFileSync(inject('workflowBundle'), 'utf8') };
  const activities = createCohortActivities(engine.cohortDeps);
  const workers = await Promise.all(
    [engine.names.queues.interactive, engine.names.queues.code].map((taskQueue) =>
      Worker.create({
        connection,
        namespace: temporal.namespace,
        taskQueue,
        workflowBundle,
        activities,
        shutdownGraceTime: '1s',
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  const dispatcher: Dispatcher = startDispatcher(
    engine.dispatchDeps,
    0,
    await takeShard(engine.db, 0, clock.now()),
    null,
  );

  /** Somebody whom a run is about to move. People of a flow in code stand ready while it sleeps. */
  const somebodyReady = () =>
    harness.inTx(async (tx) => {
      const ready = await tx
        .selectFrom('enrollments')
        .innerJoin('runs', (join) =>
          join.onRef('runs.workspace_id', '=', 'enrollments.workspace_id').onRef('runs.id', '=', 'enrollments.run_id'),
        )
        .select('enrollments.id')
        .where('enrollments.state', '=', 1)
        .where('runs.lane', '<>', 'code')
        .executeTakeFirst();
      return ready !== undefined;
    });

  const drain = async (): Promise<void> => {
    for (;;) {
      let moved = await engine.maintenance.turn('due');
      await engine.starter.idle();
      await until('nobody to be ready', async () => !(await somebodyReady()));
      await dispatcher.drain();
      await until('the settlement pump to rest', () => !engine.settlements.busy());
      moved += await engine.settlements.drain();
      await engine.starter.idle();
      const queued = await harness.inTx((tx) =>
        tx.selectFrom('message_queue').select('message_id').where('state', '<', 3).executeTakeFirst(),
      );
      if (moved === 0 && queued === undefined && !(await somebodyReady())) return;
    }
  };

  return {
    ...harness,
    now: clock.now,
    drain,
    async skip(ms) {
      await environment.sleep(ms);
      ahead = (await environment.currentTimeMs()) - Date.now();
      await drain();
    },
    async enroll(flowId, contactIds) {
      const values = {
        workspace_id: harness.workspaceId,
        id: engine.ids.uuid(),
        flow_id: flowId,
        state: 'running' as const,
        contact_ids: [...contactIds].sort(),
        created_at: clock.now(),
      };
      await harness.inTx((tx) => tx.insertInto('enrollment_batches').values(values).execute());
      while ((await engine.maintenance.turn('batches')) > 0);
      await drain();
    },
    async close() {
      await dispatcher.stop();
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await harness.close();
      await connection.close();
      await environment.teardown();
    },
  };
}
