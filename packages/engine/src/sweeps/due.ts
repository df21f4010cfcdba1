import { sql } from 'kysely';
import { type ArrivedPage, commitPage, type PageDeps, takeInPages } from '../cohorts/arrival-pages.ts';
import { type ArrivalDeps, arrive } from '../cohorts/arrivals.ts';
import { runSize } from '../cohorts/run-ref.ts';
import type { Db } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import { positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { defineSweep } from './define-sweep.ts';

/** Moves people on whose waits and sleeps are over. */
export const due = defineSweep({
  name: 'due',
  every: 'quick',
  again: (moved) => moved > 0,
  create: (deps) => () => sweepDue(deps),
});

/** Moves parked people who are due, in every workspace; returns how many. */
export async function sweepDue(deps: ArrivalDeps & PageDeps): Promise<number> {
  const workspaces = await workspacesDue(deps.db, deps.clock.now());
  return takeInPages(deps.log, { sweep: 'due', size: runSize }, workspaces, (workspaceId) =>
    commitPage(deps, 'due', workspaceId, (work) => moveDue(deps, work)),
  );
}

type Parked = {
  id: string;
  flow_id: string;
  version_id: string;
  contact_id: string;
  run_id: string | null;
  cohort: number;
  hop: number;
  step: number;
  due_outlet: number | null;
  waiting_event: string | null;
};

/** Workspaces in which somebody is due. */
async function workspacesDue(db: Db, now: Date): Promise<string[]> {
  const rows = await sql<{ workspace_id: string }>`
    SELECT DISTINCT workspace_id FROM enrollments WHERE due_at <= ${now} AND state = ${sql.lit(positionState.parked)}`.execute(
    db.router,
  );
  return rows.rows.map((row) => row.workspace_id);
}

/** Moves the parked people who are due, a run's worth, whatever run they came from. First commit wins against an event. */
async function moveDue(deps: ArrivalDeps, work: Work): Promise<ArrivedPage> {
  const { tx, workspaceId, now } = work;
  const rows = await sql<Parked>`
    SELECT id, flow_id, version_id, contact_id, run_id, cohort, hop, step, due_outlet, waiting_event FROM enrollments
    WHERE workspace_id = ${workspaceId} AND due_at <= ${now} AND state = ${sql.lit(positionState.parked)}
    ORDER BY due_at, id LIMIT ${runSize} FOR NO KEY UPDATE SKIP LOCKED`.execute(tx);
  const arrived = await arrive(
    deps,
    work,
    rows.rows.map((row) => ({
      id: row.id,
      versionId: row.version_id,
      hop: row.hop,
      step: row.step,
      outlet: row.due_outlet ?? 0,
      eventId: null,
      reason: row.waiting_event === null ? null : { code: 'timed_out' },
      codeRun: row.run_id === null ? null : { runId: row.run_id, cohort: row.cohort },
    })),
  );
  if (rows.rows.length > 0) {
    await writeFeed(work, {
      flowIds: [...new Set(rows.rows.map((row) => row.flow_id))],
      contactIds: rows.rows.map((row) => row.contact_id),
      counts: true,
    });
  }
  return { ...arrived, taken: rows.rows.length };
}
