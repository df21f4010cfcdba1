import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Db, inWorkspace, sqlState } from '../db/database.ts';
import type { Scope } from '../db/work.ts';
import type { Clock } from '../runtime/clock.ts';
import { problemLines } from './check-code-flows.ts';
import {
  type BrokenFile,
  type CodeFlow,
  CodeFlowError,
  type CodeFolder,
  kindOfFile,
  readCodeFlow,
  sourcePathOf,
} from './code-files.ts';
import { addVersion, lockSource, markBroken, markGone } from './code-store.ts';
import { loadFault } from './load-fault.ts';
import { prepareDeclared } from './prepare-version.ts';
import type { PublishDeps } from './publish.ts';
import { publishFlow } from './publish.ts';

type RegistryDeps = PublishDeps & { readonly db: Db; readonly clock: Clock };

/**
 * What becomes of a file that the workspace has not seen yet: `live` at once, or `stopped` until somebody of the workspace starts it.
 * The folder belongs to the whole installation, a workspace to its people.
 */
export type NewFlows = 'live' | 'stopped';

/** Files of the folder that hold plain Temporal workflows: the bundle's entries. */
export async function workflowFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => kindOfFile(name) === 'workflow')
    .sort()
    .map((name) => join(folder, name));
}

/** Reads every `*.flow.ts` and `*.workflow.ts` of a folder. A file that cannot be used stands among the broken ones. */
export async function loadCodeFlows(folder: string): Promise<CodeFolder> {
  const names = await readdir(folder).catch(() => null);
  const flows: CodeFlow[] = [];
  const broken: BrokenFile[] = [];
  for (const name of names?.sort() ?? []) {
    const kind = kindOfFile(name);
    if (kind === null) continue;
    const file = join(folder, name);
    try {
      const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
      const flow = readCodeFlow(name, exported);
      const twin = flows.find((other) => other.workflow !== null && other.workflow === flow.workflow);
      if (twin !== undefined)
        throw new CodeFlowError(`${twin.sourcePath} exports a workflow of the same name. Rename one of them.`);
      flows.push(flow);
    } catch (error) {
      // Whatever a module throws while it is loaded is its own fault.
      const detail = error instanceof CodeFlowError ? error.message : loadFault(file, error);
      broken.push({ kind, sourcePath: sourcePathOf(name), detail });
    }
  }
  return { flows, broken, complete: names !== null };
}

/**
 * Brings a workspace's code flows to what the files say: new ones are added as `newFlows` says, changed ones get a new version, and
 * what somebody stopped stays stopped. A flow whose file is gone is stopped; one whose file is broken goes on with its last
 * good version. Nothing happens where nothing changed.
 *
 * @returns the files that could not be used; the flow's row says so as well.
 */
export async function registerCodeFlows(
  deps: RegistryDeps,
  workspaceId: string,
  folder: CodeFolder,
  newFlows: NewFlows,
): Promise<readonly BrokenFile[]> {
  const broken = [...folder.broken];
  for (const flow of folder.flows) {
    try {
      await inWorkspace(deps.db, workspaceId, (tx) => register(deps, { tx, workspaceId }, flow, newFlows));
    } catch (error) {
      const detail = faultOfFile(error);
      if (detail === null) throw error;
      broken.push({ kind: flow.kind, sourcePath: flow.sourcePath, detail });
    }
  }
  await reportBroken(deps, workspaceId, broken, folder.flows);
  if (folder.complete) {
    const present = [...folder.flows, ...broken].map((file) => file.sourcePath);
    await inWorkspace(deps.db, workspaceId, (tx) => markGone({ tx, workspaceId, now: deps.clock.now() }, present));
  }
  return broken;
}

/** Writes down which files cannot be used, so that lists and screens say so. A flow never seen before appears as a draft. */
export async function reportBroken(
  deps: Omit<RegistryDeps, 'nodes'>,
  workspaceId: string,
  files: readonly BrokenFile[],
  flows: readonly CodeFlow[] = [],
): Promise<void> {
  for (const file of files) {
    const flow = flows.find((known) => known.sourcePath === file.sourcePath);
    await inWorkspace(deps.db, workspaceId, (tx) =>
      markBroken(
        { tx, workspaceId, now: deps.clock.now() },
        { file, ...(flow === undefined ? {} : { flow }) },
        deps.ids.uuid(),
      ),
    );
  }
}

/** What is wrong with the file, or null where the file is not to blame. */
function faultOfFile(error: unknown): string | null {
  if (error instanceof CodeFlowError) return error.message;
  return sqlState(error) === '23505' ? 'Another flow was published with one of its keywords a moment ago.' : null;
}

async function register(deps: RegistryDeps, work: Scope, flow: CodeFlow, newFlows: NewFlows): Promise<void> {
  const { tx, workspaceId } = work;
  const now = deps.clock.now();
  const known = await lockSource(work, flow.sourcePath);
  const id = known?.id ?? deps.ids.uuid();
  const graph = JSON.stringify(flow.graph);
  const declared = flow.kind === 'workflow' ? prepareDeclared(deps.nodes, flow) : null;
  const compiled = declared?.compiled ?? null;
  if (declared !== null && compiled === null)
    throw new CodeFlowError(problemLines(deps.nodes, flow, declared.problems));
  const published =
    known !== null &&
    known.compiled !== null &&
    isDeepStrictEqual(known.graph, JSON.parse(graph)) &&
    (compiled === null || isDeepStrictEqual(unsalted(known.compiled), unsalted(JSON.parse(JSON.stringify(compiled)))));
  const described = known?.name === flow.name && known.description === flow.description;
  if (published && described && known.sourceProblem === null && !known.archived) return;
  const document = { name: flow.name, description: flow.description, graph, updated_at: now };
  if (known === null) {
    await tx
      .insertInto('flows')
      .values({
        workspace_id: workspaceId,
        id,
        kind: flow.kind,
        state: newFlows === 'live' ? 'draft' : 'stopped',
        source_path: flow.sourcePath,
        created_at: now,
        ...document,
      })
      .execute();
  } else {
    await tx
      .updateTable('flows')
      .set((eb) => ({
        ...document,
        revision: eb('revision', '+', 1),
        // Back from the archive with its file, and stopped as it was.
        archived_at: null,
        source_problem: null,
        source_detail: null,
        // It never was good, so nobody has started it.
        ...(known.compiled === null && newFlows === 'stopped' ? { state: 'stopped' } : {}),
      }))
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .execute();
  }
  if (published) return;
  if (declared !== null && declared.problems.length > 0)
    throw new CodeFlowError(problemLines(deps.nodes, flow, declared.problems));
  if (compiled !== null) {
    await addVersion(deps, { ...work, now }, { flowId: id, versionId: deps.ids.uuid(), graph, compiled });
    return;
  }
  const result = await publishFlow(deps, { ...work, now }, id, { keepStopped: true });
  if (result.kind === 'problems') throw new CodeFlowError(problemLines(deps.nodes, flow, result.problems));
}

/** Without what an earlier build could not say: no file changed, so there is no new version. */
function unsalted(compiled: unknown): unknown {
  return (
    z
      .looseObject({})
      .transform(({ salt: _, ...rest }) => rest)
      .safeParse(compiled).data ?? compiled
  );
}
