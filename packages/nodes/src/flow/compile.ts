import { z } from 'zod';
import type { AnyNode } from '../define/define-node.ts';
import type { Problem } from '../define/problems.ts';
import { type BoundGraph, type BoundStep, bindGraph } from './bound-graph.ts';
import type { CompiledFlow, CompiledStep } from './compile-types.ts';
import type { FlowGraph } from './graph.ts';

const configSchema = z.record(z.string(), z.unknown());

/** Thrown when a graph that has errors is compiled. Validate first. */
export class FlowNotCompilableError extends Error {
  override readonly name = 'FlowNotCompilableError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`The flow cannot be compiled: ${problems.map(({ code }) => code).join(', ')}`);
    this.problems = problems;
  }
}

/**
 * Turns a graph into what the engine runs. Steps stand in reverse post-order from the triggers, in the order of steps and
 * outlets as drawn, so a step comes before those it leads to except around a cycle. Steps that nobody reaches are left
 * out. Configs are parsed: defaults are filled in, keywords normalised.
 *
 * @throws FlowNotCompilableError where a step or line cannot be resolved.
 */
export function compileFlow(graph: FlowGraph, nodes: readonly AnyNode[]): CompiledFlow {
  const bound = bindGraph(graph, nodes);
  if (bound.problems.length > 0) throw new FlowNotCompilableError(bound.problems);
  const order = reversePostOrder(bound);
  const ranks = new Map(order.map((id, rank) => [id, rank]));
  const steps = order.flatMap((id, rank): CompiledStep[] => {
    const found = bound.steps.get(id);
    return found === undefined ? [] : [compileStep(found, rank, ranks, bound)];
  });
  return { salt: 'flow', steps };
}

function compileStep(
  found: BoundStep,
  rank: number,
  ranks: ReadonlyMap<string, number>,
  graph: BoundGraph,
): CompiledStep {
  const { step, node, bound } = found;
  const targets = new Map(graph.outgoing(step.id).map(({ outlet, to }) => [outlet, ranks.get(to) ?? null]));
  return {
    rank,
    id: step.id,
    type: node.type,
    version: node.version,
    config: configSchema.parse(bound?.config),
    outlets: (bound?.outlets() ?? []).map(({ id, label }) => ({ id, label, to: targets.get(id) ?? null })),
    listens: node.effect === 'message' && leadsToWait(step.id, graph),
  };
}

function reversePostOrder(graph: BoundGraph): string[] {
  const visited = new Set<string>();
  const postOrder: string[] = [];
  const visit = (start: string): void => {
    if (visited.has(start)) return;
    visited.add(start);
    // Last outlet first, so that after reversing the first outlet's steps stand first.
    const stack = [{ id: start, left: [...graph.outgoing(start)] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.left.pop();
      if (edge === undefined) {
        postOrder.push(top.id);
        stack.pop();
      } else if (!visited.has(edge.to)) {
        visited.add(edge.to);
        stack.push({ id: edge.to, left: [...graph.outgoing(edge.to)] });
      }
    }
  };
  const triggers = [...graph.steps.values()].filter(({ node }) => node.group === 'trigger').map(({ step }) => step.id);
  for (const trigger of triggers.toReversed()) visit(trigger);
  return postOrder.reverse();
}

/** Is there a wait for a text on some path from here before the next message? */
function leadsToWait(id: string, graph: BoundGraph): boolean {
  const ahead = new Set(graph.outgoing(id).map(({ to }) => to));
  for (const next of ahead) {
    const node = graph.steps.get(next)?.node;
    if (node?.awaits === 'message.received') return true;
    if (node === undefined || node.effect === 'message') continue;
    for (const { to } of graph.outgoing(next)) ahead.add(to);
  }
  return false;
}
