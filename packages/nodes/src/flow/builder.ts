import { z } from 'zod';
import type { AnyNode, NodeDefinition } from '../define/define-node.ts';
import { type FlowGraph, flowGraphSchema, type Step } from './graph.ts';

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
   * @throws Error where the outlet does not exist or is connected already.
   */
  to(outlet: OutletId, target: { readonly id: string }): StepHandle<OutletId>;
};

export type FlowBuilder = {
  /**
   * Adds a step. `id` is stable over versions: counts and paths hang on it. The config is what the node's schema takes,
   * so defaults can be left out.
   *
   * @throws ZodError where the config does not fit, Error where the id is taken.
   */
  step<Schema extends z.ZodType, OutletId extends string>(
    id: string,
    node: BuildableNode<Schema, OutletId>,
    config: z.input<Schema>,
    options?: { readonly name?: string },
  ): StepHandle<OutletId>;
  /** The flow as it stands. */
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

const jsonConfigSchema = z.record(z.string(), z.json());

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
  const graph = () => flowGraphSchema.parse(structuredClone({ schema_version: 1, steps, edges }));

  return {
    step(id, node, config, options) {
      if (steps.some((step) => step.id === id)) throw new Error(`The step id ${id} is taken`);
      const outlets = node
        .bind(config)
        .outlets()
        .map((outlet) => outlet.id);
      const named = options?.name === undefined ? {} : { name: options.name };
      steps.push({ id, type: node.type, version: node.version, config: jsonConfigSchema.parse(config), ...named });
      return {
        id,
        to(outlet, target) {
          if (!outlets.includes(outlet)) throw new Error(`The step ${id} has no way out called ${outlet}`);
          if (edges.some((edge) => edge.from === id && edge.outlet === outlet)) {
            throw new Error(`The way out ${outlet} of the step ${id} is connected already`);
          }
          edges.push({ from: id, outlet, to: target.id });
          return this;
        },
      };
    },
    build: () => ({ name, description, graph: graph() }),
    graph,
  };
}
