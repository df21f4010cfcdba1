import { basename } from 'node:path';
import { type FlowGraph, flowGraphSchema } from '@signalbox/nodes/flow/graph';
import { misfits } from '@signalbox/nodes/flow/misfits';
import { misfitLine } from '@signalbox/nodes/flow/problem-lines';
import { z } from 'zod';
import { workflowTypes } from '../cohorts/run-contract.ts';

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

/** A file that cannot be used, and why, in words for whoever wrote it. */
export type BrokenFile = {
  readonly kind: 'code' | 'workflow';
  readonly sourcePath: string;
  readonly detail: string;
};

/** What a folder of workflows holds. */
export type CodeFolder = {
  readonly flows: readonly CodeFlow[];
  readonly broken: readonly BrokenFile[];
  /** False where the folder could not be read: then nothing is known to be gone. */
  readonly complete: boolean;
};

/** A file of the folder does not hold what its name promises. */
export class CodeFlowError extends Error {
  override readonly name = 'CodeFlowError';
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
    z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, {
      error: 'Name a step with small letters, digits, - and _, at most 64 of them, and a letter first',
    }),
    z.object({ type: z.string(), config: z.record(z.string(), z.json()) }),
  ),
});
const ownWorkflows: ReadonlySet<string> = new Set(Object.values(workflowTypes));

/** Whether the folder's file holds a flow, and of which kind; null for any other file. */
export function kindOfFile(name: string): CodeFlow['kind'] | null {
  if (name.endsWith('.flow.ts')) return 'code';
  return name.endsWith('.workflow.ts') ? 'workflow' : null;
}

/** A file as flows name it: `workflows/welcome.flow.ts`. */
export function sourcePathOf(file: string): string {
  return `workflows/${basename(file)}`;
}

/**
 * The flow that a module's exports state.
 *
 * @throws CodeFlowError where an export is missing or does not fit.
 */
export function readCodeFlow(file: string, exported: Readonly<Record<string, unknown>>): CodeFlow {
  return kindOfFile(file) === 'code' ? builtFlow(file, exported) : workflowFlow(file, exported);
}

function builtFlow(file: string, exported: Readonly<Record<string, unknown>>): CodeFlow {
  for (const value of Object.values(exported)) {
    const parsed = sourceSchema.safeParse(value);
    if (parsed.success) return { kind: 'code', sourcePath: sourcePathOf(file), ...parsed.data, workflow: null };
  }
  const meant = Object.entries(exported).find(
    ([, value]) => z.object({ graph: z.looseObject({}) }).safeParse(value).success,
  );
  if (meant !== undefined) throw new CodeFlowError(misfitLines(`The flow ${meant[0]}`, sourceSchema, meant[1]));
  throw new CodeFlowError('It exports no flow. Export what flow(…).build() returns.');
}

function workflowFlow(file: string, exported: Readonly<Record<string, unknown>>): CodeFlow {
  if (exported['definition'] === undefined)
    throw new CodeFlowError('It exports no `definition`. Export one with a name, a description and steps.');
  const parsed = definitionSchema.safeParse(exported['definition']);
  if (!parsed.success) throw new CodeFlowError(misfitLines('The definition', definitionSchema, exported['definition']));
  const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
  const [only] = functions;
  if (only === undefined || functions.length > 1)
    throw new CodeFlowError('It must export exactly one workflow function.');
  if (ownWorkflows.has(only[0]))
    throw new CodeFlowError(`The name ${only[0]} belongs to a workflow of the engine. Choose another.`);
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
  return { kind: 'workflow', sourcePath: sourcePathOf(file), name, description, graph, workflow: only[0] };
}

function misfitLines(place: string, schema: z.ZodType, value: unknown): string {
  return misfits(schema, value)
    .map((misfit) => misfitLine(place, misfit))
    .join('\n');
}

/** A declared step's name as a step id: the sandbox's `beginRun` does the same. */
function declaredStepId(name: string): string {
  return name.replaceAll('-', '_');
}
