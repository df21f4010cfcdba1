import { type NativeConnection, Worker } from '@temporalio/worker';
import type { CampaignActivities } from '../activities/campaign-activities.ts';
import { createCohortActivities } from '../activities/cohort-activities.ts';
import type { LocalDispatchers } from '../activities/dispatch-activities.ts';
import type { CohortDeps } from '../cohorts/run-step.ts';
import type { TemporalNames } from '../cohorts/temporal-names.ts';
import { through } from '../db/database.ts';

/** The workers of one process: interactive, bulk and code runs, and the dispatcher, each on its own queue (protocol 9). */
export type Workers = {
  readonly run: () => void;
  /** Resolves once they have drained. */
  readonly stop: () => Promise<void>;
};

export async function createWorkers(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly names: TemporalNames;
  readonly bundle: { readonly code: string };
  readonly cohortDeps: CohortDeps;
  readonly campaigns: CampaignActivities;
  readonly dispatcher: LocalDispatchers;
}): Promise<Workers> {
  const { connection, namespace, names, cohortDeps } = options;
  const activities = createCohortActivities(cohortDeps);
  const bulkActivities = createCohortActivities({ ...cohortDeps, db: through(cohortDeps.db, 'bulk') });
  const common = { connection, namespace, shutdownGraceTime: '3s' } as const;
  const { interactive, bulk, code } = names.queues;
  const workers: Worker[] = [];
  const running: Promise<void>[] = [];
  for (const taskQueue of [interactive, bulk, code]) {
    workers.push(
      await Worker.create({
        ...common,
        taskQueue,
        workflowBundle: options.bundle,
        activities:
          taskQueue === bulk
            ? bulkActivities
            : taskQueue === code
              ? { ...activities, ...options.campaigns }
              : activities,
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
      activities: options.dispatcher.activities,
      maxConcurrentActivityTaskExecutions: 4,
    }),
  );
  return {
    run() {
      running.push(...workers.map((worker) => worker.run()));
    },
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(running);
    },
  };
}
