import type { AnyNode } from '../define/define-node.ts';
import { nodeProblem, type Problem, generalProblem as problem } from '../define/problems.ts';
import { sendersOf, triggerKinds } from '../define/trigger.ts';
import { type BoundGraph, type BoundStep, bindGraph, reach } from './bound-graph.ts';
import type { Edge, FlowGraph } from './graph.ts';

/** A template or a snippet as validation knows it. */
export type KnownText = {
  readonly name: string;
  /** The number of its newest version; null before the first. */
  readonly newest: number | null;
  /** Kept for whoever has it already. */
  readonly archived: boolean;
};

/** What validation has to know of the world around the flow. */
export type ValidationContext = {
  /** Templates by the ids that the API has for them, and snippets by their keys; nothing is said of them where these are not given. */
  readonly texts?: {
    readonly templates: ReadonlyMap<string, KnownText>;
    readonly snippets: ReadonlyMap<string, KnownText>;
    /** The keys of the pools of codes that are not archived; nothing is said of them where they are not given. */
    readonly codePools?: ReadonlySet<string>;
  };
  /** What the triggers of the workspace's other live flows listen for, with the flow's name. */
  readonly takenKeys?: ReadonlyArray<{
    readonly kind: string;
    readonly key: string;
    /** Where it listens for it; the empty one is any. */
    readonly sender: string;
    readonly flow: string;
  }>;
};

/**
 * Finds everything that is wrong with a flow: errors, which keep it from being published, then warnings. Total for any
 * graph that fits `flowGraphSchema`.
 */
