import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from './repository-root.ts';
import type { Settings } from './settings.ts';

const runningSchema = z.object({ url: z.string(), database_url: z.string(), database_router_url: z.string() });

/** Where the product that runs in a data folder is reached; readable by its owner alone. */
export type Running = z.infer<typeof runningSchema>;

/** Where the data lives: SIGNALBOX_DATA, else `.signalbox` in the checkout. */
export function dataFolderPath(chosen: string | undefined = process.env.SIGNALBOX_DATA): string {
  return chosen === undefined || chosen === '' ? join(repositoryRoot, '.signalbox') : resolve(chosen);
}

function fileIn(folder: string): string {
  return join(folder, 'running.json');
}

/** Leaves the addresses for `npx pnpm run token`. Does nothing without a data folder. */
export function writeRunning(
  settings: Pick<Settings, 'SIGNALBOX_DATA' | 'publicUrl' | 'DATABASE_URL' | 'DATABASE_ROUTER_URL'>,
): void {
  if (settings.SIGNALBOX_DATA === undefined) return;
  const path = fileIn(settings.SIGNALBOX_DATA);
  const running: Running = {
    url: settings.publicUrl,
    database_url: settings.DATABASE_URL,
    database_router_url: settings.DATABASE_ROUTER_URL,
  };
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, JSON.stringify(running), { mode: 0o600 });
  renameSync(fresh, path);
}

/** Takes them away again. */
export function forgetRunning(settings: Pick<Settings, 'SIGNALBOX_DATA'>): void {
  if (settings.SIGNALBOX_DATA !== undefined) rmSync(fileIn(settings.SIGNALBOX_DATA), { force: true });
}

/** The addresses of the product running in a data folder; null where none runs. */
export function readRunning(folder: string): Running | null {
  try {
    return runningSchema.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return null;
  }
}
