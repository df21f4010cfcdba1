import type { Db } from '../db/database.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Backlog, lastLane, readyBacklogs, stillReady } from './turns.ts';

/** A look that took longer than this read past much that was claimed before; on a busy machine one that did not takes a few tens of milliseconds. */
const dearMs = 60;
/** Dear looks take at most one part of so many of the time, while there is something to claim. */
const mostOften = 10;

type Looks = {
  readonly all: (now: Date, upTo: number) => Promise<Backlog[]>;
  readonly known: (now: Date, backlogs: readonly Backlog[]) => Promise<Backlog[]>;
};

/**
 * Looks at a shard's backlogs. While a transaction is held open somewhere (a backup, a report), a look at all of them reads past whatever was
 * claimed since it began: a campaign of a million would come to stand still behind its own traces. So the dearer such a look is, the rarer it
 * is made, and between two of them the backlogs that it found are looked at from what was first in them. A backlog that is new then, or a message
 * that came due before the first one that is known (given back, or moved here), waits for the next: at most ten times as long as a look takes, and
 * only as long as it took where nothing else is left.
 *
 * What somebody waits for is always looked at whole: its backlogs are short.
 */
export function createBacklogLooks(
  clock: Pick<Clock, 'monotonic'>,
  looks: Looks,
): (now: Date, upTo: number, may: { readonly skip: boolean }) => Promise<Backlog[]> {
  let known: readonly Backlog[] = [];
  let last = { ended: Number.NEGATIVE_INFINITY, tookMs: 0 };
  return async (now, upTo, { skip }) => {
    if (!skip || upTo < lastLane) return looks.all(now, upTo);
    const since = clock.monotonic() - last.ended;
    if (last.tookMs > dearMs && since < last.tookMs * mostOften) {
      known = await looks.known(now, known);
      if (known.length > 0 || since < last.tookMs) return [...known];
    }
    const began = clock.monotonic();
    known = await looks.all(now, upTo);
    const ended = clock.monotonic();
    last = { ended, tookMs: ended - began };
    return [...known];
  };
}

/** The looks of a dispatcher of this shard. */
export function looksOf(db: Db, shard: number): Looks {
  return {
    all: (now, upTo) => readyBacklogs(db, shard, now, upTo),
    known: (now, backlogs) => (backlogs.length === 0 ? Promise.resolve([]) : stillReady(db, shard, now, backlogs)),
  };
}
