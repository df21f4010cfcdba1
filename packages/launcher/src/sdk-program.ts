import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type ChildRegistry, startChild } from './child-process.ts';
import { isExecutable } from './pip-program.ts';

/** A download of which nothing has come for this long is given up. */
const patienceMs = 8_000;
const mostMs = 180_000;

export interface SdkDownload {
  readonly cacheDir: string;
  readonly children?: ChildRegistry;
  /** Another program than the SDK's download, and less patience, for tests. */
  readonly script?: string;
  readonly patienceMs?: number;
}

function sdkVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@temporalio/testing/package.json');
  return z.object({ version: z.string() }).parse(manifest).version;
}

function folderIn(cacheDir: string): string {
  return join(cacheDir, `temporal-sdk-${sdkVersion()}`);
}

function size(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The path of the command line that an earlier call downloaded, or undefined. */
export function cachedSdkProgram(cacheDir: string): string | undefined {
  const path = join(folderIn(cacheDir), 'temporal');
  return isExecutable(path) ? path : undefined;
}

/**
 * Downloads Temporal's command line as the SDK does it for itself, into the cache. Two starts at once may both download; the
 * first to finish is kept.
 *
 * @returns its path, or why it could not be had. A network that does not answer costs `patienceMs`.
 */
export async function sdkProgram(
  options: SdkDownload,
): Promise<{ readonly path: string } | { readonly reason: string }> {
  const { cacheDir, patienceMs: patience = patienceMs } = options;
  mkdirSync(cacheDir, { recursive: true });
  const fresh = join(cacheDir, `temporal-sdk.${process.pid}.new`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  try {
    const child = await startChild({
      name: 'temporal download',
      command: process.execPath,
      args: [options.script ?? fileURLToPath(new URL('./sdk-download.ts', import.meta.url)), fresh],
      stopSteps: [{ signal: 'SIGKILL', waitMs: 2_000 }],
      ...(options.children === undefined ? {} : { children: options.children }),
    });
    const startedAt = performance.now();
    let [seen, since] = [0, startedAt];
    while (!child.ended()) {
      await Promise.race([child.exited, delay(100)]);
      const now = performance.now();
      const came = size(fresh);
      if (came > seen) [seen, since] = [came, now];
      if (now - since > patience || now - startedAt > mostMs) {
        await child.stop();
        return { reason: seen === 0 ? 'no answer in time' : 'the download stopped coming' };
      }
    }
    const { code } = await child.exited;
    if (code !== 0) return { reason: child.lastLines().at(-1) ?? `exit code ${code}` };
    const program = readdirSync(fresh).find((name) => isExecutable(join(fresh, name)));
    if (program === undefined) return { reason: 'it brought no program' };
    renameSync(join(fresh, program), join(fresh, 'temporal'));
    try {
      renameSync(fresh, folderIn(cacheDir));
    } catch (error) {
      if (cachedSdkProgram(cacheDir) === undefined) throw error;
    }
    return { path: join(folderIn(cacheDir), 'temporal') };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
