import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { type CodeRunInput, cohortsPerCall, type StepCall, wakeSignalName } from '../cohorts/run-contract.ts';
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

/** Declared steps by their stable names. Config is checked against the node's schema when the flow is registered. */
export type CodeFlowDefinition = {
  readonly name: string;
  readonly description: string;
  readonly steps: Readonly<
    Record<string, { readonly type: string; readonly config: Readonly<Record<string, unknown>> }>
  >;
};

/** People who stand together: cohort ids, nothing else. */
export type People = { readonly cohorts: readonly number[]; readonly size: number };

type NamesOf<D extends CodeFlowDefinition, Type extends string> = {
  [Name in keyof D['steps'] & string]: D['steps'][Name]['type'] extends Type ? Name : never;
}[keyof D['steps'] & string];

type Outlets<Names extends string> = Readonly<Record<Names, People>>;

/** The step functions of one run. Calls are made one after another; each takes the stable name of a declared step. */
export type Steps<D extends CodeFlowDefinition> = {
  readonly checkConsent: (
    people: People,
    options: { readonly step: NamesOf<D, 'check-consent'> },
  ) => Promise<Outlets<'yes' | 'no'>>;
  readonly recordConsent: (
    people: People,
    options: { readonly step: NamesOf<D, 'record-consent'> },
  ) => Promise<Outlets<'next'>>;
  readonly scoreEngagement: (
    people: People,
    options: { readonly step: NamesOf<D, 'score-engagement'> },
  ) => Promise<Outlets<'next'>>;
  readonly updateContact: (
    people: People,
    options: { readonly step: NamesOf<D, 'update-contact'> },
  ) => Promise<Outlets<'next'>>;
  readonly branch: (
    people: People,
    options: { readonly step: NamesOf<D, 'branch'> },
  ) => Promise<Readonly<Record<string, People>>>;
  /**
   * Sends the declared message. Resolves when every message has settled. With `settle: false` it resolves at once: those refused
   * when queueing are in `not_sent`, everyone else is in `sent` and goes on while their message goes out by itself; what becomes
   * of it later moves nobody.
   */
  readonly sendSms: (
    people: People,
    options: { readonly message: NamesOf<D, 'send-sms'>; readonly settle?: boolean },
  ) => Promise<Outlets<'sent' | 'not_sent'>>;
  /** Resolves when everyone has replied or the declared timeout has passed for the rest. */
  readonly waitForReply: (
    people: People,
    options: { readonly step: NamesOf<D, 'wait-for-reply'> },
  ) => Promise<Outlets<'replied' | 'timeout'>>;
};

const outletsOf: Readonly<Record<string, readonly string[]>> = {
  'check-consent': ['yes', 'no'],
  'record-consent': ['next'],
  'score-engagement': ['next'],
  'update-contact': ['next'],
  'send-sms': ['sent', 'not_sent'],
  'wait-for-reply': ['replied', 'timeout'],
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

  const run = async (name: string, people: People, settle = true): Promise<Record<string, People>> => {
    const declared = definition.steps[name];
    const rank = input.ranks[name.replaceAll('-', '_')];
    if (declared === undefined || rank === undefined) throw new Error(`The flow declares no step ${name}.`);
    const stepCall = toCall(rank, people.cohorts, settle);
    const outlets = outletsOf[declared.type] ?? branchOutlets(declared.config);
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

  const steps: Steps<D> = {
    checkConsent: async (people, { step }) => pick(await run(step, people), 'yes', 'no'),
    recordConsent: async (people, { step }) => pick(await run(step, people), 'next'),
    scoreEngagement: async (people, { step }) => pick(await run(step, people), 'next'),
    updateContact: async (people, { step }) => pick(await run(step, people), 'next'),
    branch: (people, { step }) => run(step, people),
    sendSms: async (people, { message, settle }) =>
      pick(await run(message, people, settle ?? true), 'sent', 'not_sent'),
    waitForReply: async (people, { step }) => pick(await run(step, people), 'replied', 'timeout'),
  };
  return {
    people: { cohorts: [0], size: input.size },
    steps,
    finish: async () => {
      await serially(() => cohortActivities('end').regular.endCodeRun(toCall(-1, [])));
    },
  };
}

const nobody: People = { cohorts: [], size: 0 };

function pick<Names extends string>(
  groups: Readonly<Record<string, People>>,
  ...names: readonly Names[]
): Outlets<Names>;
function pick(groups: Readonly<Record<string, People>>, ...names: readonly string[]): Readonly<Record<string, People>> {
  return Object.fromEntries(names.map((name) => [name, groups[name] ?? nobody]));
}

function branchOutlets(config: Readonly<Record<string, unknown>>): readonly string[] {
  const branches = Array.isArray(config['branches']) ? config['branches'] : [];
  return [...branches.map((branch: { readonly id: string }) => branch.id), 'else'];
}
