import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import { listWorkspaces } from '../access/workspaces.ts';
import { type BrokenFile, sourcePathOf } from '../flows/code-files.ts';
import { loadCodeFlows, type NewFlows, registerCodeFlows, reportBroken } from '../flows/code-registry.ts';

type Bundle = { readonly code: string };
type Build = (files: readonly string[]) => Promise<Bundle>;
type Deps = Parameters<typeof registerCodeFlows>[0] & {
  readonly log: Logger;
  /** Tells whoever watches the start. */
  readonly warn: (text: string) => void;
  readonly newFlows: NewFlows;
};

/**
 * Brings the flows in code of every workspace to what the folder holds. A file that cannot be used is reported and left
 * out; everything else goes on.
 *
 * @returns the files of plain workflows that can be bundled.
 */
export async function openCodeFlows(deps: Deps, folder: string): Promise<readonly string[]> {
  const found = await loadCodeFlows(folder);
  const broken = new Map(found.broken.map((file) => [file.sourcePath, file]));
  for (const id of await listWorkspaces(deps.db))
    for (const file of await registerCodeFlows(deps, id, found, deps.newFlows)) broken.set(file.sourcePath, file);
  report(deps, [...broken.values()]);
  return found.flows
    .filter((flow) => flow.kind === 'workflow' && !broken.has(flow.sourcePath))
    .map((flow) => join(folder, basename(flow.sourcePath)));
}

/**
 * Bundles the engine's workflows with those of the files, and reports those that do not fit into the sandbox.
 *
 * @throws whatever `build` throws where no file is to blame.
 */
export async function bundleCodeFlows(deps: Deps, files: readonly string[], build: Build): Promise<Bundle> {
  const { bundle, broken } = await bundleFitting(files, build);
  if (broken.length === 0) return bundle;
  for (const id of await listWorkspaces(deps.db)) await reportBroken(deps, id, broken);
  report(deps, broken);
  return bundle;
}

/**
 * Bundles the engine's workflows with those of the files. Where that fails, each file is tried alone, and those that do not
 * fit into the sandbox are left out.
 *
 * @throws whatever `build` throws where no file is to blame.
 */
export async function bundleFitting(
  files: readonly string[],
  build: Build,
): Promise<{ readonly bundle: Bundle; readonly broken: readonly BrokenFile[] }> {
  try {
    return { bundle: await build(files), broken: [] };
  } catch (error) {
    if (files.length === 0) throw error;
  }
  const fitting: string[] = [];
  const broken: BrokenFile[] = [];
  for (const file of files) {
    try {
      await build([file]);
      fitting.push(file);
    } catch (error) {
      const detail = (error instanceof Error ? error.message : String(error)).trim().slice(0, 1_000);
      broken.push({ kind: 'workflow', sourcePath: sourcePathOf(file), detail });
    }
  }
  return { bundle: await build(fitting), broken };
}

function report({ log, warn }: Deps, broken: readonly BrokenFile[]): void {
  for (const { sourcePath, detail } of broken) {
    log.error({ file: sourcePath, problem: detail }, 'a flow in code cannot be used');
    warn(`${sourcePath} cannot be used: ${detail}`);
  }
}
