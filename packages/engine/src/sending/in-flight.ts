import type { AttemptResult } from './attempt-result.ts';
import type { Bucket } from './buckets.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { notBegun, post, type Waiting } from './post.ts';
import { createWaitingPosts, isUrgent } from './waiting-posts.ts';

/** Places that what nobody waits for may take of all: the rest is there for one-time passwords, transactions and replies. */
const slowPart = 0.8;
/** Those that what somebody waits for may take: the rest is there for what nobody waits for, so that it still moves. */
const urgentPart = 0.9;

/** The places of a dispatcher: what is being posted, and what was claimed and waits for its buckets. */
export type InFlight = {
  readonly add: (waiting: Waiting, buckets: readonly Bucket[]) => void;
  /** Posts as many as there are places, and as their buckets let. */
  readonly pump: () => void;
  /** Places that are free: all of them, those for what nobody waits for, and those for what somebody does. */
  readonly room: () => { readonly all: number; readonly slow: number; readonly urgent: number };
  readonly slowPlaces: number;
  readonly count: () => number;
  readonly slow: () => number;
  /** Segments that wait for a bucket. */
  readonly segmentsFor: (bucket: Bucket) => number;
  /** Gives back what was not begun, and waits for the rest. */
  readonly quiesce: () => Promise<void>;
};

/**
 * @param onResult hears of each; `alone` where nothing else is under way.
 * @param onRoom hears when a place came free.
 */
export function createInFlight(
  deps: DispatchDeps,
  onResult: (workspaceId: string, result: AttemptResult, alone: boolean) => void,
  onRoom: () => void,
): InFlight {
  const { settings, clock } = deps;
  const waiting = createWaitingPosts();
  const slowPlaces = Math.max(1, Math.floor(settings.concurrency * slowPart));
  const urgentPlaces = Math.max(1, Math.ceil(settings.concurrency * urgentPart));
  const posting = { all: 0, slow: 0 };
  let opening: NodeJS.Timeout | null = null;

  const begin = (next: Waiting): void => {
    const slow = isUrgent(next) ? 0 : 1;
    posting.all += 1;
    posting.slow += slow;
    void post(deps, next).then((result) => {
      onResult(next.claimed.workspaceId, result, posting.all <= 1 && waiting.count() === 0);
      posting.all -= 1;
      posting.slow -= slow;
      pump();
      onRoom();
    });
  };

  const pump = (): void => {
    while (posting.all < settings.concurrency) {
      const next = waiting.next(clock.monotonic());
      if (next === null) break;
      begin(next);
    }
    if (opening !== null || waiting.count() === 0 || posting.all >= settings.concurrency) return;
    const now = clock.monotonic();
    opening = setTimeout(
      () => {
        opening = null;
        pump();
      },
      Math.max(1, Math.ceil((waiting.opensAt(now) ?? now) - now)),
    );
  };

  return {
    add: waiting.add,
    pump,
    room: () => ({
      all: settings.concurrency - posting.all - waiting.count(),
      slow: slowPlaces - posting.slow - waiting.slow(),
      urgent: urgentPlaces - (posting.all - posting.slow) - (waiting.count() - waiting.slow()),
    }),
    slowPlaces,
    count: () => posting.all + waiting.count(),
    slow: () => posting.slow + waiting.slow(),
    segmentsFor: waiting.segmentsFor,
    async quiesce() {
      if (opening !== null) clearTimeout(opening);
      for (const each of waiting.clear()) onResult(each.claimed.workspaceId, notBegun(deps, each), false);
      while (posting.all > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}
