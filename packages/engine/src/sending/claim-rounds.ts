import { inWorkspace } from '../db/database.ts';
import type { Breakers } from './breakers.ts';
import { createBuckets } from './buckets.ts';
import { claimMessages } from './claim.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import type { InFlight } from './in-flight.ts';
import { createTurnPlanner, type Take } from './plan-turns.ts';
import type { ShardOwner } from './shards.ts';
import { lastLane, lastUrgentLane, readyBacklogs } from './turns.ts';

/** After this a round that serves many accounts makes room for what was queued since. */
const longestRoundMs = 50;

/** What a round came to: `limited` where nothing could be claimed, but will be as soon as a bucket opens. */
export type RoundResult = 'claimed' | 'nothing' | 'limited';

/**
 * Rounds of claims of one shard: who is ready, whose turn it is, and a claim of each account.
 *
 * @param hooks.onFenced another dispatcher took the shard; `ended` ends a round; `nudged` tells that something was queued since.
 * @returns a round: of all lanes, or of those that somebody waits for.
 */
export function createClaimRounds(
  deps: DispatchDeps,
  { shard, epoch }: ShardOwner,
  inFlight: InFlight,
  breakers: Breakers,
  hooks: { readonly onFenced: () => void; readonly ended: () => boolean; readonly nudged: () => boolean },
): (lanes: 'all' | 'urgent') => Promise<RoundResult> {
  const { settings, clock } = deps;
  const planner = createTurnPlanner();
  const buckets = createBuckets();

  /** An account that cannot be opened is claimed from like any other: its post says what is wrong. */
  const roomOf = (workspaceId: string, accountId: string): Promise<number> =>
    deps.accounts.get(workspaceId, accountId).then(
      ({ provider }) => provider.limits.reference,
      () => 0,
    );

  /** Claims what an account's backlogs are given. */
  const claim = async (takes: readonly [Take, ...Take[]]): Promise<boolean> => {
    const { workspaceId, accountId, accountRate } = takes[0].backlog;
    const claimedAt = clock.monotonic();
    const { leaseMs, unknownLineMs } = settings;
    const referenceRoom = await roomOf(workspaceId, accountId);
    const round = await inWorkspace(deps.db, workspaceId, async (tx) => {
      await deps.failPoints.reach('claim.before_read');
      const now = clock.now();
      const request = { accountId, shard, epoch, takes, leaseMs, unknownLineMs, referenceRoom };
      const claimed = await claimMessages(deps, { tx, workspaceId, now }, request);
      await deps.failPoints.reach('claim.before_commit');
      return claimed;
    });
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

  return async (lanes) => {
    const ready = await readyBacklogs(deps.db, shard, clock.now(), lanes === 'all' ? lastLane : lastUrgentLane);
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
      ...inFlight.room(),
      limits: (backlog) => [
        ...probeLimit(backlog.accountId),
        ...buckets.of(backlog, beganAt).map((of) => {
          const free = of.free(beganAt, backlog.lane <= lastUrgentLane) - inFlight.segmentsFor(of);
          if (free < 1) limited = true;
          return { of, free };
        }),
      ],
    });
    let any = false;
    for (const takes of byAccount(plan)) {
      if (hooks.ended()) return 'nothing';
      // What came meanwhile may be what somebody waits for.
      if (any && hooks.nudged() && clock.monotonic() - beganAt > longestRoundMs) break;
      const { accountId } = takes[0].backlog;
      if (breakers.isOpen(accountId)) breakers.probing(accountId, clock.monotonic());
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
