import { sql } from 'kysely';
import type { ArrivalDeps, Arrived } from '../cohorts/arrivals.ts';
import { endEnrollments } from '../cohorts/end-enrollments.ts';
import { changeFlowState } from '../cohorts/flow-state.ts';
import { type ReleasedPeople, releaseHeld } from '../cohorts/release-held.ts';
import type { RunRef } from '../cohorts/run-ref.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import type { Work } from '../db/work.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import { writeTriggers } from './publish.ts';

/** Raises the pause flag. Waits for the share locks of step calls and claims under way; every later one sees it. */
export async function pauseFlow(work: Work, flowId: string): Promise<boolean> {
  return changeFlowState(work, flowId, { from: ['live'], to: 'paused' });
}

/** Lowers the pause flag; `releaseFlowPeople` then forms runs from those who were held. */
export async function resumeFlow(work: Work, flowId: string): Promise<boolean> {
  return changeFlowState(work, flowId, { from: ['paused'], to: 'live' });
}

/**
 * Takes a stopped flow's flag away and puts the triggers of its last version back. `endFlow` must have ended everyone who
 * was inside when it was stopped.
 *
 * @returns false where it is not stopped, or was never published.
 * @throws the database's error 23505 where another flow has one of its keywords by now.
 */
export async function startFlow(deps: Pick<ArrivalDeps, 'versions'>, work: Work, flowId: string): Promise<boolean> {
  const { tx, workspaceId } = work;
  const flow = await tx
    .selectFrom('flows')
    .select('live_version_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .executeTakeFirst();
  const versionId = flow?.live_version_id ?? null;
  if (versionId === null || !(await changeFlowState(work, flowId, { from: ['stopped'], to: 'live' }))) return false;
  const version = await deps.versions.load({ tx, workspaceId }, versionId);
  const entries = version.steps.map((step) => ({ step: step.rank, trigger: step.bound.trigger() }));
  await writeTriggers(work, { flowId, versionId }, entries);
  return true;
}

/**
 * Raises the stop flag and takes the triggers away; `endFlow` then ends everyone inside. The versions it stopped are written down, so
 * that the flow may be published again while people are still being ended.
 */
export async function stopFlow(work: Work, flowId: string): Promise<boolean> {
  const { tx, workspaceId } = work;
  const stopped = await changeFlowState(work, flowId, { from: ['live', 'paused'], to: 'stopped' });
  if (stopped) {
    await sql`
      UPDATE flows SET stopped_through = (
        SELECT max(number) FROM flow_versions v WHERE v.workspace_id = ${workspaceId} AND v.flow_id = ${flowId}
      ) WHERE workspace_id = ${workspaceId} AND id = ${flowId}`.execute(tx);
    await tx
      .deleteFrom('flow_triggers')
      .where('workspace_id', '=', workspaceId)
      .where('flow_id', '=', flowId)
      .execute();
    await sql`UPDATE enrollment_batches SET state = 'stopped', contact_ids = NULL WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND state = 'running'`.execute(
      tx,
    );
  }
  return stopped;
}

type Deps = ArrivalDeps & { readonly db: Db; readonly clock: Clock; readonly failPoints: FailPoints };

/**
 * Forms runs from everyone who is held, page by page, each in its own transaction. Safe to repeat after a crash.
 *
 * @param options.all also those held because something of ours failed: for somebody who resumes the flow, not for a sweep.
 */
export async function releaseFlowPeople(
  deps: Deps,
  workspaceId: string,
  flowId: string,
  onRuns: (runs: readonly RunRef[]) => void,
  options: { readonly all: boolean } = { all: true },
): Promise<void> {
  let after: string | null = null;
  do {
    const page: ReleasedPeople = await inWorkspace(deps.db, workspaceId, async (tx) => {
      const released = await releaseHeld(deps, { tx, workspaceId, now: deps.clock.now() }, flowId, {
        after,
        all: options.all,
      });
      await deps.failPoints.reach('release_held.before_commit');
      return released;
    });
    await deps.failPoints.reach('release_held.after_commit');
    onRuns(page.runs);
    after = page.after;
  } while (after !== null);
}

const endingPage = 1_000;

/**
 * Ends everyone whom a stop found inside, page by page. A page holds the flow's row, so nobody can be let in by a new version meanwhile:
 * while the flow is stopped that is everyone; where it was published again since, those of the versions that were stopped.
 * Safe to repeat after a crash.
 */
export async function endFlow(
  deps: Deps & { readonly onArrived?: (workspaceId: string, arrived: Arrived) => void },
  workspaceId: string,
  flowId: string,
): Promise<number> {
  let total = 0;
  for (;;) {
    const page = await inWorkspace(deps.db, workspaceId, async (tx) => {
      const ended = await endPage(deps, { tx, workspaceId, now: deps.clock.now() }, flowId);
      await deps.failPoints.reach('end_flow.before_commit');
      return ended;
    });
    await deps.failPoints.reach('end_flow.after_commit');
    if (page.ended > 0) deps.onArrived?.(workspaceId, { runs: [], wake: page.wake });
    total += page.ended;
    if (page.ended < endingPage) break;
  }
  // Published again and nobody left of before: nothing to come back to.
  await inWorkspace(deps.db, workspaceId, (tx) =>
    sql`UPDATE flows SET stopped_through = NULL WHERE workspace_id = ${workspaceId} AND id = ${flowId} AND state <> 'stopped'`.execute(
      tx,
    ),
  );
  return total;
}

async function endPage(
  deps: Deps,
  work: Work,
  flowId: string,
): Promise<{ readonly ended: number; readonly wake: readonly string[] }> {
  const { tx, workspaceId } = work;
  const flows = await sql<{ state: string; stopped_through: number | null }>`
    SELECT state, stopped_through FROM flows WHERE workspace_id = ${workspaceId} AND id = ${flowId} FOR SHARE`.execute(
    tx,
  );
  const flow = flows.rows[0];
  if (flow === undefined) return { ended: 0, wake: [] };
  const versions =
    flow.state === 'stopped'
      ? sql``
      : sql`AND version_id IN (
          SELECT id FROM flow_versions WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND number <= ${flow.stopped_through ?? 0})`;
  const rows = await sql<{ id: string; version_id: string; hop: number; step: number; event_id: string | null }>`
    SELECT id, version_id, hop, step, event_id FROM enrollments WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} ${versions}
    ORDER BY id LIMIT ${endingPage} FOR NO KEY UPDATE`.execute(tx);
  const enrollments = rows.rows.map((row) => ({
    id: row.id,
    flowId,
    versionId: row.version_id,
    hop: row.hop,
    step: row.step,
    eventId: row.event_id,
  }));
  const { wake } = await endEnrollments(deps, work, enrollments, 'stopped', { code: 'flow_stopped' });
  return { ended: enrollments.length, wake };
}
