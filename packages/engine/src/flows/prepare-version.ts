import type { AnyNode } from '@signalbox/nodes/define/define-node';
import { blockingProblems, type Problem } from '@signalbox/nodes/define/problems';
import type { Trigger } from '@signalbox/nodes/define/trigger';
import { compileFlow } from '@signalbox/nodes/flow/compile';
import type { CompiledFlow } from '@signalbox/nodes/flow/compile-types';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { type ValidationContext, validateFlow, validateSteps } from '@signalbox/nodes/flow/validate';
import { z } from 'zod';
import type { CodeFlow } from './code-files.ts';

type Nodes = ReadonlyMap<string, AnyNode>;

/** What a graph would be published as, or everything that is wrong with it; some of that may be warnings. */
type PreparedVersion =
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'ready'; readonly compiled: CompiledFlow; readonly entries: readonly Entry[] };

/** A step with how it lets people in; null for any but a trigger. */
type Entry = { readonly step: number; readonly trigger: Trigger | null };

/** Validates and compiles a graph: whatever publishes or checks a flow goes through here. */
export function prepareVersion(nodes: Nodes, graph: FlowGraph, context: ValidationContext): PreparedVersion {
  const library = [...nodes.values()];
  const problems = validateFlow(graph, library, context);
  if (blockingProblems(problems).length > 0) return { kind: 'problems', problems };
  const compiled = compileFlow(graph, library);
  const entries = compiled.steps.map((step) => ({
    step: step.rank,
    trigger: nodes.get(step.type)?.bind(step.config).trigger() ?? null,
  }));
  return { kind: 'ready', compiled, entries };
}

/** A plain workflow's compiled form, or null where its steps cannot be read, and what is wrong with them. */
type DeclaredVersion = {
  readonly compiled: (CompiledFlow & { readonly workflow: string }) | null;
  readonly problems: readonly Problem[];
};

/** Compiles a plain workflow: declared steps in order; where an outlet leads is the workflow's business. */
export function prepareDeclared(nodes: Nodes, flow: CodeFlow): DeclaredVersion {
  // What a file declares is meant for the present version of the node.
  const steps = flow.graph.steps.map((step) => ({ ...step, version: nodes.get(step.type)?.version ?? step.version }));
  const problems = blockingProblems(validateSteps({ ...flow.graph, steps }, [...nodes.values()]));
  if (problems.some(({ code }) => unreadable.has(code))) return { compiled: null, problems };
  const compiled = steps.flatMap((step, rank) => {
    const node = nodes.get(step.type);
    if (node === undefined) return [];
    const bound = node.bind(step.config);
    return [
      {
        rank,
        id: step.id,
        type: step.type,
        version: node.version,
        config: z.record(z.string(), z.unknown()).parse(bound.config),
        outlets: bound.outlets().map((outlet) => ({ id: outlet.id, label: outlet.label, to: null })),
        listens:
          node.effect === 'message' &&
          steps.slice(rank + 1).some((later) => nodes.get(later.type)?.awaits === 'message.received'),
      },
    ];
  });
  return { compiled: { salt: 'flow', workflow: flow.workflow ?? '', steps: compiled }, problems };
}

/** Problems of a step that keep it from being compiled at all. */
const unreadable: ReadonlySet<string> = new Set(['unknown_node', 'duplicate_step_id', 'config_invalid']);
