import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { sql } from 'kysely';
import type { RunRef } from '../cohorts/arrivals.ts';
import { releasePage } from '../cohorts/batches.ts';
import { rollUpCounts } from '../cohorts/counts.ts';
import type { createSettlementPump } from '../cohorts/pumps.ts';
import { type PumpDeps, sweepDue } from '../cohorts/pumps.ts';
import type { Starter } from '../cohorts/starter.ts';
import { readRun, rehome, runningRuns, unstartedRuns } from '../cohorts/sweeps.ts';
import { inWorkspace } from '../db/database.ts';
import type { DispatchDeps } from '../messages/dispatcher.ts';
import { sweepReleased } from '../messages/released.ts';
import { markDeadLeases, resolveUnknown, takeUnknown } from '../messages/unknown.ts';
import { runWorkflowId } from '../workflows/contract.ts';

type Deps = PumpDeps & {
  readonly client: Client;
  readonly starter: Starter;
  readonly settlements: ReturnType<typeof createSettlementPump>;
  readonly dispatch: DispatchDeps;
  readonly everyMs: number;
  /** Starts the dispatchers' workflows where Temporal has none: after its data was lost, too. */
  readonly ensureDispatch: () => Promise<void>;
};

const unstartedAfterMs = 5_000;
const askAfterMs = 30_000;
const askEveryMs = 15_000;

/** The sweeps: loops of short transactions that bring back whatever a crash left lying. Each is safe to run in any number of processes. */
export function createMaintenance(deps: Deps) {
  let stopped = false;
  const loops: Promise<void>[] = [];
  const sleepers = new Set<() => void>();
  const asked = new Map<string, number>();

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

  /** Sweep 1: runs stored and not started. */
  const startUnstarted = async (olderThanMs = unstartedAfterMs): Promise<number> => {
    const before = new Date(deps.clock.now().getTime() - olderThanMs);
    const refs: RunRef[] = [];
    for (const run of await unstartedRuns(deps.db, before)) {
      const ref = await inWorkspace(deps.db, run.workspaceId, (tx) => readRun(tx, run.workspaceId, run.runId, deps));
      if (ref !== null) refs.push(ref);
    }
    deps.starter.start(refs);
    return refs.length;
  };

  /** Sweep 2: runs whose workflow is not open any more. */
  const rehomeLost = async (olderThanMs = askAfterMs): Promise<number> => {
    const now = deps.clock.now();
    let homes = 0;
    for (const run of await runningRuns(deps.db, new Date(now.getTime() - olderThanMs))) {
      if (stopped) break;
      const last = asked.get(run.runId) ?? 0;
      if (olderThanMs > 0 && now.getTime() - last < askEveryMs * 4) continue;
      asked.set(run.runId, now.getTime());
      if (await isOpen(deps.client, run.runId)) continue;
      if (run.lane === 'code') {
        // The same workflow again: its calls meet the same ledger and get the same results.
        const ref = await inWorkspace(deps.db, run.workspaceId, (tx) => readRun(tx, run.workspaceId, run.runId, deps));
        if (ref !== null) deps.starter.start([ref]);
        continue;
      }
      const runs = await inWorkspace(deps.db, run.workspaceId, (tx) =>
        rehome(deps, tx, run.workspaceId, run.runId, now),
      );
      deps.starter.start(runs);
      homes += 1;
    }
    if (asked.size > 10_000) asked.clear();
    return homes;
  };

  /** Lets in the next page of every running batch; true where one went in. */
  const releaseBatches = async (): Promise<boolean> => {
    const rows = await sql<{ workspace_id: string; id: string }>`
      SELECT workspace_id, id FROM enrollment_batches WHERE state = 'running' ORDER BY created_at LIMIT 50`.execute(
      deps.db.router,
    );
    let any = false;
    for (const batch of rows.rows) {
      const page = await inWorkspace(deps.db, batch.workspace_id, async (tx) => {
        const result = await releasePage(deps, tx, batch.workspace_id, batch.id, deps.clock.now());
        await deps.failPoints.reach('batch.before_commit');
        return result;
      });
      await deps.failPoints.reach('batch.after_commit');
      if (page.state !== 'full') any = true;
      if (page.runs.length > 0) deps.onArrived(batch.workspace_id, { runs: page.runs, wake: [] });
    }
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
    for (const { workspace_id: workspaceId } of workspaces.rows) {
      const deadBefore = new Date(now.getTime() - settings.httpTimeoutMs - settings.marginMs);
      const taken = await inWorkspace(deps.db, workspaceId, async (tx) => {
        await markDeadLeases(tx, workspaceId, deadBefore, now);
        return takeUnknown(tx, workspaceId, now, new Date(now.getTime() + settings.lookupEveryMs));
      });
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
        const outcome = await inWorkspace(deps.db, workspaceId, (tx) =>
          resolveUnknown(tx, workspaceId, attempt, listed ?? [], deadline, deps.clock.now()),
        );
        if (outcome !== 'waiting') {
          resolved += 1;
          deps.dispatch.onSettled(workspaceId);
        }
      }
    }
    return resolved;
  };

  const rollUp = async (): Promise<void> => {
    const rows = await sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM flow_count_deltas`.execute(
      deps.db.router,
    );
    for (const { workspace_id } of rows.rows) {
      await inWorkspace(deps.db, workspace_id, async (tx) => {
        await rollUpCounts(tx, workspace_id);
        await sql`DELETE FROM feed WHERE workspace_id = ${workspace_id} AND at < ${new Date(deps.clock.now().getTime() - 3_600_000)}`.execute(
          tx,
        );
        await sql`DELETE FROM idempotency_keys WHERE workspace_id = ${workspace_id} AND created_at < ${new Date(deps.clock.now().getTime() - 86_400_000)}`.execute(
          tx,
        );
      });
    }
  };

  return {
    startUnstarted,
    rehomeLost,
    releaseBatches,
    resolveUnknowns,
    rollUp,
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

/** False only where Temporal says that no such workflow is open; a Temporal that does not answer proves nothing. */
async function isOpen(client: Client, runId: string): Promise<boolean> {
  try {
    const description = await client.workflow.getHandle(runWorkflowId(runId)).describe();
    return description.status.name === 'RUNNING' || description.status.name === 'CONTINUED_AS_NEW';
  } catch (error) {
    return !(error instanceof WorkflowNotFoundError);
  }
}
