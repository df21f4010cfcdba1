import type { Bucket } from './buckets.ts';
import type { Waiting } from './post.ts';
import { lastUrgentLane } from './turns.ts';

/** Claimed messages that wait for their request: what somebody waits for first, each until its buckets let it. */
export type WaitingPosts = {
  readonly add: (waiting: Waiting, buckets: readonly Bucket[]) => void;
  /** The next that may begin now, taken from its buckets; null where none may. */
  readonly next: (now: number) => Waiting | null;
  /** When the next may begin; null where none waits. */
  readonly opensAt: (now: number) => number | null;
  readonly count: () => number;
  readonly slow: () => number;
  /** Segments that wait for a bucket. */
  readonly segmentsFor: (bucket: Bucket) => number;
  /** Takes all of them out. */
  readonly clear: () => Waiting[];
};

type Entry = Waiting & { readonly buckets: readonly Bucket[] };

export const isUrgent = ({ claimed }: Waiting): boolean => claimed.lane <= lastUrgentLane;

export function createWaitingPosts(): WaitingPosts {
  const urgent: Entry[] = [];
  const slow: Entry[] = [];
  const lists = [urgent, slow];
  const opening = (entry: Entry, now: number): number =>
    Math.max(now, ...entry.buckets.map((bucket) => bucket.opensAt(now, entry.claimed.segments, isUrgent(entry))));

  return {
    add(waiting, buckets) {
      (isUrgent(waiting) ? urgent : slow).push({ ...waiting, buckets });
    },
    next(now) {
      // Nobody overtakes a longer message at the same bucket.
      const closed = new Set<Bucket>();
      for (const list of lists)
        for (const [index, entry] of list.entries()) {
          if (!entry.buckets.some((bucket) => closed.has(bucket)) && opening(entry, now) <= now) {
            list.splice(index, 1);
            for (const bucket of entry.buckets) bucket.take(now, entry.claimed.segments);
            return entry;
          }
          for (const bucket of entry.buckets) closed.add(bucket);
        }
      return null;
    },
    opensAt(now) {
      const all = lists.flat();
      return all.length === 0 ? null : Math.min(...all.map((entry) => opening(entry, now)));
    },
    count: () => urgent.length + slow.length,
    slow: () => slow.length,
    segmentsFor: (bucket) =>
      lists.flat().reduce((sum, { buckets, claimed }) => (buckets.includes(bucket) ? sum + claimed.segments : sum), 0),
    clear: () => lists.flatMap((list) => list.splice(0)),
  };
}
