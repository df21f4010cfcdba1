import type { Reason } from '@signalbox/nodes/define/decision';

/** Someone taken out of a wait: a locked row, the outlet it leaves by, and what moved it. */
export type Arrival = {
  readonly id: string;
  readonly versionId: string;
  readonly hop: number;
  readonly step: number;
  readonly outlet: number;
  readonly eventId: string | null;
  readonly reason: Reason | null;
  /** Parked in a code flow's own run: stays there, in the cohort the parking call named (protocol 29). */
  readonly codeRun: { readonly runId: string; readonly cohort: number } | null;
};
