import type { CodeRunInput, RunKind } from './run-contract.ts';

/** A run to be started: what its workflow needs to begin. */
export type RunRef = {
  readonly workspaceId: string;
  readonly runId: string;
  readonly kind: RunKind;
  readonly step: number;
  readonly label: string;
  /** What a code flow's own workflow is started with. */
  readonly code?: Pick<CodeRunInput, 'ranks' | 'outlets' | 'size'> & { readonly workflowType: string };
};

export const noRuns: readonly RunRef[] = [];

/** People that fit in one run. */
export const runSize = 1_000;
/** Runs of at most this many people are interactive: their own queue, slots and connections (protocol 9). */
export const interactiveSize = 50;
