import type { FlowGraph, Step } from '@signalbox/nodes/flow/graph';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { newStep, newSuffix, schemaOf } from '../flow-model/library.ts';

/** The triggers of commands and of answers to any text. */
export const replyTriggers = { command: 'keyword', autoResponse: 'any-text' } as const;
const sendType = 'send-sms';
const endType = 'end';

/** A flow that a form can write: a trigger, one text, and maybe an end. */
export type SimpleFlow = { readonly trigger: Step; readonly send: Step; readonly end: Step | null };

/** A new one: its trigger of this type, its text an answer to what somebody asked. */
export function newSimpleFlow(triggerType: string): SimpleFlow {
  const send = newStep(sendType, newSuffix());
  return {
    trigger: newStep(triggerType, newSuffix()),
    send: { ...send, config: { ...send.config, purpose: 'transactional' } },
    end: newStep(endType, newSuffix()),
  };
}

/** What a form edits of a flow; null for one that does more than a form can say, which is edited on the canvas. */
export function readSimpleFlow(graph: FlowGraph, triggerType: string): SimpleFlow | null {
  const [trigger, ...triggers] = graph.steps.filter(({ type }) => type === triggerType);
  const [send, ...sends] = graph.steps.filter(({ type }) => type === sendType);
  const [end = null, ...ends] = graph.steps.filter(({ type }) => type === endType);
  if (trigger === undefined || send === undefined) return null;
  const known = 2 + (end === null ? 0 : 1);
  if (triggers.length + sends.length + ends.length > 0 || graph.steps.length !== known) return null;
  const fits = graph.edges.every(({ from, to }) =>
    from === trigger.id ? to === send.id : from === send.id && to === end?.id,
  );
  return fits && graph.edges.some(({ from }) => from === trigger.id) ? { trigger, send, end } : null;
}

/** The graph of a simple flow. */
export function toSimpleGraph({ trigger, send, end }: SimpleFlow): FlowGraph {
  return {
    schema_version: 1,
    steps: [trigger, send, ...(end === null ? [] : [end])],
    edges: [
      { from: trigger.id, outlet: 'next', to: send.id },
      ...(end === null ? [] : [{ from: send.id, outlet: 'sent', to: end.id }]),
    ],
  };
}

/** What is said to people: a text, or a template. */
const said: ReadonlySet<string> = new Set(['source', 'text', 'template']);
export const textSchema = (): JsonSchema => schemaWith(sendType, (field) => said.has(field));

/** The schema of a step's config with some of its fields alone. */
export function schemaWith(type: string, keep: (field: string) => boolean): JsonSchema {
  const schema = schemaOf(type) ?? {};
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([field]) => keep(field))),
  };
}
