import { inWorkspace } from '../db/database.ts';
import { claimMessages } from './claim.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { notBegun, post, type Waiting } from './post.ts';
import { createResults } from './results.ts';
import { createTurns, type ReadyAccount, shareOf, waitsForRoom } from './turns.ts';

/**
 * A dispatcher of one shard: claims, posts, settles, until it is stopped or fenced. `nudge` makes it look at once; without one it
 * looks every second.
 */
export type Dispatcher = {
  readonly nudge: () => void;
  /** Ends claiming, waits for what is in flight and stores it. */
  readonly stop: () => Promise<void>;
  /** Settles when the dispatcher has ended: `fenced` where another one took over. */
  readonly ended: Promise<'stopped' | 'fenced'>;
  readonly inFlight: () => number;
  /** Claims, sends and stores until nothing is ready: for tests that drive time. */
  readonly drain: () => Promise<void>;
};

/** Starts a dispatcher with `epoch` from `takeShard`. `idlePollMs` null means it works only when driven by `drain`. */
export function startDispatcher(
  deps: DispatchDeps,
  shard: number,
  epoch: number,
  idlePollMs: number | null = 1_000,
): Dispatcher {
  const { settings, clock } = deps;
  const waiting: Waiting[] = [];
  const turns = createTurns(deps.db, shard);
  const { promise: ended, resolve: finish } = Promise.withResolvers<'stopped' | 'fenced'>();
  const claimSize = Math.min(settings.claimSize, settings.concurrency);
  let inFlight = 0;
  let stopping = false;
  let fenced = false;
  let nudged = true;
  let wake: () => void = () => undefined;
  const results = createResults(
    deps,
    { shard, epoch },
    {
      onFenced: () => {
        fenced = true;
      },
      onStored: () => wake(),
      stopping: () => stopping,
    },
  );

  /** Posts as many as there are places. */
  const pump = (): void => {
    while (inFlight < settings.concurrency) {
      const next = waiting.shift();
      if (next === undefined) break;
      inFlight += 1;
      void post(deps, next).then((result) => {
        results.add(next.claimed.workspaceId, result, inFlight <= 1 && waiting.length === 0);
        inFlight -= 1;
        pump();
        wake();
      });
    }
  };

  /** An account that cannot be opened is claimed from like any other: its post says what is wrong. */
  const roomOf = (workspaceId: string, accountId: string): Promise<number> =>
    deps.accounts.get(workspaceId, accountId).then(
      ({ provider }) => provider.limits.reference,
      () => 0,
    );

  const claim = async ({ workspaceId, accountId }: ReadyAccount, limit: number): Promise<boolean> => {
    turns.served(accountId);
    const claimedAt = clock.monotonic();
    const { leaseMs, unknownLineMs } = settings;
    const referenceRoom = await roomOf(workspaceId, accountId);
    const round = await inWorkspace(deps.db, workspaceId, async (tx) => {
      await deps.failPoints.reach('claim.before_read');
      const now = clock.now();
      const request = { accountId, shard, epoch, limit, leaseMs, unknownLineMs, referenceRoom };
      const claimed = await claimMessages(deps, { tx, workspaceId, now }, request);
      await deps.failPoints.reach('claim.before_commit');
      return claimed;
    });
    await deps.failPoints.reach('claim.after_commit');
    if (round === null) {
      fenced = true;
      return false;
    }
    if (round.settled > 0) deps.onSettled(workspaceId);
    for (const claimed of round.claimed) waiting.push({ claimed, claimedAt });
    pump();
    return round.claimed.length + round.settled > 0;
  };

  /** One pass over the accounts that have something; true where anything was claimed. */
  const claimRound = async (): Promise<boolean> => {
    let any = false;
    const accounts = await turns.next(clock.now());
    for (const [index, account] of accounts.entries()) {
      if (stopping || fenced) return false;
      const room = settings.concurrency - inFlight - waiting.length;
      if (waitsForRoom({ lane: account.lane, room, accounts: accounts.length, inFlight, claimSize })) return true;
      if (await claim(account, shareOf(room, accounts.length - index))) any = true;
      if (fenced) return false;
    }
    return any;
  };

  const idle = (ms: number | null): Promise<void> =>
    new Promise((resolve) => {
      if (nudged || stopping || fenced) {
        resolve();
        return;
      }
      const timer = ms === null ? null : setTimeout(done, ms);
      function done(): void {
        if (timer !== null) clearTimeout(timer);
        wake = () => undefined;
        resolve();
      }
      wake = done;
    });

  const loop = async (): Promise<void> => {
    while (!stopping && !fenced) {
      try {
        if (settings.concurrency - inFlight < claimSize && inFlight > 0) {
          nudged = false;
          await idle(20);
          nudged = true;
          continue;
        }
        nudged = false;
        if (!(await claimRound())) await idle(idlePollMs);
      } catch (error) {
        deps.log.error({ err: error }, 'a claim failed, trying again');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    await quiesce();
    finish(fenced ? 'fenced' : 'stopped');
  };

  /** Waits for what is in flight and stores it; what was claimed and not begun is given back. */
  const quiesce = async (): Promise<void> => {
    for (const each of waiting.splice(0)) results.add(each.claimed.workspaceId, notBegun(deps, each), false);
    while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await results.settle();
  };

  if (idlePollMs !== null) void loop();
  return {
    nudge() {
      nudged = true;
      wake();
    },
    ended,
    inFlight: () => inFlight + waiting.length,
    stop: async () => {
      stopping = true;
      wake();
      if (idlePollMs === null) {
        await quiesce();
        finish('stopped');
      }
      await ended;
    },
    drain: async () => {
      while (await claimRound()) {
        while (inFlight > 0 || waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
        await results.settle();
      }
    },
  };
}
