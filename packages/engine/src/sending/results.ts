import { inWorkspace } from '../db/database.ts';
import type { AttemptResult } from './attempt-result.ts';
import type { DispatchDeps } from './dispatch-settings.ts';
import { hearingEarlyOptOuts } from './early-opt-outs.ts';
import { bookCosts } from './real-costs.ts';
import { applyReceipts, joinEarlyReceipts } from './receipts.ts';
import { settleAttempts } from './settle.ts';
import { costsTold } from './settle-spends.ts';
import { ownsShard, type ShardOwner } from './shards.ts';
import { tellOfRefusals } from './tell-of-refusals.ts';

/** Results of posts on their way into the database: together, at least every `settleEveryMs`, one commit after another. */
export type Results = {
  /** @param alone nothing else is under way: it is stored at once. */
  readonly add: (workspaceId: string, result: AttemptResult, alone: boolean) => void;
  /** Resolves once everything added so far is stored. */
  readonly settle: () => Promise<void>;
};

/**
 * @param hooks.onFenced another dispatcher took the shard; `onStored` hears of every commit; `stopping` ends trying again.
 */
export function createResults(
  deps: DispatchDeps,
  owner: ShardOwner,
  hooks: { readonly onFenced: () => void; readonly onStored: () => void; readonly stopping: () => boolean },
): Results {
  let results = new Map<string, AttemptResult[]>();
  let settling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const settle = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = results;
    results = new Map();
    settling = settling.then(async () => {
      for (const [workspaceId, list] of batch) {
        const { optedOut = [], others = [] } = Object.groupBy(list, (row) => (isOptedOut(row) ? 'optedOut' : 'others'));
        if (others.length > 0) await persist(workspaceId, others);
        if (optedOut.length > 0) await persist(workspaceId, optedOut);
      }
    });
    return settling;
  };

  const persist = async (workspaceId: string, list: readonly AttemptResult[]): Promise<void> => {
    for (;;) {
      try {
        const stored = await storeResults(deps, owner, workspaceId, list);
        if (stored.fenced) hooks.onFenced();
        if (stored.settled > 0) deps.onSettled(workspaceId);
        hooks.onStored();
        return;
      } catch (error) {
        deps.log.error({ err: error }, 'results could not be stored, trying again');
        if (hooks.stopping()) return;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  };

  return {
    settle,
    add(workspaceId, result, alone) {
      const list = results.get(workspaceId) ?? [];
      list.push(result);
      results.set(workspaceId, list);
      timer ??= setTimeout(() => void settle(), alone ? 0 : deps.settings.settleEveryMs);
    },
  };
}

/** Stores the results of one workspace in one commit, opt-outs before what tells of them. */
async function storeResults(
  deps: DispatchDeps,
  owner: ShardOwner,
  workspaceId: string,
  list: readonly AttemptResult[],
): Promise<{ readonly fenced: boolean; readonly settled: number }> {
  // Before the refusal, which a crash may follow: whoever opted out must not go on as someone not reached.
  const optedOut = list.filter(isOptedOut).map((row) => row.number);
  // A fenced refusal is not believed: whoever took over finds out by itself.
  if (optedOut.length > 0 && (await ownsShard(deps.db, owner))) await deps.optOut(workspaceId, optedOut);
  return hearingEarlyOptOuts(
    (numbers) => deps.optOut(workspaceId, numbers),
    (heard) => commitResults(deps, owner, workspaceId, list, heard),
  );
}

/** @throws EarlyOptOutError where a receipt that came early tells of an opt-out that is not `heard` already. */
async function commitResults(
  deps: DispatchDeps,
  owner: ShardOwner,
  workspaceId: string,
  list: readonly AttemptResult[],
  heard: ReadonlySet<string>,
): Promise<{ readonly fenced: boolean; readonly settled: number }> {
  const stored = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    const settled = await settleAttempts(work, owner, list);
    const accepted = list.flatMap((row) =>
      row.outcome.kind === 'accepted' ? [{ ...row, providerId: row.outcome.providerId }] : [],
    );
    // A fenced result changes no state of its own: it is kept as what it proves, a receipt of acceptance (protocol 25).
    if (settled.fenced && accepted.length > 0) {
      const receipts = accepted.map((row) => ({
        ...row,
        status: 'accepted' as const,
        errorCode: null,
        failure: null,
        cost: null,
      }));
      const applied = await applyReceipts(deps, work, receipts, heard);
      await bookCosts(work, [], costsTold(list));
      return { ...settled, settled: applied.settled };
    }
    await joinEarlyReceipts(work, accepted, heard);
    if (!settled.fenced) await tellOfRefusals(deps, work, list, settled.doubted);
    await deps.failPoints.reach('settle.before_commit');
    return settled;
  });
  await deps.failPoints.reach('settle.after_commit');
  return stored;
}

function isOptedOut({ outcome }: AttemptResult): boolean {
  return outcome.kind === 'refused' && outcome.errorClass === 'opted_out';
}
