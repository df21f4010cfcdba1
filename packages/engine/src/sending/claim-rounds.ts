import { inWorkspace } from '../db/database.ts';
import { firstAskMs } from './ask-costs.ts';
import { createBacklogLooks, looksOf } from './backlog-looks.ts';
import type { Breakers } from './breakers.ts';
import { createBuckets } from './buckets.ts';
import { type ClaimRequest, claimMessages } from './claim.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import type { InFlight } from './in-flight.ts';
import { createTurnPlanner, type Take } from './plan-turns.ts';
import type { ShardOwner } from './shards.ts';
import { lastLane, lastUrgentLane } from './turns.ts';

/** After this a round that serves many accounts makes room for what was queued since. */
const longestRoundMs = 50;

/** What a round came to: `limited` where nothing could be claimed, but will be as soon as a bucket opens. */
export type RoundResult = 'claimed' | 'nothing' | 'limited';

/** What a round claims: what somebody waits for, what nobody waits for, or both. Rounds of the first two kinds may be under way together. */
export type RoundKind = 'urgent' | 'slow' | 'all';
const lanesOf: Readonly<Record<RoundKind, { readonly from: number; readonly upTo: number }>> = {
  urgent: { from: 1, upTo: lastUrgentLane },
  slow: { from: lastUrgentLane + 1, upTo: lastLane },
  all: { from: 1, upTo: lastLane },
};

/**
 * Rounds of claims of one shard: who is ready, whose turn it is, and a claim of each account.
 *
 * @param hooks.onFenced another dispatcher took the shard; `ended` ends a round; `queued` tells that something was queued since the round's kind began.
 * @returns makes a round.
 */
