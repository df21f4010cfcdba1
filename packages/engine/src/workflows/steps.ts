import type { Outlet } from '@signalbox/nodes/define/define-node';
import type { Library } from '@signalbox/nodes/library/catalogue.gen';
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { z } from 'zod';
import { type CodeRunInput, cohortsPerCall, type StepCall, wakeSignalName } from '../cohorts/run-contract.ts';
import { outletsBefore } from './outlets-before.ts';
import { cohortActivities, localFirst, move } from './step-call.ts';

/**
 * Step functions for plain Temporal workflows over cohorts: the activities that drawn flows use, one call moving everyone.
 * A file `workflows/<name>.workflow.ts` declares its steps as plain data and exports one workflow function:
 *
 * @example
 * export const definition = { name: 'Win back', steps: { consented: { type: 'check-consent', config: { purpose: 'marketing' } } } } as const;
 * export async function winBack(input: CodeRunInput): Promise<void> {
 *   const { people, steps, finish } = beginRun(definition, input);
 *   const { yes } = await steps.checkConsent(people, { step: 'consented' });
 *   await finish();
 * }
 */

/** A node that can be a step of a flow in code: any but a trigger. */
type StepNode = Exclude<Library, { readonly group: 'trigger' }>;
type NodeOf<Type extends string> = Extract<StepNode, { readonly type: Type }>;

type Immutable<T> = { readonly [Key in keyof T]: T[Key] extends object ? Immutable<T[Key]> : T[Key] };

/** A step as it is declared: a node's type, with the config that its schema takes. */
type DeclaredStep = {
  [Type in StepNode['type']]: {
    readonly type: Type;
    readonly config: Immutable<z.input<NodeOf<Type>['config']>>;
  };
}[StepNode['type']];

/** Declared steps by their stable names. */
export type CodeFlowDefinition = {
  readonly name: string;
  readonly description: string;
  readonly steps: Readonly<Record<string, DeclaredStep>>;
};

/** People who stand together: cohort ids, nothing else. */
export type People = { readonly cohorts: readonly number[]; readonly size: number };

type NamesOf<D extends CodeFlowDefinition, Type extends string> = {
  [Name in keyof D['steps'] & string]: D['steps'][Name]['type'] extends Type ? Name : never;
}[keyof D['steps'] & string];

type OutletsOf<Node> = Node extends { readonly outlets: (config: never) => ReadonlyArray<Outlet<infer Id>> }
  ? Id
  : never;
type Groups<Node> = Promise<Readonly<Record<OutletsOf<Node>, People>>>;

type StepOptions<Name extends string> = { readonly step: Name };
/**
 * A message resolves when every one of them has settled. With `settle: false` it resolves at once: those refused when queueing are in
 * `not_sent`, everyone else is in `sent` and goes on while their message goes out by itself; what becomes of it later moves nobody.
 */
type MessageOptions<Name extends string> = { readonly message: Name; readonly settle?: boolean };

type Camel<Text extends string> = Text extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Text;

/**
 * The step functions of one run: one for every node, called as its type is (`check-consent` is `steps.checkConsent`). Calls are made one
 * after another; each takes the stable name of a declared step, and resolves when everyone has left it, with people by the outlet they took.
 */
export type Steps<D extends CodeFlowDefinition> = {
  readonly [Node in StepNode as Camel<Node['type']>]: (
    people: People,
    options: Node extends { readonly effect: 'message' }
      ? MessageOptions<NamesOf<D, Node['type']>>
      : StepOptions<NamesOf<D, Node['type']>>,
  ) => Groups<Node>;
};

/** People in any of the given groups. */
export function together(...groups: readonly People[]): People {
  return {
    cohorts: groups.flatMap((group) => group.cohorts),
    size: groups.reduce((sum, group) => sum + group.size, 0),
  };
}

/** Begins a run: everyone let in together, the step functions, and `finish`, which ends whoever is left when the workflow returns. */
export function beginRun<D extends CodeFlowDefinition>(
  definition: D,
  input: CodeRunInput,
): { readonly people: People; readonly steps: Steps<D>; readonly finish: () => Promise<void> } {
  let call = 0;
  let nextCohort = 1;
  let woken = false;
  let last: Promise<unknown> = Promise.resolve();
  setHandler(defineSignal(wakeSignalName), () => {
    woken = true;
  });

  /** Local activities never run at the same time. */
  const serially = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  const toCall = (step: number, cohorts: readonly number[], settle = true): StepCall => {
    const made: StepCall = {
      workspaceId: input.workspaceId,
      runId: input.runId,
      call,
      step,
      cohorts: [...cohorts].sort((a, b) => a - b),
      firstCohort: nextCohort,
      now: Date.now(),
      alone: false,
      code: true,
      ...(settle ? {} : { settle: false }),
    };
    call += 1;
    nextCohort += cohortsPerCall;
    return made;
  };

  const run: Run = async (name, people, settle = true) => {
    const declared = definition.steps[name];
    const id = name.replaceAll('-', '_');
    const rank = input.ranks[id];
    if (declared === undefined || rank === undefined) throw new Error(`The flow declares no step ${name}.`);
    const stepCall = toCall(rank, people.cohorts, settle);
    const outlets = input.outlets?.[id] ?? outletsBefore(declared);
    const result = await serially(() => move(stepCall, `${declared.type} ${name}`));
    const sizes = new Map(result.outlets.map((outlet) => [outlet.cohort, outlet.size]));
    if (result.parked > 0 && settle) {
      for (const [cohort, size] of await collect(stepCall, name)) sizes.set(cohort, size);
    }
    return Object.fromEntries(
      outlets.map((outlet, index) => {
        const cohort = stepCall.firstCohort + index;
        return [outlet, { cohorts: [cohort], size: sizes.get(cohort) ?? 0 }];
      }),
    );
  };

  /** Looks when woken and, against lost wake-ups, now and then; returns when nobody is parked any more. */
  const collect = async (stepCall: StepCall, name: string): Promise<Map<number, number>> => {
    const query = { workspaceId: input.workspaceId, runId: input.runId, firstCohort: stepCall.firstCohort };
    let patience = 1_000;
    for (;;) {
      woken = false;
      const progress = await serially(() => localFirst(`wait ${name}`, (activities) => activities.codeProgress(query)));
      if (progress.waiting === 0)
        return new Map(Object.entries(progress.sizes).map(([cohort, size]) => [Number(cohort), size]));
      await condition(() => woken, patience);
      patience = Math.min(patience * 2, 3_600_000);
    }
  };

  return {
    people: { cohorts: [0], size: input.size },
    steps: stepFunctions(definition, run),
    finish: async () => {
      await serially(() => cohortActivities('end').regular.endCodeRun(toCall(-1, [])));
    },
  };
}

type Run = (name: string, people: People, settle?: boolean) => Promise<Record<string, People>>;
type AnyOptions = { readonly step?: string; readonly message?: string; readonly settle?: boolean };

/** A function for each type of the declared steps. */
function stepFunctions<D extends CodeFlowDefinition>(definition: D, run: Run): Steps<D>;
function stepFunctions(definition: CodeFlowDefinition, run: Run): object {
  const types = new Set(Object.values(definition.steps).map((step): string => step.type));
  return Object.fromEntries(
    [...types].map((type) => [
      type.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      (people: People, { step = '', message = step, settle = true }: AnyOptions) => run(message, people, settle),
    ]),
  );
}
