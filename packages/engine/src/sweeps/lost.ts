import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { endReturnedRun } from '../cohorts/code-runs.ts';
import { runWorkflowId } from '../cohorts/run-contract.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';
import { rehome } from './rehome.ts';
import { type OpenRun, type RunPage, readRun, runningRuns, unstartedRuns } from './run-pages.ts';

type Deps = Omit<
  SweepDeps,
  'settlements' | 'dispatch' | 'everyMs' | 'linkClickLifeMs' | 'ensureDispatch' | 'told' | 'webhooks' | 'media'
> & {
  /** Runs looked at in one turn. */
  readonly lostPage?: number;
};

const askAfterMs = 30_000;
const askAgainAfterMs = 60_000;
/** Runs wait to be started for as long as the budget of starts makes them: asking about those would only add to the load. */
const unstartedAfterMs = 300_000;

/** Gives a new home to people of runs whose workflow is not open any more (protocol 13). */
export const lost = defineSweep({
  name: 'lost',
  every: 15_000,
  create: (deps) => {
    const examine = createLostRuns(deps);
    return ({ all }) => examine(all ? 0 : askAfterMs);
  },
});

/**
 * Runs whose workflow is not open any more. Each turn asks Temporal about the next page of runs and goes round, so that
 * however many healthy runs stay open for weeks, every run is come to.
 */
export function createLostRuns(deps: Deps) {
  const limit = deps.lostPage ?? 500;
  const asked = new Map<string, number>();
  const cursors: { running: OpenRun | null; unstarted: OpenRun | null } = { running: null, unstarted: null };

  const help = async (run: OpenRun, begun: boolean): Promise<boolean> => {
    const { workspaceId, runId } = run;
    const state = await workflowState(deps.client(), runId);
    if (state === 'open') {
      // A wake-up that was lost with its process is made up for here.
      if (run.kind === 'code') deps.onArrived(workspaceId, { runs: [], wake: [runId] });
      return false;
    }
    // The sweep of unstarted runs starts what Temporal never heard of.
    if (state === 'unknown' && !begun) return false;
    const now = deps.clock.now();
    if (run.kind === 'code' && state === 'returned') {
      deps.log.warn({ run: runId }, 'a code run returned without ending its people; they are ended');
      await inWorkspace(deps.db, workspaceId, async (tx) => {
        await endReturnedRun(deps.arrivalDeps, { tx, workspaceId, now }, runId);
        await deps.failPoints.reach('end_returned.before_commit');
      });
      await deps.failPoints.reach('end_returned.after_commit');
      deps.onArrived(workspaceId, { runs: [], wake: [] });
      return false;
    }
    if (run.kind === 'code') {
      // The same workflow again: its calls meet the same ledger and get the same results.
      const ref = await inWorkspace(deps.db, workspaceId, (tx) =>
        readRun({ tx, workspaceId }, runId, deps.arrivalDeps),
      );
      if (ref !== null) deps.starter.start([ref]);
      return false;
    }
    const runs = await inWorkspace(deps.db, workspaceId, async (tx) => {
      const made = await rehome(deps.arrivalDeps, { tx, workspaceId, now }, runId);
      await deps.failPoints.reach('rehome.before_commit');
      return made;
    });
    await deps.failPoints.reach('rehome.after_commit');
    deps.starter.start(runs);
    return true;
  };

  const turn = async (
    after: OpenRun | null,
    list: (page: RunPage) => Promise<OpenRun[]>,
    begun: boolean,
    askedBefore: number,
  ): Promise<{ readonly after: OpenRun | null; readonly homes: number }> => {
    const runs = await list({ limit, after });
    let homes = 0;
    const due = runs.filter((run) => (asked.get(run.runId) ?? Number.NEGATIVE_INFINITY) <= askedBefore);
    await inEach(deps.log, 'lost', due, async (run) => {
      asked.set(run.runId, deps.clock.now().getTime());
      if (await help(run, begun)) homes += 1;
    });
    return { after: runs.length < limit ? null : (runs.at(-1) ?? null), homes };
  };

  /**
   * Looks at the next page of runs that are older than `olderThanMs`; at all of them, asked about lately or not, where that is 0.
   *
   * @returns how many gave their people a new home.
   */
  return async (olderThanMs: number): Promise<number> => {
    const now = deps.clock.now().getTime();
    const before = new Date(now - olderThanMs);
    const storedBefore = new Date(now - (olderThanMs === 0 ? 0 : Math.max(olderThanMs, unstartedAfterMs)));
    const askedBefore = olderThanMs === 0 ? Number.POSITIVE_INFINITY : now - askAgainAfterMs;
    if (olderThanMs === 0) {
      cursors.running = null;
      cursors.unstarted = null;
    }
    let homes = 0;
    do {
      const begun = await turn(cursors.running, (page) => runningRuns(deps.db, before, page), true, askedBefore);
      cursors.running = begun.after;
      homes += begun.homes;
    } while (olderThanMs === 0 && cursors.running !== null);
    do {
      const stored = await turn(
        cursors.unstarted,
        (page) => unstartedRuns(deps.db, storedBefore, page),
        false,
        askedBefore,
      );
      cursors.unstarted = stored.after;
      homes += stored.homes;
    } while (olderThanMs === 0 && cursors.unstarted !== null);
    if (asked.size > 10_000) asked.clear();
    return homes;
  };
}

/** `unknown` only where Temporal says that there is no such workflow; a Temporal that does not answer proves nothing. */
async function workflowState(client: Client, runId: string): Promise<'open' | 'returned' | 'failed' | 'unknown'> {
  try {
    const { status } = await client.workflow.getHandle(runWorkflowId(runId)).describe();
    if (status.name === 'COMPLETED') return 'returned';
    return ['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'].includes(status.name) ? 'failed' : 'open';
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'unknown' : 'open';
  }
}
