import { testConfig } from '@signalbox/nodes/library/logic/test';
import { sql } from 'kysely';
import { commitPage } from '../cohorts/arrival-pages.ts';
import { inWorkspace } from '../db/database.ts';
import { isDue, lookAt } from '../experiments/look.ts';
import { type EndedTest, moveRest } from '../experiments/move-rest.ts';
import { listTests, lockLooks, readTest } from '../experiments/store.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep, type SweepDeps } from './define-sweep.ts';

/** Running tests that are looked at in a turn, of a workspace. */
const mostTests = 200;

/** Looks at running tests every few minutes and decides those that may be, and moves whoever waits for one that has ended. */
export const tests = defineSweep({
  name: 'tests',
  every: 2_000,
  create:
    (deps) =>
    async ({ all }) => {
      const { rows } = await sql<{ workspace_id: string }>`
        SELECT DISTINCT workspace_id FROM tests WHERE state = 'running' OR rest_moved_at IS NULL`.execute(
        deps.db.router,
      );
      let handled = 0;
      await inEach(deps.log, 'tests', rows, async ({ workspace_id: workspaceId }) => {
        handled += await lookAtTests(deps, workspaceId, all);
        handled += await moveWaiting(deps, workspaceId);
      });
      return handled;
    },
});

async function lookAtTests(deps: SweepDeps, workspaceId: string, all: boolean): Promise<number> {
  const running = await inWorkspace(deps.db, workspaceId, (tx) =>
    listTests({ tx, workspaceId }, { state: 'running', after: null, limit: mostTests }),
  );
  const due = running.filter((test) => isDue(test, deps.clock.now(), all));
  for (const { id } of due) {
    await inWorkspace(deps.db, workspaceId, async (tx) => {
      const work = { tx, workspaceId, now: deps.clock.now() };
      // Another process may have looked since, or the test have ended.
      await lockLooks(work, id);
      const test = await readTest(work, id);
      if (test === null || test.state !== 'running' || !isDue(test, work.now, all)) return;
      await lookAt(work, test);
      await deps.failPoints.reach('test_look.before_commit');
    });
    await deps.failPoints.reach('test_look.after_commit');
  }
  if (due.length > 0) deps.onArrived(workspaceId, { runs: [], wake: [] });
  return due.length;
}

async function moveWaiting(deps: SweepDeps, workspaceId: string): Promise<number> {
  const ended = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const { rows } = await sql<{ id: string; winner: string | null; config: unknown }>`
      SELECT id, winner, config FROM tests WHERE workspace_id = ${workspaceId} AND state <> 'running' AND rest_moved_at IS NULL ORDER BY id`.execute(
      tx,
    );
    return rows.map(({ id, winner, config }): EndedTest => ({ id, winner, config: testConfig.parse(config) }));
  });
  let moved = 0;
  for (const test of ended) {
    for (let taken = 1; taken > 0; moved += taken)
      taken = await commitPage(deps, 'move_tested', workspaceId, (work) => moveRest(deps.arrivalDeps, work, test));
  }
  return moved;
}
