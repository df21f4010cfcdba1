import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import type { NumberDeps } from '../contacts/numbers.ts';

/** What texts are acted on with: somebody who was never heard of may write one, and somebody may opt out. */
export type InboundDeps = ArrivalDeps & NumberDeps;
