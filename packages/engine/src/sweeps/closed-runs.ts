import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
import { runState } from '../db/states.ts';
import { defineSweep } from './define-sweep.ts';

/** Closed runs and their ledgers are of no more use after this. */
const keepClosedMs = 7 * 86_400_000;
const page = 500;

/** Deletes runs that were closed a week ago, with their ledgers. */
export const closedRuns = defineSweep({
  name: 'closed-runs',
  every: 60_000,
  again: (deleted) => deleted === page,
  create: (deps) => () => pruneRuns(deps.db, new Date(deps.clock.now().getTime() - keepClosedMs), page),
});

/**
 * Deletes runs that were closed before `before`, with their ledgers, oldest first and at most `limit`: found by an index, in one short
 * transaction for each workspace. A call that comes later still finds no run and changes nothing.
 *
 * @returns how many runs it deleted.
 */
async function pruneRuns(db: Db, before: Date, limit: number): Promise<number> {
  const old = await sql<{ workspace_id: string; id: string }>`
    SELECT workspace_id, id FROM runs WHERE state = ${sql.lit(runState.closed)} AND closed_at < ${before} ORDER BY closed_at LIMIT ${limit}`.execute(
    db.router,
  );
  for (const [workspaceId, runs] of Map.groupBy(old.rows, (row) => row.workspace_id)) {
    const ids = runs.map((row) => row.id);
    await inWorkspace(db, workspaceId, async (tx) => {
      await sql`DELETE FROM run_steps WHERE workspace_id = ${workspaceId} AND run_id = ANY(${ids}::uuid[])`.execute(tx);
      await sql`DELETE FROM runs WHERE workspace_id = ${workspaceId} AND id = ANY(${ids}::uuid[]) AND state = ${sql.lit(runState.closed)}`.execute(
        tx,
      );
    });
  }
  return old.rows.length;
}