export function validateFlow(graph: FlowGraph, nodes: readonly AnyNode[], context: ValidationContext = {}): Problem[] {
  const bound = bindGraph(graph, nodes);
  const problems = [
    ...stepProblems(bound),
    ...edgeProblems(graph, bound),
    ...triggerProblems(bound, context),
    ...cycleProblems(bound),
    ...consentProblems(bound),
    ...textProblems(bound, context),
    ...unconnectedOutlets(bound),
  ];
  return [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
}

/** Finds what is wrong with the steps of a graph, each by itself, wherever they lead. */
export function validateSteps(graph: FlowGraph, nodes: readonly AnyNode[]): Problem[] {
  return stepProblems(bindGraph(graph, nodes));
}

function stepProblems({ steps, problems }: BoundGraph): Problem[] {
  const found = [...steps].flatMap(([step_id, { node, bound }]) =>
    (bound?.check() ?? []).map(({ code, path, ...at }) =>
      nodeProblem(node, code, { ...at, step_id, path: ['config', ...path] }),
    ),
  );
  return [...problems, ...found];
}

/** Templates and snippets that are not there, that nobody may begin to use, or of which there is no such version. */
function textProblems({ steps }: BoundGraph, { texts }: ValidationContext): Problem[] {
  if (texts === undefined) return [];
  return [...steps].flatMap(([step_id, { bound }]) =>
    (bound?.texts() ?? []).flatMap((use): Problem[] => {
      const at = { step_id, path: ['config', ...use.path] };
      if ('template' in use) {
        const { id, version } = use.template;
        const known = texts.templates.get(id);
        return known === undefined ? [problem('template_gone', at)] : versionProblems(known, version, at);
      }
      if ('codePool' in use) {
        const isKnown = texts.codePools?.has(use.codePool) ?? true;
        return isKnown ? [] : [problem('code_pool_gone', { ...at, values: { key: use.codePool } })];
      }
      const { key, version } = use.snippet;
      const known = texts.snippets.get(key);
      return known === undefined
        ? [problem('snippet_gone', { ...at, values: { key } })]
        : versionProblems(known, version, at);
    }),
  );
}

function versionProblems(
  { name, newest, archived }: KnownText,
  version: number | null,
  at: Pick<Problem, 'step_id' | 'path'>,
): Problem[] {
  if (archived) return [problem('template_archived', { ...at, values: { name } })];
  if (newest === null) return [problem('template_unpublished', { ...at, values: { name } })];
  return version !== null && version > newest
    ? [problem('template_version_gone', { ...at, values: { name, version } })]
    : [];
}

function edgeProblems(graph: FlowGraph, { steps }: BoundGraph): Problem[] {
  const seen = new Set<string>();
  return graph.edges.flatMap((edge, index) => {
    const problems: Problem[] = [];
    const at = { step_id: edge.from, path: ['edges', index], values: { outlet: edge.outlet } };
    const outlets = steps.get(edge.from)?.bound?.outlets();
    if (outlets !== undefined && !outlets.some(({ id }) => id === edge.outlet))
      problems.push(problem('edge_unknown_outlet', at));
    const place = `${edge.from} ${edge.outlet}`;
    if (seen.has(place)) problems.push(problem('outlet_has_two_edges', at));
    seen.add(place);
    if (steps.get(edge.to)?.node.group === 'trigger') {
      problems.push(problem('trigger_has_incoming', { step_id: edge.to, path: ['edges', index] }));
    }
    return problems;
  });
}

function triggerProblems(graph: BoundGraph, { takenKeys = [] }: ValidationContext): Problem[] {
  const triggers = [...graph.steps.values()].filter(({ node }) => node.group === 'trigger');
  if (triggers.length === 0) return [problem('no_trigger', { path: [] })];
  const problems = keyProblems(triggers, takenKeys);
  const reached = reach(
    graph,
    triggers.map(({ step }) => step.id),
  );
  for (const id of graph.steps.keys()) {
    if (!reached.has(id)) problems.push(problem('step_unreachable', { step_id: id, path: [] }));
  }
  return problems;
}

/** Keys that two triggers of the flow have, or that another live flow has and does not share. */
function keyProblems(
  triggers: readonly BoundStep[],
  takenKeys: NonNullable<ValidationContext['takenKeys']>,
): Problem[] {
  const problems: Problem[] = [];
  const nameOf = (...parts: readonly string[]) => JSON.stringify(parts);
  const flows = new Map(takenKeys.map(({ kind, key, sender, flow }) => [nameOf(kind, key, sender), flow]));
  const seen = new Set<string>();
  for (const { step, bound } of triggers) {
    const trigger = bound?.trigger() ?? null;
    if (trigger === null) continue;
    const { show, twice, taken } = triggerKinds[trigger.kind];
    for (const { key, path } of trigger.keys) {
      const at = { step_id: step.id, path: ['config', ...path] };
      const names = sendersOf(trigger).map((sender) => nameOf(trigger.kind, key, sender));
      const flow = names.map((name) => flows.get(name)).find((each) => each !== undefined);
      if (flow !== undefined && taken !== null)
        problems.push(problem(taken, { ...at, values: { key: show(key), flow } }));
      if (names.some((name) => seen.has(name))) problems.push(problem(twice, { ...at, values: { key: show(key) } }));
      for (const name of names) seen.add(name);
    }
  }
  return problems;
}

/** One problem for each set of steps that people could go around in without time passing. */
function cycleProblems(graph: BoundGraph): Problem[] {
  const instant = ({ from, outlet }: Edge) => graph.steps.get(from)?.node.pausingOutlets?.includes(outlet) !== true;
  const reported = new Set<string>();
  return behindCycles(graph, graph.edges.filter(instant)).flatMap((id) => {
    if (reported.has(id)) return [];
    const after = graph.outgoing(id).filter(instant);
    const circle = reach(
      graph,
      after.map(({ to }) => to),
      instant,
    );
    if (!circle.has(id)) return [];
    for (const other of circle) if (reach(graph, [other], instant).has(id)) reported.add(other);
    return [problem('cycle_without_pause', { step_id: id, path: [] })];
  });
}

/** The steps on cycles of `edges` or behind them: what is left after taking away, again and again, steps nothing leads to. */
function behindCycles(graph: BoundGraph, edges: readonly Edge[]): string[] {
  const incoming = new Map([...graph.steps.keys()].map((id) => [id, 0]));
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    incoming.set(to, (incoming.get(to) ?? 0) + 1);
    targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const free = [...incoming].filter(([, count]) => count === 0).map(([id]) => id);
  for (const id of free) {
    incoming.delete(id);
    for (const to of targets.get(id) ?? []) {
      const left = (incoming.get(to) ?? 0) - 1;
      incoming.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  return [...incoming.keys()];
}

/** Steps that need consent to marketing and can be reached without a step that establishes it. */
function consentProblems(graph: BoundGraph): Problem[] {
  const use = (id: string) => graph.steps.get(id)?.bound?.consent() ?? null;
  const establishes = ({ from, outlet }: Edge) => {
    const consent = use(from);
    return consent?.kind === 'establishes' && consent.purpose === 'marketing' && consent.outlet === outlet;
  };
  const starts = [...graph.steps.values()].filter(({ node }) => node.group === 'trigger').map(({ step }) => step.id);
  return [...reach(graph, starts, (edge) => !establishes(edge))].flatMap((id) => {
    const consent = use(id);
    if (consent?.kind !== 'needs' || consent.purpose !== 'marketing') return [];
    return [problem('no_consent_check_before_marketing', { step_id: id, path: [] })];
  });
}

function unconnectedOutlets(graph: BoundGraph): Problem[] {
  return [...graph.steps].flatMap(([step_id, { bound }]) => {
    const connected = new Set(graph.outgoing(step_id).map(({ outlet }) => outlet));
    return (bound?.outlets() ?? [])
      .filter(({ id, mayStayOpen }) => mayStayOpen !== true && !connected.has(id))
      .map(({ id, label }) =>
        problem('outlet_unconnected', { step_id, path: ['outlets', id], values: { outlet: id, label } }),
      );
  });
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
