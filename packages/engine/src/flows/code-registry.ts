import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { CompiledFlow } from '@signalbox/nodes/flow/compile-types';
import { type FlowGraph, flowGraphSchema } from '@signalbox/nodes/flow/graph';
import { sql } from 'kysely';
import { z } from 'zod';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import type { PublishDeps } from './publish.ts';
import { publishFlow } from './publish.ts';

/** A flow found in the folder of workflows, not yet checked against the library. */
export type CodeFlow = {
  readonly kind: 'code' | 'workflow';
  readonly sourcePath: string;
  readonly name: string;
  readonly description: string;
  readonly graph: FlowGraph;
  /** The exported workflow function, for `workflow`. */
  readonly workflow: string | null;
};

/** A file of the folder does not export what its name promises. */
export class CodeFlowError extends Error {
  override readonly name = 'CodeFlowError';
  readonly file: string;
  constructor(file: string, message: string) {
    super(`${file}: ${message}`);
    this.file = file;
  }
}

const sourceSchema = z.object({
  name: z.string().min(1).max(80),
  description: z.string().max(500).default(''),
  graph: flowGraphSchema,
});
const definitionSchema = z.object({
  name: z.string().min(1).max(80),
  description: z.string().max(500),
  steps: z.record(
    z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
    z.object({ type: z.string(), config: z.record(z.string(), z.json()) }),
  ),
});

/** Files of the folder that hold plain Temporal workflows: the bundle's entries. */
export async function workflowFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.workflow.ts'))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Reads every `*.flow.ts` and `*.workflow.ts` of a folder.
 *
 * @throws CodeFlowError naming the file where an export is missing or does not fit.
 */
export async function loadCodeFlows(folder: string): Promise<CodeFlow[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const flows: CodeFlow[] = [];
  for (const name of names) {
    if (!name.endsWith('.flow.ts') && !name.endsWith('.workflow.ts')) continue;
    const exported: Record<string, unknown> = await import(pathToFileURL(join(folder, name)).href);
    flows.push(name.endsWith('.flow.ts') ? builtFlow(name, exported) : workflowFlow(name, exported));
  }
  return flows;
}

function builtFlow(file: string, exported: Record<string, unknown>): CodeFlow {
  for (const value of Object.values(exported)) {
    const parsed = sourceSchema.safeParse(value);
    if (parsed.success)
      return { kind: 'code', sourcePath: `workflows/${basename(file)}`, ...parsed.data, workflow: null };
  }
  throw new CodeFlowError(file, 'exports no flow. Export what flow(…).build() returns.');
}

function workflowFlow(file: string, exported: Record<string, unknown>): CodeFlow {
  const parsed = definitionSchema.safeParse(exported['definition']);
  if (!parsed.success)
    throw new CodeFlowError(file, `exports no fitting \`definition\`: ${z.prettifyError(parsed.error)}`);
  const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
  const [only] = functions;
  if (only === undefined || functions.length > 1)
    throw new CodeFlowError(file, 'must export exactly one workflow function.');
  const { name, description, steps } = parsed.data;
  const graph: FlowGraph = {
    schema_version: 1,
    steps: Object.entries(steps).map(([id, step]) => ({
      id: declaredStepId(id),
      type: step.type,
      version: 1,
      config: step.config,
      name: id,
    })),
    edges: [],
  };
  return { kind: 'workflow', sourcePath: `workflows/${basename(file)}`, name, description, graph, workflow: only[0] };
}

/** A declared step's name as a step id: the sandbox's `beginRun` does the same. */
export function declaredStepId(name: string): string {
  return name.replaceAll('-', '_');
}

