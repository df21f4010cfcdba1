import { sql } from 'kysely';
import type { ArrivalDeps, RunRef } from '../cohorts/arrivals.ts';
import { endPositions } from '../cohorts/end-positions.ts';
import { releaseHeld } from '../cohorts/sweeps.ts';
import { type Db, inWorkspace, type WorkspaceTx } from '../db/database.ts';
import { writeFeed } from '../feed/store.ts';
import type { Clock } from '../runtime/clock.ts';
import { writeTriggers } from './publish.ts';

/** Raises the pause flag. Waits for the share locks of step calls and claims under way; every later one sees it. */
export async function pauseFlow(tx: WorkspaceTx, workspaceId: string, flowId: string, now: Date): Promise<boolean> {
  return setState(tx, workspaceId, flowId, ['live'], 'paused', now);
}

/** Lowers the pause flag; `releaseFlow` then forms runs from those who were held. */
export async function resumeFlow(tx: WorkspaceTx, workspaceId: string, flowId: string, now: Date): Promise<boolean> {
  return setState(tx, workspaceId, flowId, ['paused'], 'live', now);
}

/**
 * Takes a stopped flow's flag away and puts the triggers of its last version back. `endFlow` must have ended everyone who
 * was inside when it was stopped.
 *
 * @returns false where it is not stopped, or was never published.
 * @throws the database's error 23505 where another flow has one of its keywords by now.
 */
export async function startFlow(
  deps: Pick<ArrivalDeps, 'versions'>,
  tx: WorkspaceTx,
  workspaceId: string,
  flowId: string,
  now: Date,
): Promise<boolean> {
  const flow = await tx
    .selectFrom('flows')
    .select('live_version_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .executeTakeFirst();
  const versionId = flow?.live_version_id ?? null;
  if (versionId === null || !(await setState(tx, workspaceId, flowId, ['stopped'], 'live', now))) return false;
  const version = await deps.versions.load(tx, workspaceId, versionId);
  const entries = version.steps.map((step) => ({ step: step.rank, trigger: step.bound.trigger() }));
  await writeTriggers(tx, workspaceId, { flowId, versionId }, entries);
  return true;
}

/** Raises the stop flag and takes the triggers away; `endFlow` then ends everyone inside. */
export async function stopFlow(tx: WorkspaceTx, workspaceId: string, flowId: string, now: Date): Promise<boolean> {
  const stopped = await setState(tx, workspaceId, flowId, ['live', 'paused'], 'stopped', now);
  if (stopped) {
    await tx
      .deleteFrom('flow_triggers')
      .where('workspace_id', '=', workspaceId)
      .where('flow_id', '=', flowId)
      .execute();
    await sql`UPDATE enrollment_batches SET state = 'stopped' WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND state = 'running'`.execute(
      tx,
    );
  }
  return stopped;
}

async function setState(
  tx: WorkspaceTx,
  workspaceId: string,
  flowId: string,
  from: readonly string[],
  to: string,
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    UPDATE flows SET state = ${to}, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND id = ${flowId} AND state = ANY(${[...from]}::text[]) RETURNING 1`.execute(
    tx,
  );
  if (rows.rows.length > 0) await writeFeed(tx, workspaceId, { flowIds: [flowId], counts: true }, now);
  return rows.rows.length > 0;
}

type Deps = ArrivalDeps & { readonly db: Db; readonly clock: Clock };

/** Forms runs from everyone a pause held, page by page, each in its own transaction. Safe to repeat after a crash. */
export async function releaseFlow(
  deps: Deps,
  workspaceId: string,
  flowId: string,
  onRuns: (runs: readonly RunRef[]) => void,
): Promise<void> {
  for (;;) {
    const page = await inWorkspace(deps.db, workspaceId, (tx) =>
      releaseHeld(deps, tx, workspaceId, flowId, deps.clock.now()),
    );
    onRuns(page.runs);
    if (page.taken === 0) return;
  }
}

const endingPage = 1_000;

/** Ends everyone inside a stopped flow, page by page, for as long as it is stopped. Safe to repeat after a crash. */
export async function endFlow(deps: Deps, workspaceId: string, flowId: string): Promise<number> {
  let total = 0;
  for (;;) {
    const ended = await inWorkspace(deps.db, workspaceId, async (tx) => {
      const now = deps.clock.now();
      // Started again meanwhile: whoever is inside now came in since.
      const stopped = await sql`
        SELECT 1 FROM flows WHERE workspace_id = ${workspaceId} AND id = ${flowId} AND state = 'stopped' FOR SHARE`.execute(
        tx,
      );
      if (stopped.rows.length === 0) return 0;
      const rows = await sql<{ id: string; version_id: string; hop: number; step: number; event_id: string | null }>`
        SELECT id, version_id, hop, step, event_id FROM enrollments WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId}
        ORDER BY id LIMIT ${endingPage} FOR NO KEY UPDATE`.execute(tx);
      for (const [versionId, people] of Map.groupBy(rows.rows, (row) => row.version_id)) {
        const version = await deps.versions.load(tx, workspaceId, versionId);
        const ending = people.map((row) => ({ id: row.id, hop: row.hop, step: row.step, eventId: row.event_id }));
        await endPositions(tx, workspaceId, version, ending, 'stopped', { code: 'flow_stopped' }, now);
      }
      if (rows.rows.length > 0) await writeFeed(tx, workspaceId, { flowIds: [flowId], counts: true }, now);
      return rows.rows.length;
    });
    total += ended;
    if (ended < endingPage) return total;
  }
}
