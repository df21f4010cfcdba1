import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import type { RunRef } from '../cohorts/arrivals.ts';
import { releasePage } from '../cohorts/batches.ts';
import type { createSettlementPump } from '../cohorts/pumps.ts';
import { type PumpDeps, sweepDue } from '../cohorts/pumps.ts';
import type { Starter } from '../cohorts/starter.ts';
import { inWorkspace } from '../db/database.ts';
import { sweepReleased } from '../inbound/released.ts';
import { inEach } from '../runtime/in-each.ts';
import type { DispatchDeps } from '../sending/dispatcher.ts';
import { markDeadLeases, resolveUnknown, takeUnknown } from '../sending/unknown.ts';
import { rollUpCounts } from '../versions/counts.ts';
import { createLostRuns } from './lost-runs.ts';
import { pruneRuns } from './prune-runs.ts';
import { type OpenRun, readRun, unstartedRuns } from './rows.ts';

type Deps = PumpDeps & {
  readonly client: () => Client;
  readonly starter: Starter;
  readonly settlements: ReturnType<typeof createSettlementPump>;
  readonly dispatch: DispatchDeps;
  readonly everyMs: number;
  /** Runs that sweep 2 looks at in one turn. */
  readonly lostPage?: number;
  /** Starts the dispatchers' workflows where Temporal has none: after its data was lost, too. */
  readonly ensureDispatch: () => Promise<void>;
};

const unstartedAfterMs = 5_000;
const askAfterMs = 30_000;
const askEveryMs = 15_000;
const startPage = 500;
/** Closed runs and their ledgers are of no more use after this. */
const keepClosedMs = 7 * 86_400_000;
const prunePage = 500;

