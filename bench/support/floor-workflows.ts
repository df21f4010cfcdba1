import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { FloorActivities } from './floor-activities.ts';

const { touch, post } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30s' });
const local = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '5s' });

/** One contact the plain way: two activities and a short timer. */
export async function contactFloor(id: string): Promise<void> {
  await touch(id);
  await sleep(1);
  await touch(id);
}

/** A keyword's answer the plain way: one activity that calls the carrier. */
export async function replyFloor(to: string): Promise<void> {
  await post(to);
}

/** The same with a local activity, for eager starts. */
export async function replyFloorLocal(to: string): Promise<void> {
  await local.post(to);
}
