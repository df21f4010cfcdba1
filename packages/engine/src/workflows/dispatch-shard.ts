import { continueAsNew, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { DispatchActivities } from '../activities/dispatch-activities.ts';

/**
 * Keeps one dispatcher alive for a shard of accounts: a long-running, heartbeating activity that Temporal starts again
 * elsewhere when its worker dies. The epoch in the database, not this workflow, fences the old one.
 *
 * @param queue where the dispatcher's activity runs; dispatchers started before installations had names have the plain one.
 */
export async function dispatchShard(shard: number, queue = `signalbox-dispatch-${shard}`): Promise<void> {
  const { dispatch } = proxyActivities<DispatchActivities>({
    taskQueue: queue,
    startToCloseTimeout: '24h',
    heartbeatTimeout: '4s',
    retry: { initialInterval: '200ms', backoffCoefficient: 1.5, maximumInterval: '5s' },
    summary: `dispatch shard ${shard}`,
  });
  try {
    await dispatch(shard);
  } catch (error) {
    if (isCancellation(error)) throw error;
    await sleep('1s');
  }
  await continueAsNew<typeof dispatchShard>(shard, queue);
}
