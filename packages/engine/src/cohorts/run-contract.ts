/** What passes between workflows and activities: numbers, counts and opaque ids only. Types and strings, nothing that runs. */

/** A cohort and the step it stands before, by rank. */
export type ReadyCohort = { readonly cohort: number; readonly step: number };

/** A cohort asleep on a timer of its run; `until` in epoch milliseconds. */
export type SleepingCohort = { readonly cohort: number; readonly step: number; readonly until: number };

/**
 * Which of three kinds a run is: few people who may be waiting, many at once, or a flow in code. In the interpreter's
 * input, and in the column that builds before this one read, it is called lane, as it was once; elsewhere a lane is of messages.
 */
export type RunKind = 'interactive' | 'bulk' | 'code';

/** The interpreter's input and, over continue-as-new, its whole state. */
export type RunInput = {
  readonly workspaceId: string;
  readonly runId: string;
  readonly lane: Exclude<RunKind, 'code'>;
  readonly call: number;
  readonly nextCohort: number;
  readonly ready: readonly ReadyCohort[];
  readonly sleeping: readonly SleepingCohort[];
  /** Node type and step id by rank, for the operators' view. Filled as steps are met. */
  readonly labels: Readonly<Record<number, string>>;
};

/** One call: move `cohorts` one step. `(runId, call)` is its key in the ledger. */
export type StepCall = {
  readonly workspaceId: string;
  readonly runId: string;
  readonly call: number;
  /** The step's rank; -1 ends the people woken at an outlet that leads nowhere. */
  readonly step: number;
  readonly cohorts: readonly number[];
  /** The first id for the cohorts this call makes. */
  readonly firstCohort: number;
  /** Workflow time, epoch milliseconds. */
  readonly now: number;
  /** No other cohort of the run is ready or asleep: where nothing goes on, this call closes the run. */
  readonly alone: boolean;
  /** A call of a code flow: people stay in the run and at the step, in the cohort of their outlet (protocol 29). */
  readonly code?: true;
  /** A code flow's send that nobody waits for: people go on by `sent` while their message goes out by itself. */
  readonly settle?: false;
};

/** What a call did, stored whole in the ledger and returned verbatim by every repeat. */
export type StepResult = {
  readonly outlets: ReadonlyArray<{
    readonly outlet: string;
    readonly cohort: number;
    readonly size: number;
    readonly nextStep: number;
    readonly label: string;
  }>;
  readonly sleeping: ReadonlyArray<{
    readonly cohort: number;
    readonly until: number;
    readonly size: number;
    readonly nextStep: number;
    readonly label: string;
  }>;
  readonly parked: number;
  readonly ended: number;
  readonly failed: number;
  /** The cohort was held by a pause. */
  readonly held: number;
};

/** Ids a call may hand out: outlets and wake-ups together (protocol 2 and 14). */
export const cohortsPerCall = 64;

/** Input of a code flow's workflow: one run of at most 1,000 people. */
export type CodeRunInput = {
  readonly workspaceId: string;
  readonly runId: string;
  /** Ranks of the declared steps in the version that this run carries. */
  readonly ranks: Readonly<Record<string, number>>;
  /** Their outlets, in published order; runs that began before this was told go by their type. */
  readonly outlets?: Readonly<Record<string, readonly string[]>>;
  readonly size: number;
};

/** The parked part of a code call: who is still waiting, and how many stand ready at each outlet. */
export type CodeProgress = { readonly waiting: number; readonly sizes: Readonly<Record<number, number>> };

export type CodeQuery = { readonly workspaceId: string; readonly runId: string; readonly firstCohort: number };

/** The content-free signal that wakes a code run whose people moved. */
export const wakeSignalName = 'wake';

export const workflowTypes = { run: 'runCohorts', dispatch: 'dispatchShard' } as const;

/** The Temporal workflow id of a run. */
export function runWorkflowId(runId: string): string {
  return `run-${runId}`;
}
