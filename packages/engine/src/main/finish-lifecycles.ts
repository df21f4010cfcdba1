import { sql } from 'kysely';
import { inWorkspace } from '../db/database.ts';
import { endFlow, releaseFlow } from '../flows/lifecycle.ts';
import type { Engine } from './engine.ts';

/** Goes on with resuming and stopping flows where an earlier process was ended in the middle. */
export async function finishLifecycles(
  engine: Pick<Engine, 'db' | 'clock' | 'log' | 'arrivalDeps' | 'onArrived'>,
  workspaces: readonly string[],
): Promise<void> {
  const deps = { ...engine.arrivalDeps, db: engine.db, clock: engine.clock };
  for (const workspaceId of workspaces) {
    try {
      const flows = await inWorkspace(engine.db, workspaceId, (tx) =>
        sql<{ id: string; state: string }>`
          SELECT f.id, f.state FROM flows f WHERE f.workspace_id = ${workspaceId} AND (
            (f.state = 'live' AND EXISTS (SELECT 1 FROM enrollments e WHERE e.workspace_id = f.workspace_id AND e.flow_id = f.id AND e.state = 4))
            OR (f.state = 'stopped' AND EXISTS (SELECT 1 FROM enrollments e WHERE e.workspace_id = f.workspace_id AND e.flow_id = f.id)))`.execute(
          tx,
        ),
      );
      for (const flow of flows.rows) {
        if (flow.state === 'stopped') await endFlow(deps, workspaceId, flow.id);
        else await releaseFlow(deps, workspaceId, flow.id, (runs) => engine.onArrived(workspaceId, { runs, wake: [] }));
      }
    } catch (error) {
      engine.log.error(
        { err: error, workspace: workspaceId },
        'resuming or stopping a flow could not be finished; the next start tries again',
      );
    }
  }
}
