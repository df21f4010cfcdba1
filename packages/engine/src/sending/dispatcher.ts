import { sql } from 'kysely';
import type { Logger } from 'pino';
import { type Account, type AccountStore, ProviderMissingError } from '../accounts/store.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { retryableClasses, type SendOutcome } from '../providers/provider.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import { type Claimed, claimMessages } from './claim.ts';
import { applyReceipts, joinEarlyReceipts } from './receipts.ts';
import { type AttemptResult, settleAttempts } from './settle.ts';

export type DispatchSettings = {
  /** POSTs in flight at once. Nothing is claimed that cannot be posted at once: a crash leaves no more unknown than were in flight. */
  readonly concurrency: number;
  /** Claims wait until this many places are free, so that they come in batches. */
  readonly claimSize: number;
  /** Must exceed the HTTP timeout: a POST begins only while lease − timeout lies ahead (protocol 25). */
  readonly leaseMs: number;
  readonly httpTimeoutMs: number;
  readonly marginMs: number;
  /** An unknown message holds its number's line this long (protocol 23). */
  readonly unknownLineMs: number;
  /** An unknown outcome that nothing resolved closes after this (protocol 20). */
  readonly unknownDeadlineMs: number;
  readonly lookupEveryMs: number;
  /** Results are stored together at least this often. */
  readonly settleEveryMs: number;
};

export const defaultDispatchSettings: DispatchSettings = {
  concurrency: 256,
  claimSize: 128,
  leaseMs: 20_000,
  httpTimeoutMs: 8_000,
  marginMs: 2_000,
  unknownLineMs: 30_000,
  unknownDeadlineMs: 600_000,
  lookupEveryMs: 5_000,
  settleEveryMs: 100,
};

export type DispatchDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly failPoints: FailPoints;
  readonly accounts: AccountStore;
  readonly settings: DispatchSettings;
  /** The URL that a provider calls with receipts of this attempt. */
  readonly callbackUrl: (accountId: string, attemptId: string, provider: string) => string;
  /** Called after a commit that settled messages. */
  readonly onSettled: (workspaceId: string) => void;
  /** Suppresses numbers that the provider says opted out; resolves once that is committed. Repeating it changes nothing. */
  readonly optOut: (workspaceId: string, numbers: readonly string[]) => Promise<void>;
};

/** Raises the shard's epoch: whoever dispatched before is fenced from now on. */
export async function takeShard(db: Db, shard: number, now: Date): Promise<number> {
  const rows = await sql<{ epoch: string }>`
    UPDATE dispatch_shards SET epoch = epoch + 1, taken_at = ${now} WHERE shard = ${shard} RETURNING epoch`.execute(
    db.router,
  );
  const epoch = rows.rows[0]?.epoch;
  if (epoch === undefined) throw new Error(`There is no shard ${shard}.`);
  return Number(epoch);
}

/** Whether the epoch is still the shard's. */
async function holdsShard(db: Db, shard: number, epoch: number): Promise<boolean> {
  const rows = await sql`SELECT 1 FROM dispatch_shards WHERE shard = ${shard} AND epoch = ${epoch}`.execute(db.router);
  return rows.rows.length > 0;
}

type Ready = { readonly workspaceId: string; readonly accountId: string; readonly lane: number };

/** Accounts of the shard with something to claim, each with its best lane. */
async function readyAccounts(db: Db, shard: number, now: Date): Promise<Ready[]> {
  const rows = await sql<{ workspace_id: string; id: string; lane: number }>`
    SELECT a.workspace_id, a.id, q.lane FROM accounts a CROSS JOIN LATERAL (
      SELECT lane FROM message_queue q WHERE q.account_id = a.id AND q.state = 1 AND q.not_before <= ${now} ORDER BY lane, seq LIMIT 1
    ) q WHERE a.shard = ${shard}`.execute(db.router);
  return rows.rows.map((row) => ({ workspaceId: row.workspace_id, accountId: row.id, lane: row.lane }));
}

/** Lanes up to this one hold what somebody waits for: one-time passwords, transactions, replies. */
const lastUrgentLane = 3;

/**
 * The order in which accounts are claimed from: those with something urgent first, then whoever was served longest ago, so that
 * no workspace starves behind another's campaign (protocol 24).
 */
export function takeTurns<A extends { readonly accountId: string; readonly lane: number }>(
  ready: readonly A[],
  servedAt: ReadonlyMap<string, number>,
): A[] {
  const rank = (entry: A) => (entry.lane <= lastUrgentLane ? entry.lane : lastUrgentLane + 1);
  return [...ready].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (servedAt.get(a.accountId) ?? -1) - (servedAt.get(b.accountId) ?? -1) ||
      (a.accountId < b.accountId ? -1 : 1),
  );
}

