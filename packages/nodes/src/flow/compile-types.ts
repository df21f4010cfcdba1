/** One step of a published version, addressed by its rank: the place in reverse post-order, from 0. */
export type CompiledStep = {
  readonly rank: number;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly config: Readonly<Record<string, unknown>>;
  /** Ways out in published order; `to` is a rank, or null where the line leads nowhere and the person's enrollment ends. */
  readonly outlets: ReadonlyArray<{ readonly id: string; readonly label: string; readonly to: number | null }>;
  /** A message step with a wait for a reply on some path before the next message step. */
  readonly listens: boolean;
};

/** A published version as the engine runs it. */
export type CompiledFlow = {
  /**
   * What a person's lasting draws are salted with, besides the step: `flow` is the id of the flow. Without it nothing is, as in versions
   * that were published before (decision 14): nobody changes sides.
   */
  readonly salt?: 'flow' | undefined;
  readonly steps: readonly CompiledStep[];
};
