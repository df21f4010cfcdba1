import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { bundleFault } from './bundle-fault.ts';

const workflowsFolder = fileURLToPath(new URL('../workflows', import.meta.url));
const runContract = fileURLToPath(new URL('../cohorts/run-contract.ts', import.meta.url));
const bundleChild = fileURLToPath(new URL('workflow-bundle-child.ts', import.meta.url));
const engineModules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const ignore = () => {};

/**
 * Builds the workflow bundle: the engine's workflows and those of the given files, bundled into the sandbox through an entry file in a
 * temporary folder. 3 to 5 seconds.
 *
 * @throws Error that says in a line why they do not fit.
 */
export async function buildWorkflowBundle(workflowFiles: readonly string[] = []): Promise<{ readonly code: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-workflows-'));
  const errors: string[] = [];
  const log = (level: string, message: string) => {
    if (level === 'ERROR') errors.push(message);
  };
  const error = (message: string) => log('ERROR', message);
  try {
    const entry = join(folder, 'entry.ts');
    const parts = [join(workflowsFolder, 'index.ts'), ...workflowFiles];
    await writeFile(entry, parts.map((file) => `export * from ${JSON.stringify(file)};`).join('\n'));
    // Loaded here alone: a process that has its bundle needs no bundler.
    const { bundleWorkflowCode } = await import('@temporalio/worker');
    return await bundleWorkflowCode({
      workflowsPath: entry,
      logger: { log, error, trace: ignore, debug: ignore, info: ignore, warn: ignore },
      // The entry stands outside the workspace: what it needs is found beside the engine.
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, modules: [...(config.resolve?.modules ?? ['node_modules']), engineModules] },
      }),
    });
  } catch (cause) {
    throw new Error(bundleFault(cause, errors), { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What goes into the bundle of these files: the engine's workflows, the values that they share with activities, and the files with
 * whatever stands in their folders, which they may import.
 */
export async function bundleInputs(workflowFiles: readonly string[]): Promise<string[]> {
  const folders = [workflowsFolder, ...workflowFiles.map((file) => dirname(file))];
  const beside = await Promise.all([...new Set(folders)].map((folder) => sourcesIn(folder)));
  return [...new Set([...beside.flat(), runContract, ...workflowFiles])];
}

async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inner = await Promise.all(
    entries
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path);
        return /\.[jt]s(on)?$/.test(entry.name) ? [path] : [];
      }),
  );
  return inner.flat();
}

/**
 * The bundle from `cacheFolder` where nothing that goes into it has changed: the workflow sources and the SDK's version. Built and
 * kept otherwise; a folder that cannot be written only costs the time.
 */
export async function cachedWorkflowBundle(
  cacheFolder: string,
  workflowFiles: readonly string[],
): Promise<{ readonly code: string }> {
  const hash = createHash('sha256').update(sdkVersion());
  for (const file of await bundleInputs(workflowFiles)) hash.update(file).update(await readFile(file));
  const cached = join(cacheFolder, `workflows-${hash.digest('hex').slice(0, 24)}.js`);
  const code = await readFile(cached, 'utf8').catch(() => null);
  if (code !== null) return { code };
  const built = await bundleApart(workflowFiles);
  try {
    await mkdir(cacheFolder, { recursive: true });
    const part = `${cached}.${process.pid}`;
    await writeFile(part, built);
    await rename(part, cached);
  } catch {
    return { code: built };
  }
  return { code: built };
}

const run = promisify(execFile);
const failedRun = z.object({ stderr: z.string().min(1) });

/** Builds the bundle in a process of its own: the bundler takes some 300 MB that a long-lived engine would keep. */
async function bundleApart(workflowFiles: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bundle-'));
  try {
    const out = join(folder, 'bundle.js');
    await run(process.execPath, [bundleChild, out, ...workflowFiles]).catch((error: unknown) => {
      const said = failedRun.safeParse(error);
      throw new Error(said.success ? said.data.stderr.trim() : 'The workflows could not be bundled.');
    });
    return await readFile(out, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A bundle fits only the SDK that made it. */
function sdkVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@temporalio/worker/package.json');
  return z.object({ version: z.string() }).parse(manifest).version;
}
