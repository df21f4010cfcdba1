import type { z } from 'zod';
import type { Decision, ReasonText } from './decision.ts';
import type { SnippetRef } from './message-text.ts';
import type { ContactView, EventView, Ports, Purpose, RandomSource, TemplateRef } from './ports.ts';
import type { GeneralProblemCode, ProblemText, Severity } from './problems.ts';
import type { GeneralReasonCode } from './reasons.ts';
import type { Trigger } from './trigger.ts';
import type {} from './ui.ts';

/** A named way out of a step. `label` stands on the line. */
export type Outlet<Id extends string = string> = {
  readonly id: Id;
  readonly label: string;
  /** Set where most flows have nothing to say to those who leave here: left open, it is no problem. */
  readonly mayStayOpen?: true;
};

/** The palette's groups, in palette order. */
export const nodeGroups = ['trigger', 'message', 'wait', 'logic', 'people', 'end'] as const;
export type NodeGroup = (typeof nodeGroups)[number];

/**
 * What a step may do besides moving people.
 * `none`: nothing. `contact`: writes consent or profile (its step call locks the contacts first).
 * `message`: queues messages. `test`: stores what people are given in a test.
 */
export type NodeEffect = 'none' | 'contact' | 'message' | 'test';

/** A problem a node finds in its own config beyond its schema; `path` is relative to the config. */
export type ConfigProblem<Code extends string = string> = {
  readonly code: Code;
  readonly path: ReadonlyArray<string | number>;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly severity?: Severity;
};

/**
 * What a step has to do with consent. Validation follows the lines with it: a step that `needs` a purpose wants one
 * that `establishes` it on every path before.
 */
export type ConsentUse =
  | { readonly kind: 'needs'; readonly purpose: Purpose }
  | { readonly kind: 'establishes'; readonly purpose: Purpose; readonly outlet: string };

/** A template that a step sends, or a snippet or a pool of codes that its text names; `path` is relative to the config. */
export type TextUse = { readonly path: ReadonlyArray<string | number> } & (
  | { readonly template: TemplateRef }
  | { readonly snippet: SnippetRef }
  | { readonly codePool: string }
);

/** Everything `run` gets. Nothing else may be read: no clock, no randomness, no I/O. */
export type RunContext<Config> = {
  readonly contact: ContactView;
  readonly config: Config;
  readonly event: EventView | null;
  readonly now: Date;
  /** The zone in which times of day count for this person: theirs, or the workspace's where they have none that is known. */
  readonly zone: string;
  readonly random: RandomSource;
  readonly ports: Ports;
};

export type NodeDefinition<
  Schema extends z.ZodType = z.ZodType,
  OutletId extends string = string,
  ReasonCode extends string = string,
  ProblemCode extends string = string,
> = {
  /** Wire name, kebab-case, equal to the file's name. */
  readonly type: string;
  /** Rises when the meaning of a stored config changes. */
  readonly version: number;
  readonly title: string;
  readonly group: NodeGroup;
  /** A lucide icon name in kebab-case. */
  readonly icon: string;
  /** One or two sentences for people, shown in the palette and the docs. */
  readonly docs: string;
  readonly effect: NodeEffect;
  /** Set where the node waits for this event; a send before it then listens for early replies. */
  readonly awaits?: 'message.received';
  /** The only statement of the step's config: type, validation, form, docs, code builder come from it. */
  readonly config: Schema;
  /** The card's line for a valid config: what will really happen. At most two short lines. */
  readonly summary: (config: z.infer<Schema>) => string;
  /** Ways out, in published order. */
  readonly outlets: (config: z.infer<Schema>) => ReadonlyArray<Outlet<OutletId>>;
  /** The outlets that nobody takes without time or a reply between: a cycle must leave by one of them. A sent message is neither. */
  readonly pausingOutlets?: ReadonlyArray<NoInfer<OutletId>>;
  /** Set where the step needs or establishes consent. */
  readonly consent?: (config: z.infer<Schema>) => ConsentUse | null;
  /** Templates, snippets and pools of codes that the step's texts name: whether they exist is asked of the workspace. */
  readonly texts?: (config: z.infer<Schema>) => readonly TextUse[];
  /** Present on trigger nodes. */
  readonly trigger?: (config: z.infer<Schema>) => Trigger<NoInfer<ReasonCode>>;
  /** Texts of the reasons that are the node's own, by code. Those of several nodes stand in `reasons.ts`, the gate's with its rules. */
  readonly reasons?: Readonly<Record<ReasonCode, ReasonText>>;
  /** Texts of the problems that are the node's own, by code. Those of several nodes stand in `problems.ts`. */
  readonly problems?: Readonly<Record<ProblemCode, ProblemText>>;
  /** What is wrong with a config beyond its schema. */
  readonly check?: (config: z.infer<Schema>) => ReadonlyArray<ConfigProblem<NoInfer<ProblemCode> | GeneralProblemCode>>;
  readonly run: (
    context: RunContext<z.infer<Schema>>,
  ) => Decision<NoInfer<ReasonCode> | GeneralReasonCode> | Promise<Decision<NoInfer<ReasonCode> | GeneralReasonCode>>;
};

/** What flows in code tell nodes apart by. */
type NodeFace = { readonly type: string; readonly group: NodeGroup; readonly effect: NodeEffect };

/** A node with its config's type forgotten: what the catalogue and the engine hold. */
export type AnyNode = Omit<
  NodeDefinition,
  'summary' | 'outlets' | 'consent' | 'texts' | 'trigger' | 'check' | 'run'
> & {
  /** Parses a stored config once and returns functions over it. */
  readonly bind: (config: unknown) => BoundNode;
};

/** A node bound to one parsed config. */
export type BoundNode = {
  readonly config: unknown;
  readonly summary: () => string;
  readonly outlets: () => readonly Outlet[];
  readonly consent: () => ConsentUse | null;
  readonly texts: () => readonly TextUse[];
  readonly trigger: () => Trigger | null;
  readonly check: () => readonly ConfigProblem[];
  readonly run: (context: Omit<RunContext<unknown>, 'config'>) => Decision | Promise<Decision>;
};

/**
 * Defines a node of the library: one file, named as its wire type.
 * `bind` parses a stored config once and returns functions over it, so callers never cast.
 *
 * @throws ZodError from `bind` where the config does not fit the schema.
 */
export function defineNode<
  Schema extends z.ZodType,
  const OutletId extends string = never,
  const ReasonCode extends string = never,
  const ProblemCode extends string = never,
  const Face extends NodeFace = NodeFace,
>(
  definition: NodeDefinition<Schema, OutletId, ReasonCode, ProblemCode> & Face,
): NodeDefinition<Schema, OutletId, ReasonCode, ProblemCode> &
  Pick<Face, keyof NodeFace> & { readonly bind: (config: unknown) => BoundNode } {
  return {
    ...definition,
    bind(input) {
      const config = definition.config.parse(input);
      return {
        config,
        summary: () => definition.summary(config),
        outlets: () => definition.outlets(config),
        consent: () => definition.consent?.(config) ?? null,
        texts: () => definition.texts?.(config) ?? [],
        trigger: () => definition.trigger?.(config) ?? null,
        check: () => definition.check?.(config) ?? [],
        run: (context) => definition.run({ ...context, config }),
      };
    },
  };
}