/** A workflow flow's compiled form: declared steps in order; where an outlet leads is the workflow's business. */
function compileDeclared(deps: PublishDeps, flow: CodeFlow): CompiledFlow & { workflow: string } {
  return {
    workflow: flow.workflow ?? '',
    steps: flow.graph.steps.map((step, rank) => {
      const node = deps.nodes.get(step.type);
      if (node === undefined)
        throw new CodeFlowError(flow.sourcePath, `step ${step.name ?? step.id} has an unknown type ${step.type}.`);
      const bound = node.bind(step.config);
      return {
        rank,
        id: step.id,
        type: step.type,
        version: node.version,
        config: z.record(z.string(), z.unknown()).parse(bound.config),
        outlets: bound.outlets().map((outlet) => ({ id: outlet.id, label: outlet.label, to: null })),
        listens:
          node.effect === 'message' &&
          flow.graph.steps.slice(rank + 1).some((later) => deps.nodes.get(later.type)?.awaits === 'message.received'),
      };
    }),
  };
}

/**
 * Brings a workspace's code flows to what the files say: new ones are added live, changed ones get a new version. Nothing happens
 * where nothing changed.
 *
 * @throws CodeFlowError where a flow has problems that keep it from being published.
 */
export async function registerCodeFlows(
  deps: PublishDeps & { readonly db: Db; readonly clock: Clock },
  workspaceId: string,
  flows: readonly CodeFlow[],
): Promise<void> {
  for (const flow of flows) {
    await inWorkspace(deps.db, workspaceId, async (tx) => {
      const now = deps.clock.now();
      // Processes that start together register one after another.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${workspaceId}/${flow.sourcePath}`}, 0))`.execute(tx);
      const known = await tx
        .selectFrom('flows')
        .leftJoin('flow_versions', (join) =>
          join
            .onRef('flow_versions.workspace_id', '=', 'flows.workspace_id')
            .onRef('flow_versions.id', '=', 'flows.live_version_id'),
        )
        .select(['flows.id', 'flows.graph', 'flows.name', 'flow_versions.compiled'])
        .where('flows.workspace_id', '=', workspaceId)
        .where('flows.source_path', '=', flow.sourcePath)
        .executeTakeFirst();
      const id = known?.id ?? deps.ids.uuid();
      const document = {
        name: flow.name,
        description: flow.description,
        graph: JSON.stringify(flow.graph),
        updated_at: now,
      };
      const compiled = flow.kind === 'workflow' ? compileDeclared(deps, flow) : null;
      const same =
        known !== undefined && isDeepStrictEqual(known.graph, JSON.parse(document.graph)) && known.compiled !== null;
      if (
        same &&
        (compiled === null || isDeepStrictEqual(known.compiled, JSON.parse(JSON.stringify(compiled)))) &&
        known.name === flow.name
      )
        return;
      if (known === undefined) {
        await tx
          .insertInto('flows')
          .values({
            workspace_id: workspaceId,
            id,
            kind: flow.kind,
            state: 'draft',
            source_path: flow.sourcePath,
            created_at: now,
            ...document,
          })
          .execute();
      } else {
        await tx
          .updateTable('flows')
          .set((eb) => ({ ...document, revision: eb('revision', '+', 1) }))
          .where('workspace_id', '=', workspaceId)
          .where('id', '=', id)
          .execute();
      }
      if (compiled === null) {
        const published = await publishFlow(deps, tx, workspaceId, id, now);
        if (published.kind === 'problems') {
          throw new CodeFlowError(
            flow.sourcePath,
            published.problems.map((problem) => `${problem.code} at ${problem.step_id ?? 'the flow'}`).join(', '),
          );
        }
        return;
      }
      const latest = await tx
        .selectFrom('flow_versions')
        .select((eb) => eb.fn.max('number').as('number'))
        .where('workspace_id', '=', workspaceId)
        .where('flow_id', '=', id)
        .executeTakeFirst();
      const versionId = deps.ids.uuid();
      await tx
        .insertInto('flow_versions')
        .values({
          workspace_id: workspaceId,
          id: versionId,
          flow_id: id,
          number: (latest?.number ?? 0) + 1,
          graph: document.graph,
          compiled: JSON.stringify(compiled),
          published_at: now,
        })
        .execute();
      await tx
        .updateTable('flows')
        .set((eb) => ({
          live_version_id: versionId,
          state: eb.case().when('state', '=', 'paused').then('paused').else('live').end(),
          updated_at: now,
        }))
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', id)
        .execute();
    });
  }
}
