/** Names under which an installation's work stands in Temporal. */
export type TemporalNames = {
  readonly queues: { readonly interactive: string; readonly bulk: string; readonly code: string };
  /** Queue of the dispatcher of one shard of accounts. */
  readonly dispatchQueue: (shard: number) => string;
  /** Workflow id of the dispatcher of one shard. */
  readonly dispatcherId: (shard: number) => string;
  /** Id of the schedule of a campaign that goes out again and again, and what the ids of the workflows that it starts begin with. */
  readonly campaignId: (campaign: string) => string;
};

/** The prefix of installations that were made when a namespace held one alone. */
const plainPrefix = 'signalbox';

/** The names that begin with an installation's prefix. Runs have ids of their own, which no other installation makes. */
export function temporalNames(prefix: string): TemporalNames {
  return {
    queues: { interactive: `${prefix}-interactive`, bulk: `${prefix}-bulk`, code: `${prefix}-code` },
    dispatchQueue: (shard) => `${prefix}-dispatch-${shard}`,
    campaignId: (campaign) => `${prefix}-campaign-${campaign}`,
    dispatcherId: (shard) => (prefix === plainPrefix ? `dispatcher-${shard}` : `${prefix}-dispatcher-${shard}`),
  };
}
