import { createBreakers, signOf } from './breakers.ts';
import { createClaimRounds } from './claim-rounds.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { createInFlight } from './in-flight.ts';
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

/** With requests in flight, what came meanwhile is looked for this often; a batch of slow lanes comes together at the latest by then. */
const busyPollMs = 25;
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
  let nudged = true;
  let slowClaimedAt = Number.NEGATIVE_INFINITY;
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
  const inFlight = createInFlight(deps, onResult, () => wake());
  const claimSize = Math.min(settings.claimSize, inFlight.slowPlaces);
  const claimRound = createClaimRounds(deps, { shard, epoch }, inFlight, breakers, {
    onFenced: () => {
      fenced = true;
    },
    ended: () => stopping || fenced,
    nudged: () => nudged,
  });

  /** Until something was queued, `enough`, or so long. */
  const idle = (ms: number | null, enough: () => boolean): Promise<void> =>
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
      wake = () => {
        if (nudged || stopping || fenced || enough()) done();
      };
    });

  /** Whether what nobody waits for is claimed now: in batches, so long as they do not take too long to come together. */
  const slowOpens = (): boolean => {
    const { slow } = inFlight.room();
    if (slow >= claimSize || inFlight.slow() === 0) return true;
    return slow > 0 && clock.monotonic() - slowClaimedAt >= slowestBatchMs;
  };

  /** Looks once, and waits for what there is to wait for. */
  const look = async (): Promise<void> => {
    nudged = false;
    if (inFlight.room().all < 1) return idle(busyPollMs, () => inFlight.room().all > 0);
    if (!slowOpens()) {
      await claimRound('urgent');
      return idle(busyPollMs, slowOpens);
    }
    slowClaimedAt = clock.monotonic();
    const round = await claimRound('all');
    if (round === 'limited') return idle(busyPollMs, () => false);
    if (round === 'nothing') return idle(idlePollMs, () => true);
  };

  const loop = async (): Promise<void> => {
    while (!stopping && !fenced) {
      try {
        await look();
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
    await inFlight.quiesce();
    await results.settle();
  };

  if (idlePollMs !== null) void loop();
  return {
    nudge() {
      nudged = true;
      wake();
    },
    ended,
    inFlight: inFlight.count,
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
      while ((await claimRound('all')) !== 'nothing') {
        while (inFlight.count() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
        await results.settle();
      }
    },
  };
}
