import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import type { NumberDeps } from '../contacts/numbers.ts';
import type { InboundMediaDeps } from '../media/inbound-media.ts';

/** What texts are acted on with: somebody who was never heard of may write one, somebody may opt out, and files may come. */
export type InboundDeps = ArrivalDeps & NumberDeps & InboundMediaDeps;
