import type { Edge, FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import { end } from '@signalbox/nodes/library/end/end';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { campaign } from '@signalbox/nodes/library/trigger/campaign';
import { wait } from '@signalbox/nodes/library/wait/wait';

/** The steps that a campaign is made of where nobody drew it further, by their ids in its flow. */
const ids = { start: 'start', when: 'when', message: 'message', done: 'done' } as const;

type Config = Step['config'];

/** The node that a campaign's message is a step of. */
export const messageNode = sendSms;

/** A day and a time of day, each person's own. */
export type LocalMoment = { readonly date: string; readonly time: string };

/** What the guided screen shows of a flow. */
export type Shape = {
  /** Null where its step is gone. */
  readonly message: Config | null;
  /** Whether there is more in the flow than that screen shows. */
  readonly drawnFurther: boolean;
};

const step = (id: string, node: { readonly type: string; readonly version: number }, config: Config): Step => ({
  id,
  type: node.type,
  version: node.version,
  config,
});

/** A flow that sends one message to whoever comes, which is to be written yet. */
export function firstGraph(message: Config): FlowGraph {
  return {
    schema_version: 1,
    steps: [step(ids.start, campaign, {}), step(ids.message, sendSms, message), step(ids.done, end, {})],
    edges: [
      { from: ids.start, outlet: 'next', to: ids.message },
      { from: ids.message, outlet: 'sent', to: ids.done },
    ],
  };
}

const find = (graph: FlowGraph, id: string, type: string): Step | null =>
  graph.steps.find((each) => each.id === id && each.type === type) ?? null;

/** Reads a flow as the guided screen shows it. */
export function readShape(graph: FlowGraph): Shape {
  const message = find(graph, ids.message, sendSms.type)?.config ?? null;
  if (message === null) return { message, drawnFurther: true };
  const when = find(graph, ids.when, wait.type);
  const plain = firstGraph(message);
  const expected = when === null ? plain : insertWhen(plain, when.config);
  return { message, drawnFurther: outline(graph) !== outline(expected) };
}

/** A flow without its configs and the order in which its parts stand. */
function outline({ steps, edges }: FlowGraph): string {
  const parts = [
    ...steps.map(({ id, type, name }) => JSON.stringify([id, type, name ?? null])),
    ...edges.map(({ from, outlet, to }) => JSON.stringify([from, outlet, to])),
  ];
  return parts.sort().join('\n');
}

/** The flow with another message; null where the message's step is gone. Nothing else of it changes. */
export function withMessage(graph: FlowGraph, message: Config): FlowGraph | null {
  if (find(graph, ids.message, sendSms.type) === null) return null;
  return {
    ...graph,
    steps: graph.steps.map((each) => (each.id === ids.message ? { ...each, config: message } : each)),
  };
}

/**
 * The flow with a wait until a moment of each person's own behind its start, or without one. Nothing else of it changes; null where there is no
 * start to put it behind.
 */
export function withLocalMoment(graph: FlowGraph, moment: LocalMoment | null): FlowGraph | null {
  const present = find(graph, ids.when, wait.type);
  if (moment === null) return present === null ? graph : withoutStep(graph, ids.when);
  const config: Config = {
    duration: { amount: 1, unit: 'minutes' },
    until_time: moment.time,
    until_date: moment.date,
  };
  if (present !== null)
    return { ...graph, steps: graph.steps.map((each) => (each === present ? { ...each, config } : each)) };
  return find(graph, ids.start, campaign.type) === null ? null : insertWhen(graph, config);
}

/** Whether the flow has a step at which the campaign's people come in. */
export function hasStart(graph: FlowGraph): boolean {
  return graph.steps.some(({ type }) => type === campaign.type);
}

function insertWhen(graph: FlowGraph, config: Config): FlowGraph {
  const after = graph.edges.find(({ from }) => from === ids.start);
  const rest = graph.edges.filter((edge) => edge !== after);
  const edges: Edge[] = [{ from: ids.start, outlet: 'next', to: ids.when }];
  if (after !== undefined) edges.push({ from: ids.when, outlet: 'done', to: after.to });
  return { ...graph, steps: [...graph.steps, step(ids.when, wait, config)], edges: [...rest, ...edges] };
}

/** Leads whoever came to a step on to where it led. */
function withoutStep(graph: FlowGraph, id: string): FlowGraph {
  const next = graph.edges.find(({ from }) => from === id)?.to;
  const edges = graph.edges.flatMap((edge) => {
    if (edge.from === id) return [];
    if (edge.to !== id) return [edge];
    return next === undefined || next === id ? [] : [{ ...edge, to: next }];
  });
  return { ...graph, steps: graph.steps.filter((each) => each.id !== id), edges };
}
