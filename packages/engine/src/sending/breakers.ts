import type { SendOutcome } from '../providers/provider.ts';

/** What a request said of its account: that it works, that it does not, or nothing. */
export type Sign = 'works' | 'fails' | 'nothing';

/** Codes of refusals that never reached the provider, or are no fault of it. */
const ownCodes: ReadonlySet<string> = new Set([
  'account_unavailable',
  'no_provider',
  'lease_over',
  'not_begun',
  'internal',
]);

/**
 * What a request's outcome says of the account. A provider that refuses one message for what the message is works; one that cannot be
 * reached, answers with errors of its own, gives no answer, or does not take our credentials or has no money of ours left does not. One
 * that asks to go slower works.
 */
export function signOf(outcome: SendOutcome): Sign {
  if (outcome.kind === 'accepted') return 'works';
  if (ownCodes.has(outcome.code)) return 'nothing';
  if (outcome.kind === 'ambiguous') return 'fails';
  return ['transient', 'auth', 'funds'].includes(outcome.errorClass) ? 'fails' : 'works';
}

const windowMs = 10_000;
/** An account that took nothing for so long, while so many requests failed as open a breaker, is down whatever it took before. */
const nothingTakenMs = 5_000;
const firstProbeMs = 2_000;
const longestProbeMs = 30_000;
/** A probe that nothing was heard of in this time is given up. */
const probeLifeMs = 20_000;

type Breaker = {
  readonly seen: Seen;
  /** When it last took something, and how many requests failed since. */
  taken: { at: number; failedSince: number };
  /** Null while the account works. */
  open: { nextProbeAt: number; waitMs: number; probingSince: number | null } | null;
};

/** Requests of an account that are remembered at most. */
const mostSeen = 1_000;

/** The last requests of an account: those within the window, and of older ones so many as it takes to open a breaker. */
type Seen = {
  /** @returns how many are remembered with this one, and how many of them failed. */
  readonly add: (at: number, failed: boolean) => { readonly failed: number; readonly all: number };
  readonly clear: () => void;
};

/** Each message is one: what has to go leaves at the front, and nothing is counted anew. */
function createSeen(fewest: number): Seen {
  const requests: Array<{ readonly at: number; readonly failed: boolean }> = [];
  let first = 0;
  let failed = 0;
  return {
    add(at, hasFailed) {
      requests.push({ at, failed: hasFailed });
      if (hasFailed) failed += 1;
      for (;;) {
        const all = requests.length - first;
        const oldest = requests[first];
        if (oldest === undefined || all <= fewest || (all <= mostSeen && at - oldest.at <= windowMs)) break;
        if (oldest.failed) failed -= 1;
        first += 1;
      }
      if (first >= mostSeen) {
        requests.splice(0, first);
        first = 0;
      }
      return { failed, all: requests.length - first };
    },
    clear() {
      requests.length = 0;
      first = 0;
      failed = 0;
    },
  };
}

/** Breakers of a dispatcher's accounts: an account that fails is claimed from no more, but for one message now and then. */
export type Breakers = {
  /** Whether nothing may be claimed but a probe. */
  readonly isOpen: (accountId: string) => boolean;
  readonly mayProbe: (accountId: string, now: number) => boolean;
  /** A message was claimed as a probe. */
  readonly probing: (accountId: string, now: number) => void;
  /** Takes over what another dispatcher found. */
  readonly adopt: (accountId: string, isDown: boolean, now: number) => void;
  /** Hears what a request said; tells where that changed something. */
  readonly record: (accountId: string, sign: Sign, now: number) => 'opened' | 'closed' | null;
};

/**
 * Times are the monotonic clock's, in milliseconds.
 *
 * @param mostFailures so many, and at least half of all within the window, or all for a while: then the account is down. Where requests hang,
 * nothing is heard until the first of them time out, and what was taken before would outnumber as many as there are places.
 */
export function createBreakers(mostFailures: number): Breakers {
  const breakers = new Map<string, Breaker>();
  const of = (accountId: string): Breaker => {
    const known = breakers.get(accountId);
    if (known !== undefined) return known;
    const made: Breaker = {
      seen: createSeen(mostFailures),
      taken: { at: Number.NEGATIVE_INFINITY, failedSince: 0 },
      open: null,
    };
    breakers.set(accountId, made);
    return made;
  };
  const open = (breaker: Breaker, nextProbeAt: number): void => {
    breaker.open = { nextProbeAt, waitMs: firstProbeMs, probingSince: null };
    breaker.seen.clear();
    breaker.taken.failedSince = 0;
  };
  return {
    isOpen: (accountId) => (breakers.get(accountId)?.open ?? null) !== null,
    mayProbe(accountId, now) {
      const state = breakers.get(accountId)?.open ?? null;
      if (state === null || now < state.nextProbeAt) return false;
      return state.probingSince === null || now - state.probingSince > probeLifeMs;
    },
    probing(accountId, now) {
      const state = breakers.get(accountId)?.open ?? null;
      if (state !== null) state.probingSince = now;
    },
    adopt(accountId, isDown, now) {
      if (isDown && !breakers.has(accountId)) open(of(accountId), now);
    },
    record(accountId, sign, now) {
      if (sign === 'nothing') return null;
      const breaker = of(accountId);
      const { open: state, seen, taken } = breaker;
      if (sign === 'works') {
        taken.at = now;
        taken.failedSince = 0;
      } else taken.failedSince += 1;
      if (state !== null) {
        if (sign === 'works') {
          breaker.open = null;
          return 'closed';
        }
        // What was on its way when it opened says nothing new.
        if (state.probingSince === null) return null;
        state.probingSince = null;
        state.waitMs = Math.min(longestProbeMs, state.waitMs * 2);
        state.nextProbeAt = now + state.waitMs;
        return null;
      }
      const { failed, all } = seen.add(now, sign === 'fails');
      const silent = taken.failedSince >= mostFailures && now - taken.at >= nothingTakenMs;
      if (failed < mostFailures || (failed * 2 < all && !silent)) return null;
      open(breaker, now + firstProbeMs);
      return 'opened';
    },
  };
}
