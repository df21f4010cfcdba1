import type { Arrived } from '../cohorts/arrivals.ts';
import { createRunBook } from '../cohorts/run-book.ts';
import { noRuns } from '../cohorts/run-ref.ts';
import { alone } from '../db/alone.ts';
import { inWorkspace, isDataError, isOutage } from '../db/database.ts';
import type { Services } from '../http/env.ts';
import { type Answer, createGroupCommit, type GroupCommit } from '../runtime/group-commit.ts';
import { isolateFailures } from '../runtime/isolate-failures.ts';
import { hearingEarlyOptOuts } from '../sending/early-opt-outs.ts';
import { applyReceipts, type IncomingReceipt, numbersOf } from '../sending/receipts.ts';
import { optOutNumbers } from './carrier-opt-outs.ts';
import { type InboundOutcome, receiveText } from './inbound.ts';
import type { InboundDeps } from './inbound-deps.ts';
import type { InboundText } from './routed-text.ts';

/** What storing webhooks and acting on them needs. */
export type CommitEngine = Services & {
  readonly arrivalDeps: InboundDeps;
  readonly onArrived: (workspaceId: string, arrived: Arrived) => void;
  readonly onQueued: () => void;
  readonly onSettled: (workspaceId: string) => void;
  /** Runs that wait for the budget of starts. */
  readonly starter: { readonly backlog: () => number };
  /** Requests to providers that this process has in flight or is about to make. */
  readonly sending: () => number;
};

/** Texts that come together are one transaction per workspace; one whose data cannot be stored is taken back alone. */
export function createInboundCommit(engine: CommitEngine): GroupCommit<InboundText, InboundOutcome> {
  return createGroupCommit<InboundText, InboundOutcome>({
    most: 100,
    // At an idle place nobody waits; while starts pile up, texts gather into shared runs, up to 250 ms (protocol 15).
    windowMs: () => Math.min(250, engine.starter.backlog() * 12),
    commit: apart(engine, async (workspaceId, items) => {
      const results: Array<InboundOutcome | Error> = [];
      const runs = await inWorkspace(engine.db, workspaceId, async (tx) => {
        results.length = 0;
        await engine.failPoints.reach('inbound.before_read');
        const book = createRunBook(engine.ids);
        const deps = { ...engine.arrivalDeps, book };
        const now = engine.clock.now();
        // Ascending numbers: two processes lock the same people in the same order.
        const order = items
          .map((text, index) => ({ text, index }))
          .sort((a, b) => (a.text.from < b.text.from ? -1 : a.text.from > b.text.from ? 1 : a.index - b.index));
        for (const { text, index } of order) {
          const restore = book.mark();
          const one = () => receiveText(deps, { tx, workspaceId, now }, text);
          const result = items.length > 1 ? await alone(tx, one) : await one();
          if (result instanceof Error) restore();
          results[index] = result;
        }
        const made = await book.flush({ tx, workspaceId, now });
        await engine.failPoints.reach('inbound.before_commit');
        return made;
      });
      await engine.failPoints.reach('inbound.after_commit');
      const stored = results.flatMap((result) => (result instanceof Error ? [] : [result]));
      engine.onArrived(workspaceId, { runs, wake: stored.flatMap((result) => result.wake) });
      if (stored.some((result) => result.queued)) engine.onQueued();
      return results;
    }),
  });
}

/** Suppresses whom a receipt tells to have opted out. Before the receipts: a crash in between must not leave them as someone not reached. */
async function optOutByReceipts(
  engine: CommitEngine,
  workspaceId: string,
  receipts: readonly IncomingReceipt[],
): Promise<void> {
  const optOuts = receipts.filter((receipt) => receipt.failure === 'opted_out');
  if (optOuts.length === 0) return;
  await suppress(
    engine,
    workspaceId,
    await inWorkspace(engine.db, workspaceId, (tx) => numbersOf({ tx, workspaceId }, optOuts)),
  );
}

async function suppress(engine: CommitEngine, workspaceId: string, numbers: readonly string[]): Promise<void> {
  const wake = await optOutNumbers({ ...engine, ...engine.arrivalDeps }, workspaceId, numbers);
  engine.onArrived(workspaceId, { runs: noRuns, wake });
}

/** Receipts in one commit, and requests to providers in flight, from which on they count as a flood. */
const floodSize = 100;

/** Receipts that come together are one transaction per workspace. */
export function createReceiptCommit(engine: CommitEngine): GroupCommit<IncomingReceipt, true> {
  return createGroupCommit<IncomingReceipt, true>({
    most: 500,
    // Alone a receipt is stored at once; in a stream nobody waits for a single one. While this process sends a flood, receipts come after
    // sending: the provider holds what we have not answered, and larger batches cost less.
    windowMs: (sinceLastMs, lastSize) => {
      if (sinceLastMs > 500) return 0;
      return lastSize >= floodSize && engine.sending() >= floodSize ? 250 : 40;
    },
    // Whoever is not sending has time for receipts: a stream of them is stored as fast as it comes.
    enough: () => (engine.sending() >= floodSize ? 500 : 120),
    commit: apart(engine, async (workspaceId, items) => {
      await optOutByReceipts(engine, workspaceId, items);
      const applied = await hearingEarlyOptOuts(
        (numbers) => suppress(engine, workspaceId, numbers),
        (heard) =>
          inWorkspace(engine.db, workspaceId, async (tx) => {
            const work = { tx, workspaceId, now: engine.clock.now() };
            const result = await applyReceipts(engine.arrivalDeps, work, items, heard);
            await engine.failPoints.reach('receipt.before_commit');
            return result;
          }),
      );
      await engine.failPoints.reach('receipt.after_commit');
      if (applied.settled > 0) engine.onSettled(workspaceId);
      engine.notifier.changed(workspaceId);
      return items.map(() => true);
    }),
  });
}

/**
 * A provider does not come back after an error of ours, so what failed is tried again while it still waits for the answer. Texts and
 * receipts are stored once however often they are tried.
 */
function apart<Item, Result>(
  engine: CommitEngine,
  commit: (workspaceId: string, items: readonly Item[]) => Promise<ReadonlyArray<Result | Error>>,
): (workspaceId: string, items: readonly Item[]) => Promise<ReadonlyArray<Answer<Result>>> {
  return isolateFailures({
    commit,
    isOutage,
    isFinal: isDataError,
    onRetry: (error, attempt) =>
      engine.log.warn({ err: error, attempt }, 'a webhook could not be stored, trying again'),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}