export function createClaimRounds(
  deps: DispatchDeps,
  { shard, epoch }: ShardOwner,
  inFlight: InFlight,
  breakers: Breakers,
  hooks: {
    readonly onFenced: () => void;
    readonly ended: () => boolean;
    readonly queued: (kind: RoundKind) => boolean;
  },
): (kind: RoundKind) => Promise<RoundResult> {
  const { settings, clock } = deps;
  const planner = createTurnPlanner();
  const buckets = createBuckets();
  const look = createBacklogLooks(clock, looksOf(deps.db, shard));
  /** What claims that are under way may bring: places, and messages for buckets. */
  const coming = { all: 0, slow: 0, of: new Map<object, number>() };
  /** @returns to be called once what they brought has its places, or nothing came. */
  const expect = (takes: readonly Take[], now: number): (() => void) => {
    const parts = takes.map(({ backlog, places }) => ({
      places,
      slow: backlog.lane > lastUrgentLane ? places : 0,
      of: buckets.of(backlog, now),
    }));
    const count = (sign: 1 | -1): void => {
      for (const { places, slow, of } of parts) {
        coming.all += sign * places;
        coming.slow += sign * slow;
        for (const each of of) coming.of.set(each, (coming.of.get(each) ?? 0) + sign * places);
      }
    };
    count(1);
    return () => {
      count(-1);
      for (const [of, sum] of coming.of) if (sum === 0) coming.of.delete(of);
    };
  };
  const room = (kind: RoundKind): { readonly all: number; readonly slow: number } => {
    const { all, slow, urgent } = inFlight.room();
    const free = all - coming.all;
    return {
      all: kind === 'urgent' ? Math.min(free, urgent - (coming.all - coming.slow)) : free,
      slow: slow - coming.slow,
    };
  };

  /** An account that cannot be opened is claimed from like any other: its post says what is wrong. */
  const traitsOf = (
    workspaceId: string,
    accountId: string,
  ): Promise<Pick<ClaimRequest, 'referenceRoom' | 'askCostAfterMs'>> =>
    deps.accounts.get(workspaceId, accountId).then(
      ({ provider, connection }) => ({
        referenceRoom: provider.limits.reference,
        askCostAfterMs: connection.costOf === undefined ? null : firstAskMs,
      }),
      () => ({ referenceRoom: 0, askCostAfterMs: null }),
    );

  /** Claims what an account's backlogs are given. */
  const claim = async (takes: readonly [Take, ...Take[]]): Promise<boolean> => {
    const claimedAt = clock.monotonic();
    const arrived = expect(takes, claimedAt);
    try {
      return await claimAt(takes, claimedAt);
    } finally {
      arrived();
    }
  };

  const claimAt = async (takes: readonly [Take, ...Take[]], claimedAt: number): Promise<boolean> => {
    const { workspaceId, accountId, accountRate } = takes[0].backlog;
    const { leaseMs, unknownLineMs } = settings;
    const traits = await traitsOf(workspaceId, accountId);
    const round = await inWorkspace(
      deps.db,
      workspaceId,
      async (tx) => {
        await deps.failPoints.reach('claim.before_read');
        const now = clock.now();
        const request = { accountId, shard, epoch, takes, leaseMs, unknownLineMs, ...traits };
        const claimed = await claimMessages(deps, { tx, workspaceId, now }, request);
        await deps.failPoints.reach('claim.before_commit');
        return claimed;
      },
      'kept',
      'few',
    );
    await deps.failPoints.reach('claim.after_commit');
    if (round === null) {
      hooks.onFenced();
      return false;
    }
    for (const [index, take] of takes.entries()) {
      const { messages, segments } = round.found[index] ?? { messages: 0, segments: 0 };
      planner.taken(take, messages, segments);
    }
    if (round.settled > 0) deps.onSettled(workspaceId);
    const rates = new Map(takes.map(({ backlog }) => [backlog.sender, backlog.senderRate]));
    for (const claimed of round.claimed) {
      const senderRate = rates.get(claimed.sender) ?? null;
      inFlight.add({ claimed, claimedAt }, buckets.of({ ...claimed, accountRate, senderRate }, claimedAt));
    }
    inFlight.pump();
    return round.claimed.length + round.settled > 0;
  };

  return async (kind) => {
    const ready = await look(clock.now(), lanesOf[kind].upTo, { skip: kind === 'slow' });
    const beganAt = clock.monotonic();
    const backlogs = ready.filter(({ accountId, isDown }) => {
      breakers.adopt(accountId, isDown, beganAt);
      return !breakers.isOpen(accountId) || breakers.mayProbe(accountId, beganAt);
    });
    const probes = new Map<string, object>();
    let limited = false;
    /** Of an account that is down one message is tried, whichever backlog it is of. */
    const probeLimit = (accountId: string) => {
      if (!breakers.isOpen(accountId)) return [];
      const of = probes.get(accountId) ?? {};
      probes.set(accountId, of);
      return [{ of, free: 1 }];
    };
    const plan = planner.plan(backlogs, {
      ...room(kind),
      claims: lanesOf[kind],
      limits: (backlog) => [
        ...probeLimit(backlog.accountId),
        ...buckets.of(backlog, beganAt).map((of) => {
          const waiting = inFlight.segmentsFor(of) + (coming.of.get(of) ?? 0);
          const free = of.free(beganAt, backlog.lane <= lastUrgentLane) - waiting;
          if (free < 1) limited = true;
          return { of, free };
        }),
      ],
    });
    let any = false;
    for (const takes of byAccount(plan)) {
      if (hooks.ended()) return 'nothing';
      // What came since may be what somebody waits for.
      if (any && hooks.queued(kind) && clock.monotonic() - beganAt > longestRoundMs) break;
      const { accountId } = takes[0].backlog;
      if (breakers.isOpen(accountId)) {
        // A round beside this one may be trying it already.
        if (!breakers.mayProbe(accountId, clock.monotonic())) continue;
        breakers.probing(accountId, clock.monotonic());
      }
      if (await claim(takes)) any = true;
    }
    return any ? 'claimed' : limited ? 'limited' : 'nothing';
  };
}

/**
 * The takes of each account, in the order of the first of them; what somebody waits for apart, so that it does not wait for a batch of what
 * nobody waits for to be written.
 */
function byAccount(plan: readonly Take[]): Array<readonly [Take, ...Take[]]> {
  const group = ({ backlog }: Take) => `${backlog.accountId} ${backlog.lane <= lastUrgentLane}`;
  return [...Map.groupBy(plan, group).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}
