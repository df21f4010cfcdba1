import { sql } from 'kysely';
import { type ArrivalDeps, createRun } from '../cohorts/arrivals.ts';
import { holdForReason } from '../cohorts/hold.ts';
import type { RunRef } from '../cohorts/run-ref.ts';
import { positionState, runState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { loadReadable } from '../versions/version-cache.ts';

/**
 * Gives a home to the people of a run whose workflow is not open (the sweep `lost`): the ready ones go into new runs at the same place, the
 * sleeping ones park until they are due, and the run is closed, so that a workflow that shows up after all changes nothing. Where this
 * build cannot read the version, the ready ones are held.
 */
export async function rehome(deps: ArrivalDeps, work: Work, runId: string): Promise<readonly RunRef[]> {
  const { tx, workspaceId, now } = work;
  const open = await sql<{ version_id: string }>`
    SELECT version_id FROM runs WHERE workspace_id = ${workspaceId} AND id = ${runId} AND state <> ${sql.lit(runState.closed)} FOR NO KEY UPDATE`.execute(
    tx,
  );
  const versionId = open.rows[0]?.version_id;
  if (versionId === undefined) return [];
  const version = await loadReadable(deps.versions, work, versionId);
  const rows = await sql<{ id: string; step: number; state: number }>`
    SELECT id, step, state FROM enrollments WHERE workspace_id = ${workspaceId} AND run_id = ${runId} ORDER BY id FOR NO KEY UPDATE`.execute(
    tx,
  );
  const runs: RunRef[] = [];
  const ready = rows.rows.filter((row) => row.state === positionState.ready);
  if (version === null) {
    await holdForReason(
      work,
      ready.map((row) => row.id),
      'version_unreadable',
    );
  } else {
    for (const [step, people] of Map.groupBy(ready, (row) => row.step)) {
      const run = await createRun(deps, work, { version, step, size: people.length });
      runs.push(run);
      await sql`
        UPDATE enrollments SET run_id = ${run.runId}, cohort = 0
        WHERE workspace_id = ${workspaceId} AND id = ANY(${people.map((row) => row.id)}::uuid[])`.execute(tx);
    }
  }
  await sql`
    UPDATE enrollments SET state = ${positionState.parked}, run_id = NULL, cohort = 0
    WHERE workspace_id = ${workspaceId} AND run_id = ${runId} AND state = ${positionState.asleep}`.execute(tx);
  await sql`UPDATE runs SET state = ${sql.lit(runState.closed)}, closed_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${runId}`.execute(
    tx,
  );
  return runs;
}
