import { parseArgs } from 'node:util';
import { z } from 'zod';
import { listWorkspaces } from '../access/workspaces.ts';
import { type Db, inWorkspace, openDb } from '../db/database.ts';
import { readShown, shown } from '../http/ids.ts';
import { queueWeightTexts, tokenTexts } from './token-texts.ts';
import { whereItRuns } from './where-it-runs.ts';

const argumentsSchema = z.union([
  z.strictObject({ workspace: z.string(), weight: z.coerce.number().int().min(1).max(100) }),
  z.strictObject({}),
]);

/**
 * `npx pnpm run queue-weights [--workspace ID --weight N]`: lists how many turns each workspace's messages get beside others', or sets it for
 * one of them. Dispatchers read it at every look, so it counts at once, for what waits already as well.
 */
async function main(): Promise<number> {
  const parsed = readArguments();
  if (parsed === null) return complain(queueWeightTexts.usage, 2);
  const running = whereItRuns();
  if (running === null) return complain(tokenTexts.notRunning, 1);
  const { database_url: appUrl, database_router_url: routerUrl } = running;
  const db = openDb({ appUrl, routerUrl, appConnections: 1, routerConnections: 1 });
  try {
    const workspaces = await listWorkspaces(db);
    if ('workspace' in parsed) {
      const id = readShown('workspace', parsed.workspace);
      if (id === null || !workspaces.includes(id)) return complain(queueWeightTexts.unknown, 1);
      await setWeight(db, id, parsed.weight);
    }
    for (const id of workspaces) process.stdout.write(`${await weightLine(db, id)}\n`);
    return 0;
  } finally {
    await db.close();
  }
}

function complain(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}

function readArguments(): z.infer<typeof argumentsSchema> | null {
  try {
    const { values } = parseArgs({ options: { workspace: { type: 'string' }, weight: { type: 'string' } } });
    return argumentsSchema.safeParse({ ...values }).data ?? null;
  } catch {
    return null;
  }
}

async function setWeight(db: Db, workspaceId: string, weight: number): Promise<void> {
  await inWorkspace(db, workspaceId, (tx) => tx.updateTable('workspaces').set({ queue_weight: weight }).execute());
}

async function weightLine(db: Db, workspaceId: string): Promise<string> {
  const { name, queue_weight: weight } = await inWorkspace(db, workspaceId, (tx) =>
    tx.selectFrom('workspaces').select(['name', 'queue_weight']).executeTakeFirstOrThrow(),
  );
  return queueWeightTexts.line(shown('workspace', workspaceId), weight, name);
}

process.exitCode = await main();
