import { sql } from 'kysely';
import { listWorkspaces } from '../access/workspaces.ts';
import type { RunRef } from '../cohorts/run-ref.ts';
import { inWorkspace } from '../db/database.ts';
import { positionState } from '../db/states.ts';
import { endFlow, releaseFlowPeople } from '../flows/lifecycle.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';

/** Goes on with resuming and stopping flows: at a start, and where one was interrupted. */
export const lifecycles = defineSweep({
  name: 'lifecycles',
  every: 60_000,
  create: (deps) => async () => {
    await finishLifecycles(deps, await listWorkspaces(deps.db));
    return 0;
  },
});

/** Goes on with resuming and stopping flows where an earlier process was ended in the middle, and lets on whom another build could not read. */
export async function finishLifecycles(
  engine: Pick<SweepDeps, 'db' | 'clock' | 'log' | 'failPoints' | 'arrivalDeps' | 'onArrived'>,
  workspaces: readonly string[],
): Promise<void> {
  const { db, clock, failPoints, onArrived } = engine;
  const deps = { ...engine.arrivalDeps, db, clock, failPoints, onArrived };
  for (const workspaceId of workspaces) {
    try {
      const flows = await inWorkspace(engine.db, workspaceId, (tx) =>
        sql<{ id: string; ending: boolean }>`
          SELECT f.id, s.ending FROM flows f CROSS JOIN LATERAL (SELECT
            f.state = 'live' AND EXISTS (
              SELECT 1 FROM enrollments e WHERE e.workspace_id = f.workspace_id AND e.flow_id = f.id AND e.state = ${sql.lit(positionState.held)}
                AND (e.held_reason IS NULL OR e.held_reason = 'version_unreadable')) AS releasing,
            (f.state = 'stopped' OR f.stopped_through IS NOT NULL) AND EXISTS (
              SELECT 1 FROM enrollments e LEFT JOIN flow_versions v ON v.workspace_id = e.workspace_id AND v.id = e.version_id
              WHERE e.workspace_id = f.workspace_id AND e.flow_id = f.id AND (f.state = 'stopped' OR v.number <= f.stopped_through)) AS ending
          ) s WHERE f.workspace_id = ${workspaceId} AND (s.releasing OR s.ending)`.execute(tx),
      );
      const onRuns = (runs: readonly RunRef[]) => engine.onArrived(workspaceId, { runs, wake: [] });
      for (const flow of flows.rows) {
        if (flow.ending) await endFlow(deps, workspaceId, flow.id);
        else await releaseFlowPeople(deps, workspaceId, flow.id, onRuns, { all: false });
      }
    } catch (error) {
      engine.log.error(
        { err: error, workspace: workspaceId },
        'resuming or stopping a flow could not be finished; the next start tries again',
      );
    }
  }
}
