import type { CountDeltas } from '../versions/counts.ts';
import type { LoadedStep, LoadedVersion } from '../versions/version-cache.ts';
import type { Decided } from './decide.ts';
import type { Finished, PathEntry } from './positions.ts';
import type { StepResult } from './run-contract.ts';

/** A position after the step. */
export type Move = {
  readonly id: string;
  readonly state: number;
  readonly inRun: boolean;
  readonly cohort: number;
  readonly step: number;
  readonly hop: number;
  readonly eventId: string | null;
  readonly keptReplyId: string | null;
  readonly listening: boolean;
  readonly dueAt: Date | null;
  readonly dueOutlet: number | null;
  readonly arrivedOutlet: number | null;
  readonly waitingEvent: string | null;
  readonly waitingMessageId: string | null;
};

/** Everything one step call writes about positions, computed before any SQL. */
export type Plan = {
  readonly moves: Move[];
  readonly path: PathEntry[];
  readonly finished: Finished[];
  readonly counts: CountDeltas;
  /** Kept replies of someone who sends again without having waited: to be routed on. */
  readonly returnedTexts: string[];
  readonly result: StepResult;
};

/** What a step's decisions are turned into a plan with. */
export type PlanOptions = {
  readonly version: LoadedVersion;
  /** Null ends the woken people: the outlet they leave by leads nowhere. */
  readonly step: LoadedStep | null;
  readonly decided: readonly Decided[];
  readonly firstCohort: number;
  readonly now: Date;
  /** A code flow's call: people stay in their run and at the step, whatever the outlet leads to. */
  readonly stays?: boolean;
  /** People who go on to a later step in the same call: they leave here and stand nowhere yet. */
  readonly ahead?: ReadonlySet<string>;
  /** The wake-ups of the whole call, where only a part of it is planned; else those of `decided`. */
  readonly wakeUps?: ReadonlyMap<number, number>;
  /** Nobody waits for what is sent: people leave by `sent` at once. */
  readonly goesOn?: boolean;
};
