/**
 * Segments a second. In any second no more than the rate begin: each is remembered for a second, so there is no moment at which a bucket
 * fills up at once. What can wait is also spread over the second, so that whoever somebody waits for finds room within a fifth of one.
 * A message of more segments than the rate goes out alone, and takes the seconds after it as well.
 */
export type Bucket = {
  /** Another rate from now on. */
  readonly setRate: (perSecond: number) => void;
  /** Segments that may begin now. */
  readonly free: (now: number, urgent: boolean) => number;
  /** When so many may begin, if nothing else does before: `now` for at once. */
  readonly opensAt: (now: number, segments: number, urgent: boolean) => number;
  readonly take: (now: number, segments: number) => void;
};

const windowMs = 1_000;
/** What can wait gets a fifth of the rate in a fifth of a second. */
const parts = 5;

type Taken = { readonly at: number; readonly segments: number };

/** @param perSecond segments; @see Bucket. Starts full of nothing: a dispatcher that takes over sends no burst on top of the one before (protocol 25). */
export function createBucket(perSecond: number, now: number): Bucket {
  let rate = perSecond;
  // Whoever sent before us may have used all of the last second.
  let taken: Taken[] = [{ at: now, segments: perSecond }];

  const forget = (now: number): void => {
    if (taken[0] !== undefined && taken[0].at <= now - windowMs) taken = taken.filter(({ at }) => at > now - windowMs);
  };
  /** Segments that began in the last `ms`, or will: a long message has its seconds ahead. */
  const within = (now: number, ms: number): number =>
    taken.reduce((sum, { at, segments }) => (at > now - ms ? sum + segments : sum), 0);
  const windows = (urgent: boolean) =>
    urgent
      ? [{ ms: windowMs, most: rate }]
      : [
          { ms: windowMs, most: rate },
          { ms: windowMs / parts, most: Math.ceil(rate / parts) },
        ];
  const fits = (now: number, segments: number, urgent: boolean): boolean =>
    windows(urgent).every(({ ms, most }) => within(now, ms) + Math.min(segments, most) <= most);

  return {
    setRate(perSecond) {
      rate = perSecond;
    },
    free(now, urgent) {
      forget(now);
      return Math.max(0, Math.min(...windows(urgent).map(({ ms, most }) => most - within(now, ms))));
    },
    opensAt(now, segments, urgent) {
      forget(now);
      if (fits(now, segments, urgent)) return now;
      const ends = taken.flatMap(({ at }) => windows(urgent).map(({ ms }) => at + ms)).filter((end) => end > now);
      return ends.sort((a, b) => a - b).find((end) => fits(end, segments, urgent)) ?? now + windowMs;
    },
    take(now, segments) {
      for (let left = segments, at = now; left > 0; left -= rate, at += windowMs) {
        const last = taken.at(-1);
        const same = last !== undefined && Math.floor(last.at) === Math.floor(at);
        if (same) taken.pop();
        taken.push({ at, segments: Math.min(left, rate) + (same ? last.segments : 0) });
      }
    },
  };
}

/** Who is counted: an account, or one of its senders. */
type Limited = { readonly accountId: string; readonly sender: string };
type Rates = { readonly accountRate: number | null; readonly senderRate: number | null };

/** The buckets of a shard's accounts and senders, in the memory of the dispatcher that owns it. */
export type Buckets = {
  /** The buckets that a message of this backlog takes from, at the rates that it was read with. */
  readonly of: (backlog: Limited & Rates, now: number) => readonly Bucket[];
};

export function createBuckets(): Buckets {
  const known = new Map<string, Bucket>();
  const bucket = (name: string, rate: number | null, now: number): Bucket[] => {
    if (rate === null) {
      known.delete(name);
      return [];
    }
    const found = known.get(name) ?? createBucket(rate, now);
    found.setRate(rate);
    known.set(name, found);
    return [found];
  };
  return {
    of: ({ accountId, sender, accountRate, senderRate }, now) => [
      ...bucket(accountId, accountRate, now),
      ...bucket(`${accountId}/${sender}`, senderRate, now),
    ],
  };
}
