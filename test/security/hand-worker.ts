import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

type Service = Client['workflowService'];
type Completion = Parameters<Service['respondWorkflowTaskCompleted']>[0];
type Command = NonNullable<Completion['commands']>[number];
type Failure = NonNullable<Parameters<Service['respondActivityTaskFailed']>[0]['failure']>;
type Payloads = NonNullable<Parameters<Service['respondActivityTaskCompleted']>[0]['result']>;

/** A worker of one workflow that answers the server's tasks by hand, as one with a bug might. */
export type HandWorker = {
  /** Resolves once the activity's first task was taken. */
  readonly startActivity: (attempts: number, input?: Payloads) => Promise<Uint8Array>;
  readonly failActivity: (failure: Failure, attempts: number) => Promise<unknown>;
  readonly completeActivity: (result: Payloads) => Promise<unknown>;
  readonly heartbeat: (details: Payloads) => Promise<unknown>;
  readonly recordMarker: (details: Record<string, Payloads>) => Promise<unknown>;
  readonly failWorkflow: (failure: Failure) => Promise<unknown>;
};

/** Numbers of the server's command types, which its packages export for other runtimes than Node's own. */
const commands = { scheduleActivity: 1, failWorkflow: 5, recordMarker: 9 } as const;

/** Starts a workflow on a queue that nobody else polls, when the first thing is done with it. */
export function handWorker(client: Client, workflowId: string): HandWorker {
  const service = client.workflowService;
  const { namespace } = client.options;
  const name = `hand-${workflowId}`;
  const poll = { namespace, taskQueue: { name }, identity: 'hand' };

  const command = async (given: Command): Promise<void> => {
    await client.workflow.start('planted', { taskQueue: name, workflowId });
    const { taskToken } = await service.pollWorkflowTaskQueue(poll);
    await service.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [given] });
  };
  const startActivity: HandWorker['startActivity'] = async (maximumAttempts, input) => {
    await command({
      commandType: commands.scheduleActivity,
      scheduleActivityTaskCommandAttributes: {
        activityId: '1',
        activityType: { name: 'planted' },
        taskQueue: { name },
        startToCloseTimeout: msToTs('1 minute'),
        heartbeatTimeout: msToTs('1 minute'),
        retryPolicy: { maximumAttempts, initialInterval: msToTs('1 hour') },
        ...(input === undefined ? {} : { input }),
      },
    });
    return (await service.pollActivityTaskQueue(poll)).taskToken;
  };

  return {
    startActivity,
    failActivity: async (failure, attempts) =>
      service.respondActivityTaskFailed({ namespace, taskToken: await startActivity(attempts), failure }),
    completeActivity: async (result) =>
      service.respondActivityTaskCompleted({ namespace, taskToken: await startActivity(1), result }),
    heartbeat: async (details) =>
      service.recordActivityTaskHeartbeat({ namespace, taskToken: await startActivity(1), details }),
    recordMarker: (details) =>
      command({
        commandType: commands.recordMarker,
        recordMarkerCommandAttributes: { markerName: 'core_local_activity', details },
      }),
    failWorkflow: (failure) =>
      command({ commandType: commands.failWorkflow, failWorkflowExecutionCommandAttributes: { failure } }),
  };
}
