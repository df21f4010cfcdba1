import type { AnyNode, BoundNode } from '../define/define-node.ts';
import { generalProblem, type Problem } from '../define/problems.ts';
import type { Edge, FlowGraph, Step } from './graph.ts';
import { misfits } from './misfits.ts';

/** A step with its node; `bound` is null where its config does not fit. */
export type BoundStep = {
  readonly step: Step;
  readonly node: AnyNode;
  readonly bound: BoundNode | null;
};

/** A graph whose steps are resolved against the library. */
export type BoundGraph = {
  /** The steps that have a node. */
  readonly steps: ReadonlyMap<string, BoundStep>;
  /** The lines that begin and end at a step, with a node or without. */
  readonly edges: readonly Edge[];
  /** The lines that leave a step, in the order of its outlets. */
  readonly outgoing: (stepId: string) => readonly Edge[];
  readonly problems: readonly Problem[];
};

/** Resolves every step, and reports unknown nodes, configs that do not fit, duplicate ids and lines without ends. */
export function bindGraph(graph: FlowGraph, nodes: readonly AnyNode[]): BoundGraph {
  const problems: Problem[] = [];
  const steps = new Map<string, BoundStep>();
  const ids = new Set<string>();
  graph.steps.forEach((step, index) => {
    if (ids.has(step.id)) {
      const at = { step_id: step.id, path: ['steps', index, 'id'], values: { id: step.id } };
      problems.push(generalProblem('duplicate_step_id', at));
      return;
    }
    ids.add(step.id);
    const resolved = bindStep(step, nodes);
    problems.push(...resolved.problems);
    if (resolved.step !== null) steps.set(step.id, resolved.step);
  });
  const edges = graph.edges.filter(({ from, to }, index) => {
    const path = ['edges', index];
    if (!ids.has(from))
      problems.push(generalProblem('edge_from_unknown_step', { path: [...path, 'from'], values: { step: from } }));
    if (!ids.has(to))
      problems.push(generalProblem('edge_to_unknown_step', { path: [...path, 'to'], values: { step: to } }));
    return ids.has(from) && ids.has(to);
  });
  const byStep = groupEdges(steps, edges);
  return { steps, edges, outgoing: (stepId) => byStep.get(stepId) ?? [], problems };
}

/** The step ids reached from `starts` by the lines that `follow` accepts, the starts included. */
export function reach(
  graph: BoundGraph,
  starts: Iterable<string>,
  follow: (edge: Edge) => boolean = () => true,
): Set<string> {
  const reached = new Set(starts);
  for (const id of reached) {
    for (const edge of graph.outgoing(id)) if (follow(edge)) reached.add(edge.to);
  }
  return reached;
}

function bindStep(step: Step, nodes: readonly AnyNode[]): { step: BoundStep | null; problems: Problem[] } {
  const known = nodes.filter(({ type }) => type === step.type);
  const node = known.find(({ version }) => version === step.version);
  const at = { step_id: step.id };
  const [present] = known;
  if (node === undefined) {
    const values = { type: step.type, version: step.version };
    const problem =
      present === undefined
        ? generalProblem('unknown_node', { ...at, path: ['type'], values })
        : generalProblem('unknown_node_version', {
            ...at,
            path: ['version'],
            values: { ...values, present: present.version },
          });
    return { step: null, problems: [problem] };
  }
  const problems = configMisfits(step, node);
  return { step: { step, node, bound: problems.length === 0 ? node.bind(step.config) : null }, problems };
}

/** Where a step's config does not fit its node's schema. */
export function configMisfits(
  step: { readonly id: string; readonly config: unknown },
  node: Pick<AnyNode, 'config'>,
): Problem[] {
  return misfits(node.config, step.config).map(({ path, message }) =>
    generalProblem('config_invalid', { step_id: step.id, path: ['config', ...path], values: { message } }),
  );
}

function groupEdges(steps: ReadonlyMap<string, BoundStep>, edges: readonly Edge[]): Map<string, Edge[]> {
  const byStep = new Map<string, Edge[]>();
  for (const edge of edges) {
    const leaving = byStep.get(edge.from);
    if (leaving === undefined) byStep.set(edge.from, [edge]);
    else leaving.push(edge);
  }
  for (const [id, leaving] of byStep) {
    const order =
      steps
        .get(id)
        ?.bound?.outlets()
        .map((outlet) => outlet.id) ?? [];
    leaving.sort((left, right) => order.indexOf(left.outlet) - order.indexOf(right.outlet));
  }
  return byStep;
}
