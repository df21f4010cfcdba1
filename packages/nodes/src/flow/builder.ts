import type { z } from 'zod';
import type { AnyNode, NodeDefinition } from '../define/define-node.ts';
import { formatMessage, type MessageValues } from '../text/format-message.ts';
import { configMisfits } from './bound-graph.ts';
import { type FlowGraph, flowGraphSchema, type Step, stepSchema } from './graph.ts';
import { misfits } from './misfits.ts';
import { misfitLine, problemLine, stepInWords } from './problem-lines.ts';

/** A flow written in code: the same graph that a marketer draws, with its name. */
export type FlowSource = {
  readonly name: string;
  readonly description: string;
  readonly graph: FlowGraph;
};

/** A step of a flow being built. `OutletId` are its ways out; `never` for a step that ends. */
export type StepHandle<OutletId extends string> = {
  readonly id: string;
  /**
   * Leads people who leave by `outlet` to another step.
   *
   * @throws FlowSourceError where the outlet does not exist or is connected already.
   */
  to(outlet: OutletId, target: { readonly id: string }): StepHandle<OutletId>;
};

export type FlowBuilder = {
  /**
   * Adds a step. `id` is stable over versions: counts and paths hang on it. The config is what the node's schema takes,
   * so defaults can be left out.
   *
   * @throws FlowSourceError where the config does not fit, or the id is taken.
   */
  step<Schema extends z.ZodType, OutletId extends string>(
    id: string,
    node: BuildableNode<Schema, OutletId>,
    config: z.input<Schema>,
    options?: { readonly name?: string },
  ): StepHandle<OutletId>;
  /**
   * The flow as it stands.
   *
   * @throws FlowSourceError where it is larger than a flow may be.
   */
  build(): FlowSource;
  /** The graph as it stands. */
  graph(): FlowGraph;
};

type BuildableNode<Schema extends z.ZodType, OutletId extends string> = NodeDefinition<
  Schema,
  OutletId,
  string,
  string
> &
  Pick<AnyNode, 'bind'>;

/** A flow in code says something that cannot be; the message names the step and what is allowed, a line for each mistake. */
export class FlowSourceError extends Error {
  override readonly name = 'FlowSourceError';
}

const texts = {
  flow: 'The flow',
  idTaken: '{step}: The id {id} is taken. Give one of the two steps another id.',
  outletUnknown: '{step} has no way out called {outlet}. It has {outlets}.',
  outletNone: '{step} has no way out called {outlet}. People end there.',
  outletTaken: '{step}: The way out {outlet} is connected already. Keep one of the two lines.',
} as const;

/**
 * Begins a flow written in code.
 *
 * @example
 * const welcome = flow('Welcome', { description: 'Greets people who text JOIN' });
 * const join = welcome.step('join', keyword, { keywords: ['JOIN'] });
 * const greet = welcome.step('greet', sendSms, { text: 'Welcome' });
 * join.to('next', greet);
 */
export function flow(name: string, { description = '' }: { readonly description?: string } = {}): FlowBuilder {
  const steps: Step[] = [];
  const edges: FlowGraph['edges'] = [];
  const graph = () => fitting(flowGraphSchema, structuredClone({ schema_version: 1, steps, edges }), texts.flow);

  return {
    step(id, node, config, options) {
      const named = options?.name === undefined ? {} : { name: options.name };
      const words = stepInWords({ id, ...named }, node);
      if (steps.some((other) => other.id === id)) throw refused(texts.idTaken, { step: words, id });
      const outlets = boundTo(node, { id, type: node.type, config, ...named }).map((outlet) => outlet.id);
      steps.push(fitting(stepSchema, { id, type: node.type, version: node.version, config, ...named }, words));
      return {
        id,
        to(outlet, target) {
          if (!outlets.includes(outlet)) {
            const text = outlets.length === 0 ? texts.outletNone : texts.outletUnknown;
            throw refused(text, { step: words, outlet, outlets: outlets.join(', ') });
          }
          if (edges.some((edge) => edge.from === id && edge.outlet === outlet))
            throw refused(texts.outletTaken, { step: words, outlet });
          edges.push({ from: id, outlet, to: target.id });
          return this;
        },
      };
    },
    build: () => ({ name, description, graph: graph() }),
    graph,
  };
}

/** The ways out of a node with the step's config. */
function boundTo(
  node: Pick<AnyNode, 'title' | 'config' | 'bind'>,
  step: { readonly id: string; readonly type: string; readonly config: unknown; readonly name?: string },
) {
  const wrong = configMisfits(step, node);
  if (wrong.length > 0)
    throw new FlowSourceError(wrong.map((problem) => problemLine(problem, [step], () => node)).join('\n'));
  return node.bind(step.config).outlets();
}

function fitting<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const wrong = misfits(schema, value);
  if (wrong.length > 0) throw new FlowSourceError(wrong.map((misfit) => misfitLine(place, misfit)).join('\n'));
  return schema.parse(value);
}

function refused(text: string, values: MessageValues): FlowSourceError {
  return new FlowSourceError(formatMessage(text, values));
}
