import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolderPath } from '@signalbox/launcher/data-folder';
import { startTemporal } from '@signalbox/launcher/temporal';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { FloorActivities } from './floor-activities.ts';

export const floorWorkflows = fileURLToPath(new URL('./floor-workflows.ts', import.meta.url));

/** Starts at once, slots for tasks, and pollers of each kind. */
const tunings = [
  { starts: 20, slots: 40, pollers: 5 },
  { starts: 50, slots: 200, pollers: 10 },
  { starts: 100, slots: 400, pollers: 20 },
] as const;

/**
 * The floor for orchestration: one bare workflow per contact with two activities and one short timer; the best of three tunings.
 * Starts are not waited for to end: a contact counts when its second activity ran, which spares Temporal the polls of a caller.
 */
export async function temporalFloor(count = 600): Promise<{ readonly perSecond: number; readonly settings: string }> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-floor-'));
  const temporal = await startTemporal({
    dbFile: join(folder, 'temporal.db'),
    cacheDir: cacheFolderPath(),
    log: () => undefined,
  });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  let best = { perSecond: 0, settings: '' };
  for (const [round, { starts, slots, pollers }] of tunings.entries()) {
    const touches = new Map<string, number>();
    let finished = 0;
    let allDone: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      allDone = resolve;
    });
    const activities: FloorActivities = {
      touch: async (id) => {
        const times = (touches.get(id) ?? 0) + 1;
        touches.set(id, times);
        if (times === 2) finished += 1;
        if (finished === count) allDone();
        return id;
      },
      post: async (to) => to,
    };
    const taskQueue = `floor-${round}`;
    const worker = await Worker.create({
      connection,
      namespace: temporal.namespace,
      taskQueue,
      workflowsPath: floorWorkflows,
      activities,
      maxCachedWorkflows: count,
      maxConcurrentWorkflowTaskExecutions: slots,
      maxConcurrentActivityTaskExecutions: slots,
      workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: pollers },
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: pollers },
    });
    const perSecond = await worker.runUntil(async () => {
      let next = 0;
      const start = async (): Promise<void> => {
        while (next < count) {
          const index = next++;
          const workflowId = `${taskQueue}-${index}`;
          await client.workflow.start('contactFloor', { taskQueue, workflowId, args: [String(index)] });
        }
      };
      const began = performance.now();
      await Promise.all(Array.from({ length: starts }, start));
      await done;
      return count / ((performance.now() - began) / 1_000);
    });
    const settings = `${starts} started at once, ${slots} task slots, ${pollers} pollers`;
    console.log(`temporal floor, ${settings}: ${perSecond.toFixed(1)} contacts/s`);
    if (perSecond > best.perSecond) best = { perSecond, settings };
  }
  await connection.close();
  await temporal.stop();
  rmSync(folder, { recursive: true, force: true });
  return best;
}
