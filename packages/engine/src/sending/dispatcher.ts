import { createBreakers, signOf } from './breakers.ts';
import { createClaimRounds } from './claim-rounds.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { createInFlight } from './in-flight.ts';
import { createLook } from './look.ts';
import { createResults } from './results.ts';
import { tellOfHealth } from './tell-of-health.ts';

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

/** Where a bucket is what holds messages back, it is looked at this often; a batch of slow lanes comes together at the latest by then. */
const limitedPollMs = 25;
const slowestBatchMs = 100;

/** Starts a dispatcher with `epoch` from `takeShard`. `idlePollMs` null means it works only when driven by `drain`. */
export function startDispatcher(
  deps: DispatchDeps,
  shard: number,
  epoch: number,
  idlePollMs: number | null = 1_000,
): Dispatcher {
  const { settings, clock } = deps;
  const { promise: ended, resolve: finish } = Promise.withResolvers<'stopped' | 'fenced'>();
  let stopping = false;
  let fenced = false;
  let slowClaimedAt = Number.NEGATIVE_INFINITY;
  const isOver = (): boolean => stopping || fenced;
  // What somebody waits for does not wait until a batch of what nobody waits for is claimed.
  const looks = { urgent: createLook(isOver), slow: createLook(isOver) };
  const both = Object.values(looks);
  const results = createResults(
    deps,
    { shard, epoch },
    {
      onFenced: () => {
        fenced = true;
      },
      // A line may be free that was held up.
      onStored: () => {
        for (const look of both) look.again();
      },
      stopping: () => stopping,
    },
  );

  const breakers = createBreakers(settings.breakerFailures);
  /** Hears what each request says of its account, and writes down where that is another than before. */
  const onResult: typeof results.add = (workspaceId, result, alone) => {
    const change = breakers.record(result.accountId, signOf(result.outcome), clock.monotonic());
    if (change !== null) {
      const reason = result.outcome.kind === 'accepted' ? '' : result.outcome.code;
      tellOfHealth(deps, workspaceId, result.accountId, { isDown: change === 'opened', reason }).catch(
        (error: unknown) =>
          deps.log.error({ err: error, account: result.accountId }, 'the health of an account could not be stored'),
      );
    }
    results.add(workspaceId, result, alone);
  };
  const inFlight = createInFlight(deps, onResult, () => {
    for (const look of both) look.wake();
  });
  const claimSize = Math.min(settings.claimSize, inFlight.slowPlaces);
  const claimRound = createClaimRounds(deps, { shard, epoch }, inFlight, breakers, {
    onFenced: () => {
      fenced = true;
    },
    ended: isOver,
    queued: (kind) => kind !== 'all' && looks[kind].isNudged(),
  });

  const urgentOpens = (): boolean => {
    const { all, urgent } = inFlight.room();
    return all > 0 && urgent > 0;
  };
  /** Whether what nobody waits for is claimed now: in batches, so long as they do not take too long to come together. */
  const slowOpens = (): boolean => {
    const { all, slow } = inFlight.room();
    if (all < 1) return false;
    if (slow >= claimSize || inFlight.slow() === 0) return true;
    return slow > 0 && clock.monotonic() - slowClaimedAt >= slowestBatchMs;
  };

  /** Looks once, and waits for what there is to wait for. */
  const lookOnce = async (kind: 'urgent' | 'slow'): Promise<void> => {
    const look = looks[kind];
    const opens = kind === 'urgent' ? urgentOpens : slowOpens;
    look.begin();
    if (!opens()) return look.idle(limitedPollMs, opens);
    if (kind === 'slow') slowClaimedAt = clock.monotonic();
    const round = await claimRound(kind);
    if (round !== 'claimed') return look.idle(round === 'limited' ? limitedPollMs : idlePollMs, () => false);
  };

  const loop = async (kind: 'urgent' | 'slow'): Promise<void> => {
    while (!isOver()) {
      try {
        await lookOnce(kind);
      } catch (error) {
        deps.log.error({ err: error }, 'a claim failed, trying again');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  const run = async (): Promise<void> => {
    await Promise.all([loop('urgent'), loop('slow')]);
    await quiesce();
    finish(fenced ? 'fenced' : 'stopped');
  };

  /** Waits for what is in flight and stores it; what was claimed and not begun is given back. */
  const quiesce = async (): Promise<void> => {
    await inFlight.quiesce();
    await results.settle();
  };

  if (idlePollMs !== null) void run();
  return {
    nudge() {
      for (const look of both) look.nudge();
    },
    ended,
    inFlight: inFlight.count,
    stop: async () => {
      stopping = true;
      for (const look of both) look.wake();
      if (idlePollMs === null) {
        await quiesce();
        finish('stopped');
      }
      await ended;
    },
    drain: async () => {
      while ((await claimRound('all')) !== 'nothing') {
        while (inFlight.count() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
        await results.settle();
      }
    },
  };
}