/** Places that an account may take now: a fair share of the free ones, and at least one. */
export function shareOf(room: number, accountsLeft: number): number {
  return Math.max(1, Math.ceil(room / Math.max(1, accountsLeft)));
}

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

type Held = { readonly claimed: Claimed; readonly claimedAt: number };

/** Starts a dispatcher with `epoch` from `takeShard`. `idlePollMs` null means it works only when driven by `drain`. */
export function startDispatcher(
  deps: DispatchDeps,
  shard: number,
  epoch: number,
  idlePollMs: number | null = 1_000,
): Dispatcher {
  const { settings, clock } = deps;
  const ready: Held[] = [];
  let results = new Map<string, AttemptResult[]>();
  let inFlight = 0;
  let stopping = false;
  let fenced = false;
  let nudged = true;
  let wake: () => void = () => undefined;
  let settling: Promise<void> = Promise.resolve();
  let settleTimer: NodeJS.Timeout | null = null;
  let turn = 0;
  const servedAt = new Map<string, number>();
  let finish: (how: 'stopped' | 'fenced') => void = () => undefined;
  const ended = new Promise<'stopped' | 'fenced'>((resolve) => {
    finish = resolve;
  });

  const nudge = (): void => {
    nudged = true;
    wake();
  };

  const pump = (): void => {
    while (inFlight < settings.concurrency) {
      const next = ready.shift();
      if (next === undefined) break;
      inFlight += 1;
      void post(next).finally(() => {
        inFlight -= 1;
        pump();
        wake();
      });
    }
  };

  const post = async ({ claimed, claimedAt }: Held): Promise<void> => {
    let outcome: SendOutcome;
    try {
      outcome = await postOne(claimed, claimedAt);
    } catch (error) {
      deps.log.error({ err: error }, 'a post failed unexpectedly');
      outcome = { kind: 'ambiguous', code: 'internal' };
    }
    const list = results.get(claimed.workspaceId) ?? [];
    list.push(toResult(claimed, outcome));
    results.set(claimed.workspaceId, list);
    if (settleTimer === null)
      settleTimer = setTimeout(
        () => void settleNow(),
        inFlight <= 1 && ready.length === 0 ? 0 : settings.settleEveryMs,
      );
  };

  const postOne = async (claimed: Claimed, claimedAt: number): Promise<SendOutcome> => {
    let account: Account;
    try {
      account = await deps.accounts.get(claimed.workspaceId, claimed.accountId);
    } catch (error) {
      // Nothing has left yet: provably not sent.
      deps.log.error({ err: error, account: claimed.accountId }, 'an account could not be opened');
      return error instanceof ProviderMissingError
        ? { kind: 'refused', errorClass: 'sender', code: 'no_provider', retryAfterMs: null }
        : { kind: 'refused', errorClass: 'transient', code: 'account_unavailable', retryAfterMs: null };
    }
    if (clock.monotonic() - claimedAt > settings.leaseMs - settings.httpTimeoutMs)
      return { kind: 'refused', errorClass: 'transient', code: 'lease_over', retryAfterMs: 0 };
    await deps.failPoints.reach('post.before');
    const outcome = await account.connection.send(
      {
        from: claimed.sender,
        to: claimed.number,
        body: claimed.body,
        reference: claimed.attemptId,
        callbackUrl: deps.callbackUrl(claimed.accountId, claimed.attemptId, account.provider.type),
      },
      settings.httpTimeoutMs,
    );
    await deps.failPoints.reach('post.after');
    return outcome;
  };

  const toResult = (claimed: Claimed, outcome: SendOutcome): AttemptResult => {
    const now = deps.clock.now();
    const retry =
      outcome.kind === 'refused' && retryableClasses.has(outcome.errorClass)
        ? { notBefore: new Date(now.getTime() + (outcome.retryAfterMs ?? backOffMs(claimed))) }
        : null;
    return {
      attemptId: claimed.attemptId,
      messageId: claimed.messageId,
      accountId: claimed.accountId,
      number: claimed.number,
      outcome,
      retry,
      lookupAt: new Date(now.getTime() + settings.lookupEveryMs),
    };
  };

  const settleNow = (): Promise<void> => {
    if (settleTimer !== null) clearTimeout(settleTimer);
    settleTimer = null;
    const batch = results;
    results = new Map();
    settling = settling.then(async () => {
      for (const [workspaceId, list] of batch) {
        const { told = [], others = [] } = Object.groupBy(list, (row) => (isOptedOut(row) ? 'told' : 'others'));
        if (others.length > 0) await settleOf(workspaceId, others);
        if (told.length > 0) await settleOf(workspaceId, told);
      }
    });
    return settling;
  };

  const settleOf = async (workspaceId: string, list: readonly AttemptResult[]): Promise<void> => {
    // Before the refusal, which a crash may follow: whoever opted out must not go on as someone not reached.
    const optedOut = list.filter(isOptedOut).map((row) => row.number);
    for (;;) {
      try {
        // A fenced refusal is not believed: whoever took over finds out by itself.
        if (optedOut.length > 0 && (await holdsShard(deps.db, shard, epoch))) await deps.optOut(workspaceId, optedOut);
        const stored = await inWorkspace(deps.db, workspaceId, async (tx) => {
          const now = deps.clock.now();
          const settled = await settleAttempts({ tx, workspaceId, now }, { shard, epoch }, list);
          const accepted = list.flatMap((row) =>
            row.outcome.kind === 'accepted' ? [{ ...row, providerId: row.outcome.providerId }] : [],
          );
          // A fenced result changes no state of its own: it is kept as what it proves, a receipt of acceptance (protocol 25).
          if (settled.fenced && accepted.length > 0) {
            const receipts = accepted.map((row) => ({ ...row, status: 'accepted' as const, errorCode: null }));
            const applied = await applyReceipts(deps, { tx, workspaceId, now }, receipts);
            return { ...settled, settled: applied.settled };
          }
          await joinEarlyReceipts({ tx, workspaceId, now }, accepted);
          await deps.failPoints.reach('settle.before_commit');
          return settled;
        });
        await deps.failPoints.reach('settle.after_commit');
        if (stored.fenced) fenced = true;
        if (stored.settled > 0) deps.onSettled(workspaceId);
        wake();
        return;
      } catch (error) {
        deps.log.error({ err: error }, 'results could not be stored, trying again');
        if (stopping) return;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  /** One pass over the accounts that have something; true where anything was claimed. */
  const claimRound = async (): Promise<boolean> => {
    let any = false;
    const turns = takeTurns(await readyAccounts(deps.db, shard, clock.now()), servedAt);
    for (const [index, { workspaceId, accountId, lane }] of turns.entries()) {
      if (stopping || fenced) return false;
      const room = settings.concurrency - inFlight - ready.length;
      const batch = lane <= lastUrgentLane ? 1 : Math.min(settings.claimSize, settings.concurrency);
      if (room < Math.ceil(batch / turns.length) && inFlight > 0) return true;
      turn += 1;
      servedAt.set(accountId, turn);
      const claimedAt = clock.monotonic();
      const round = await inWorkspace(deps.db, workspaceId, async (tx) => {
        await deps.failPoints.reach('claim.before_read');
        const request = {
          workspaceId,
          accountId,
          shard,
          epoch,
          limit: shareOf(room, turns.length - index),
          leaseMs: settings.leaseMs,
          unknownLineMs: settings.unknownLineMs,
          now: clock.now(),
        };
        const claimed = await claimMessages(deps, tx, request);
        await deps.failPoints.reach('claim.before_commit');
        return claimed;
      });
      await deps.failPoints.reach('claim.after_commit');
      if (round === null) {
        fenced = true;
        return false;
      }
      if (round.settled > 0) deps.onSettled(workspaceId);
      if (round.claimed.length + round.settled > 0) any = true;
      for (const claimed of round.claimed) ready.push({ claimed, claimedAt });
      pump();
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
        if (settings.concurrency - inFlight < Math.min(settings.claimSize, settings.concurrency) && inFlight > 0) {
          nudged = false;
          await idle(20);
          nudged = true;
          continue;
        }
        nudged = false;
        const any = await claimRound();
        if (!any) await idle(idlePollMs);
      } catch (error) {
        deps.log.error({ err: error }, 'a claim failed, trying again');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    await quiesce();
    finish(fenced ? 'fenced' : 'stopped');
  };

  /** Waits for what is in flight and stores it; what was claimed and not begun is given back by `lease_over`-like refusal. */
  const quiesce = async (): Promise<void> => {
    for (const { claimed } of ready.splice(0)) {
      const list = results.get(claimed.workspaceId) ?? [];
      list.push(toResult(claimed, { kind: 'refused', errorClass: 'transient', code: 'not_begun', retryAfterMs: 0 }));
      results.set(claimed.workspaceId, list);
    }
    while (inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await settleNow();
  };

  if (idlePollMs !== null) void loop();
  return {
    nudge,
    ended,
    inFlight: () => inFlight + ready.length,
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
        while (inFlight > 0 || ready.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
        await settleNow();
      }
    },
  };
}

function isOptedOut({ outcome }: AttemptResult): boolean {
  return outcome.kind === 'refused' && outcome.errorClass === 'opted_out';
}

/** Doubles from 1 s to 5 minutes, and up to as much again by the attempt's id, so that what failed together does not return together. */
function backOffMs({ attemptId, attempt }: Claimed): number {
  const base = Math.min(300_000, 1_000 * 2 ** Math.min(attempt - 1, 9));
  return base + (Number.parseInt(attemptId.slice(-4), 16) / 0xffff) * base;
}
