import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolderPath } from '@signalbox/engine/main/local/data-folder';
import { startTemporal } from '@signalbox/engine/main/local/temporal';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { FloorActivities } from './floor-activities.ts';

export const floorWorkflows = fileURLToPath(new URL('./floor-workflows.ts', import.meta.url));

const tunings = [
  { name: '20 started at once, 40 task slots', concurrent: 20, slots: 40 },
  { name: '50 started at once, 120 task slots', concurrent: 50, slots: 120 },
  { name: '100 started at once, 120 task slots', concurrent: 100, slots: 120 },
] as const;

/** The floor for orchestration: one bare workflow per contact with two activities and one short timer; the best of three tunings. */
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
  const activities: FloorActivities = { touch: async (id) => id, post: async (to) => to };
  for (const [round, tuning] of tunings.entries()) {
    const worker = await Worker.create({
      connection,
      namespace: temporal.namespace,
      taskQueue: `floor-${round}`,
      workflowsPath: floorWorkflows,
      activities,
      maxConcurrentWorkflowTaskExecutions: tuning.slots,
      maxConcurrentActivityTaskExecutions: tuning.slots,
    });
    const perSecond = await worker.runUntil(async () => {
      let next = 0;
      const loop = async (): Promise<void> => {
        while (next < count) {
          const index = next++;
          await client.workflow.execute('contactFloor', {
            taskQueue: `floor-${round}`,
            workflowId: `floor-${round}-${index}`,
            args: [String(index)],
          });
        }
      };
      const began = performance.now();
      await Promise.all(Array.from({ length: tuning.concurrent }, loop));
      return count / ((performance.now() - began) / 1_000);
    });
    console.log(`temporal floor, ${tuning.name}: ${perSecond.toFixed(1)} contacts/s`);
    if (perSecond > best.perSecond) best = { perSecond, settings: tuning.name };
  }
  await connection.close();
  await temporal.stop();
  rmSync(folder, { recursive: true, force: true });
  return best;
}
