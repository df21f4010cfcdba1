import { sql } from 'kysely';
import { type ArrivalDeps, type Arrived, arrive, createRun, type RunRef, runSize } from '../cohorts/arrivals.ts';
import { codeRunRef } from '../cohorts/code-runs.ts';
import { holdForReason } from '../cohorts/hold.ts';
import { positionState } from '../cohorts/positions.ts';
import type { Db } from '../db/database.ts';
import { writeFeed } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { loadReadable } from '../versions/version-cache.ts';

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
export async function workspacesDue(db: Db, now: Date): Promise<string[]> {
  const rows = await sql<{ workspace_id: string }>`
    SELECT DISTINCT workspace_id FROM enrollments WHERE due_at <= ${now} AND state = 3`.execute(db.router);
  return rows.rows.map((row) => row.workspace_id);
}

/** Moves the parked people who are due, a run's worth, whatever run they came from. First commit wins against an event. */
export async function moveDue(deps: ArrivalDeps, work: Work): Promise<Arrived & { readonly taken: number }> {
  const { tx, workspaceId, now } = work;
  const rows = await sql<Parked>`
    SELECT id, flow_id, version_id, contact_id, run_id, cohort, hop, step, due_outlet, waiting_event FROM enrollments
    WHERE workspace_id = ${workspaceId} AND due_at <= ${now} AND state = 3
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

/** A run whose workflow may be gone. */
export type OpenRun = {
  readonly workspaceId: string;
  readonly runId: string;
  readonly lane: 'interactive' | 'bulk' | 'code';
  /** Since when it has been stored, or running, as the database writes it: with the id, where a page ends. */
  readonly since: string;
};

/** A page of runs: oldest first, after the last one of the page before. */
export type RunPage = { readonly limit: number; readonly after: OpenRun | null };

/** Runs that were stored and never made a call, older than `before`. Sweep 1 starts them; sweep 2 asks Temporal where that did not help. */
export async function unstartedRuns(db: Db, before: Date, page: RunPage): Promise<OpenRun[]> {
  const [since, id] = [page.after?.since ?? null, page.after?.runId ?? null];
  return openRuns(
    await sql<RawRun>`
    SELECT workspace_id, id, lane, created_at::text AS since FROM runs
    WHERE state = 1 AND created_at <= ${before} AND (${since}::timestamptz IS NULL OR (created_at, id) > (${since}::timestamptz, ${id}::uuid))
    ORDER BY created_at, id LIMIT ${page.limit}`.execute(db.router),
  );
}

/** Runs that should have an open workflow, started before `before` (sweep 2 asks Temporal about each). */
export async function runningRuns(db: Db, before: Date, page: RunPage): Promise<OpenRun[]> {
  const [since, id] = [page.after?.since ?? null, page.after?.runId ?? null];
  return openRuns(
    await sql<RawRun>`
    SELECT workspace_id, id, lane, started_at::text AS since FROM runs
    WHERE state = 2 AND started_at <= ${before} AND (${since}::timestamptz IS NULL OR (started_at, id) > (${since}::timestamptz, ${id}::uuid))
    ORDER BY started_at, id LIMIT ${page.limit}`.execute(db.router),
  );
}

type RawRun = { workspace_id: string; id: string; lane: OpenRun['lane']; since: string };

function openRuns(result: { readonly rows: readonly RawRun[] }): OpenRun[] {
  return result.rows.map(({ workspace_id, id, lane, since }) => ({
    workspaceId: workspace_id,
    runId: id,
    lane,
    since,
  }));
}

/** What an unstarted run's workflow needs. Null where it has begun since. */
export async function readRun(work: Scope, runId: string, deps: ArrivalDeps): Promise<RunRef | null> {
  const { tx, workspaceId } = work;
  const run = await tx
    .selectFrom('runs')
    .select(['version_id', 'lane', 'step', 'state', 'size'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run === undefined || (run.state !== 1 && run.lane !== 'code') || run.state === 3) return null;
  const version = await deps.versions.load({ tx, workspaceId }, run.version_id);
  if (run.lane === 'code') return codeRunRef(version, workspaceId, runId, run.size);
  const step = version.steps[run.step];
  return {
    workspaceId,
    runId,
    lane: run.lane === 'bulk' ? 'bulk' : 'interactive',
    step: run.step,
    label: `${step?.type ?? 'step'} ${step?.id ?? run.step}`,
  };
}

/**
 * Gives a home to the people of a run whose workflow is not open (sweep 2): the ready ones go into new runs at the same place, the
 * sleeping ones park until they are due, and the run is closed, so that a workflow that shows up after all changes nothing. Where this
 * build cannot read the version, the ready ones are held.
 */
export async function rehome(deps: ArrivalDeps, work: Work, runId: string): Promise<readonly RunRef[]> {
  const { tx, workspaceId, now } = work;
  const open = await sql<{ version_id: string }>`
    SELECT version_id FROM runs WHERE workspace_id = ${workspaceId} AND id = ${runId} AND state <> 3 FOR NO KEY UPDATE`.execute(
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
  await sql`UPDATE runs SET state = 3, closed_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${runId}`.execute(
    tx,
  );
  return runs;
}
