import type { Edge, FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import { emptyRecord, recordOf } from '../lib/record.ts';

/** A flow as the editor holds it: steps by id and one line per outlet, so that edits and merges touch single entries. */
export type FlowDocument = {
  name: string;
  description: string;
  /** Ids in stored order. */
  order: string[];
  steps: Record<string, Step>;
  /** Step id → outlet → the step it leads to. */
  lines: Record<string, Record<string, string>>;
};

type Stored = { readonly name: string; readonly description: string; readonly graph: FlowGraph };

/** Takes a stored flow apart. Of two lines from one outlet the later counts. */
export function toDocument(flow: Stored): FlowDocument {
  const lines = emptyRecord<Record<string, string>>();
  for (const edge of flow.graph.edges) {
    const from = lines[edge.from] ?? emptyRecord<string>();
    from[edge.outlet] = edge.to;
    lines[edge.from] = from;
  }
  return {
    name: flow.name,
    description: flow.description,
    order: flow.graph.steps.map((step) => step.id),
    steps: recordOf(flow.graph.steps.map((step) => [step.id, step])),
    lines,
  };
}

/** A document that was read from text, with records that inherit nothing. */
export function sealed(document: FlowDocument): FlowDocument {
  return {
    ...document,
    steps: recordOf(Object.entries(document.steps)),
    lines: recordOf(Object.entries(document.lines).map(([from, lines]) => [from, recordOf(Object.entries(lines))])),
  };
}

/** The steps in stored order. */
export function stepsOf(document: FlowDocument): Step[] {
  return document.order.flatMap((id) => document.steps[id] ?? []);
}

/** The graph as the API stores it. Lines to or from steps that are gone are left out. */
export function toGraph(document: FlowDocument): FlowGraph {
  const edges: Edge[] = [];
  for (const from of document.order) {
    for (const [outlet, to] of Object.entries(document.lines[from] ?? {})) {
      if (document.steps[to] !== undefined) edges.push({ from, outlet, to });
    }
  }
  return { schema_version: 1, steps: stepsOf(document), edges };
}

/** Where something can be put: a way out of a step. */
export type Place = { readonly from: string; readonly outlet: string };

/** How many steps differ between two graphs: added, removed, changed, or leading elsewhere. */
export function countChanges(draft: FlowGraph, live: FlowGraph): number {
  const shape = (graph: FlowGraph) =>
    new Map(
      graph.steps.map((step) => [
        step.id,
        stableJson({
          type: step.type,
          config: step.config,
          name: step.name ?? '',
          lines: graph.edges
            .filter((edge) => edge.from === step.id)
            .map((edge) => `${edge.outlet}>${edge.to}`)
            .sort(),
        }),
      ]),
    );
  const before = shape(live);
  const after = shape(draft);
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id) !== after.get(id)).length;
}

/** JSON with sorted keys: equal values give equal texts. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