/** The sweeps: loops of short transactions that bring back whatever a crash left lying. Each is safe to run in any number of processes. */
export function createMaintenance(deps: Deps) {
  let stopped = false;
  const loops: Promise<void>[] = [];
  const sleepers = new Set<() => void>();
  let unstarted: OpenRun | null = null;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      sleepers.add(done);
    });

  const loop = async (name: string, everyMs: number, work: () => Promise<boolean | undefined>): Promise<void> => {
    while (!stopped) {
      let again: boolean | undefined = false;
      try {
        again = await work();
      } catch (error) {
        deps.log.error({ err: error, sweep: name }, 'a sweep failed and will run again');
      }
      if (!stopped && again !== true) await pause(everyMs);
    }
  };

  /** Pages that go round: runs that cannot be started keep no others from it. */
  const nextUnstarted = async (before: Date): Promise<OpenRun[]> => {
    const runs = await unstartedRuns(deps.db, before, { limit: startPage, after: unstarted });
    unstarted = runs.length < startPage ? null : (runs.at(-1) ?? null);
    return runs;
  };

  /** Sweep 1: runs stored and not started. */
  const startUnstarted = async (olderThanMs = unstartedAfterMs): Promise<number> => {
    const before = new Date(deps.clock.now().getTime() - olderThanMs);
    const refs: RunRef[] = [];
    await inEach(deps.log, 'unstarted', await nextUnstarted(before), async (run) => {
      const ref = await inWorkspace(deps.db, run.workspaceId, (tx) =>
        readRun({ tx, workspaceId: run.workspaceId }, run.runId, deps),
      );
      if (ref !== null) refs.push(ref);
    });
    deps.starter.start(refs);
    return refs.length;
  };

  const examineLost = createLostRuns(deps);
  /** Sweep 2: runs whose workflow is not open any more. */
  const rehomeLost = (olderThanMs = askAfterMs): Promise<number> => examineLost(olderThanMs);

  /** Lets in the next page of every running batch; true where one went in. */
  const releaseBatches = async (): Promise<boolean> => {
    const rows = await sql<{ workspace_id: string; id: string }>`
      SELECT workspace_id, id FROM enrollment_batches WHERE state = 'running' ORDER BY created_at LIMIT 50`.execute(
      deps.db.router,
    );
    let any = false;
    await inEach(deps.log, 'batches', rows.rows, async (batch) => {
      const page = await inWorkspace(deps.db, batch.workspace_id, async (tx) => {
        const result = await releasePage(
          deps,
          { tx, workspaceId: batch.workspace_id, now: deps.clock.now() },
          batch.id,
        );
        await deps.failPoints.reach('batch.before_commit');
        return result;
      });
      await deps.failPoints.reach('batch.after_commit');
      if (page.state !== 'full') any = true;
      if (page.runs.length > 0) deps.onArrived(batch.workspace_id, { runs: page.runs, wake: [] });
    });
    return any;
  };

  /** Dead leases become unknown; unknown ones are looked up, and closed at their deadline. */
  const resolveUnknowns = async (): Promise<number> => {
    const { settings } = deps.dispatch;
    const now = deps.clock.now();
    const workspaces = await sql<{ workspace_id: string }>`
      SELECT DISTINCT workspace_id FROM message_queue WHERE state <> 1 AND lease_until <= ${now}`.execute(
      deps.db.router,
    );
    let resolved = 0;
    await inEach(deps.log, 'unknown', workspaces.rows, async ({ workspace_id: workspaceId }) => {
      const deadBefore = new Date(now.getTime() - settings.httpTimeoutMs - settings.marginMs);
      const taken = await inWorkspace(deps.db, workspaceId, async (tx) => {
        await markDeadLeases({ tx, workspaceId, now }, deadBefore);
        const due = await takeUnknown({ tx, workspaceId, now }, new Date(now.getTime() + settings.lookupEveryMs));
        await deps.failPoints.reach('dead_leases.before_commit');
        return due;
      });
      await deps.failPoints.reach('dead_leases.after_commit');
      for (const attempt of taken) {
        const account = await deps.dispatch.accounts.get(workspaceId, attempt.accountId);
        const provider = deps.dispatch.providers.get(account.provider);
        if (provider === undefined) continue;
        const deadline = new Date(attempt.startedAt.getTime() + settings.unknownDeadlineMs);
        const listed = await provider
          .lookup(
            account,
            { from: attempt.from, to: attempt.to, body: attempt.body, since: attempt.startedAt },
            settings.httpTimeoutMs,
          )
          .catch(() => null);
        if (listed === null && now < deadline) continue;
        const outcome = await inWorkspace(deps.db, workspaceId, async (tx) => {
          const result = await resolveUnknown(
            { tx, workspaceId, now: deps.clock.now() },
            attempt,
            listed ?? [],
            deadline,
          );
          if (result !== 'waiting') await deps.failPoints.reach('resolve_unknown.before_commit');
          return result;
        });
        if (outcome !== 'waiting') {
          await deps.failPoints.reach('resolve_unknown.after_commit');
          resolved += 1;
          deps.dispatch.onSettled(workspaceId);
        }
      }
    });
    return resolved;
  };

  const rollUp = async (): Promise<void> => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM flow_count_deltas`.execute(
      deps.db.router,
    );
    await inEach(deps.log, 'counts', rows.rows, async ({ workspace_id }) => {
      await inWorkspace(deps.db, workspace_id, async (tx) => {
        await rollUpCounts({ tx, workspaceId: workspace_id });
        await sql`DELETE FROM feed WHERE workspace_id = ${workspace_id} AND at < ${new Date(deps.clock.now().getTime() - 3_600_000)}`.execute(
          tx,
        );
        await sql`DELETE FROM idempotency_keys WHERE workspace_id = ${workspace_id} AND created_at < ${new Date(deps.clock.now().getTime() - 86_400_000)}`.execute(
          tx,
        );
      });
    });
  };

  /** Deletes runs that were closed a week ago, with their ledgers. */
  const prune = (): Promise<number> =>
    pruneRuns(deps.db, new Date(deps.clock.now().getTime() - keepClosedMs), prunePage);

  return {
    startUnstarted,
    rehomeLost,
    releaseBatches,
    resolveUnknowns,
    rollUp,
    prune,
    sweepDue: () => sweepDue(deps),
    sweepReleased: () => sweepReleased(deps),
    start(): void {
      loops.push(
        loop('due', deps.everyMs, async () => (await sweepDue(deps)) > 0),
        loop('unstarted', 2_000, async () => void (await startUnstarted())),
        loop('lost', askEveryMs, async () => void (await rehomeLost())),
        loop('batches', 200, releaseBatches),
        loop('released', deps.everyMs, async () => (await sweepReleased(deps)) > 0),
        loop('unknown', deps.everyMs, async () => (await resolveUnknowns()) > 0),
        loop('settled', 5_000, async () => void (await deps.settlements.drain())),
        loop('dispatch', 10_000, async () => void (await deps.ensureDispatch())),
        loop('counts', 5_000, async () => void (await rollUp())),
        loop('prune', 60_000, async () => (await prune()) === prunePage),
      );
      void rehomeLost(0).catch((error: unknown) => deps.log.error({ err: error }, 'lost runs could not be looked for'));
    },
    /** Batches were added: looked at without waiting for the next turn. */
    nudge(): void {
      for (const wake of [...sleepers]) wake();
    },
    async stop(): Promise<void> {
      stopped = true;
      for (const wake of [...sleepers]) wake();
      await Promise.allSettled(loops);
    },
  };
}
