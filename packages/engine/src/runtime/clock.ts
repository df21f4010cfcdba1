/** Time as a port. Rules use `now`; leases, windows and buckets use `monotonic` (milliseconds from an arbitrary start). */
export type Clock = {
  readonly now: () => Date;
  readonly monotonic: () => number;
};

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
};
