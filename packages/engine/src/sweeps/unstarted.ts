import type { RunRef } from '../cohorts/run-ref.ts';
import { inWorkspace } from '../db/database.ts';
import { inEach } from '../runtime/in-each.ts';
import { defineSweep } from './define-sweep.ts';
import { type OpenRun, readRun, unstartedRuns } from './run-pages.ts';

const unstartedAfterMs = 5_000;
const page = 500;

/** Starts runs that were stored and never began: their process ended between the commit and the start, or the start failed (protocol 13). */
export const unstarted = defineSweep({
  name: 'unstarted',
  every: 2_000,
  create: (deps) => {
    // Pages go round: runs that cannot be started keep no others from it.
    let after: OpenRun | null = null;
    return async ({ all }) => {
      const before = new Date(deps.clock.now().getTime() - (all ? 0 : unstartedAfterMs));
      const runs = await unstartedRuns(deps.db, before, { limit: page, after });
      after = runs.length < page ? null : (runs.at(-1) ?? null);
      const refs: RunRef[] = [];
      await inEach(deps.log, 'unstarted', runs, async ({ workspaceId, runId }) => {
        const ref = await inWorkspace(deps.db, workspaceId, (tx) =>
          readRun({ tx, workspaceId }, runId, deps.arrivalDeps),
        );
        if (ref !== null) refs.push(ref);
      });
      deps.starter.start(refs);
      return refs.length;
    };
  },
});
