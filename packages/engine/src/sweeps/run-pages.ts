import { sql } from 'kysely';
import type { ArrivalDeps } from '../cohorts/arrivals.ts';
import { codeRunRef } from '../cohorts/code-runs.ts';
import type { RunKind } from '../cohorts/run-contract.ts';
import type { RunRef } from '../cohorts/run-ref.ts';
import type { Db } from '../db/database.ts';
import { runState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';

/** A run whose workflow may be gone. */
export type OpenRun = {
  readonly workspaceId: string;
  readonly runId: string;
  readonly kind: RunKind;
  /** Since when it has been stored, or running, as the database writes it: with the id, where a page ends. */
  readonly since: string;
};

/** A page of runs: oldest first, after the last one of the page before. */
export type RunPage = { readonly limit: number; readonly after: OpenRun | null };

/** Runs that were stored and never made a call, older than `before`. The sweep `unstarted` starts them; `lost` asks Temporal where that did not help. */
export async function unstartedRuns(db: Db, before: Date, page: RunPage): Promise<OpenRun[]> {
  const [since, id] = [page.after?.since ?? null, page.after?.runId ?? null];
  return openRuns(
    await sql<RawRun>`
    SELECT workspace_id, id, lane AS kind, created_at::text AS since FROM runs
    WHERE state = ${sql.lit(runState.unstarted)} AND created_at <= ${before} AND (${since}::timestamptz IS NULL OR (created_at, id) > (${since}::timestamptz, ${id}::uuid))
    ORDER BY created_at, id LIMIT ${page.limit}`.execute(db.router),
  );
}

/** Runs that should have an open workflow, started before `before` (the sweep `lost` asks Temporal about each). */
export async function runningRuns(db: Db, before: Date, page: RunPage): Promise<OpenRun[]> {
  const [since, id] = [page.after?.since ?? null, page.after?.runId ?? null];
  return openRuns(
    await sql<RawRun>`
    SELECT workspace_id, id, lane AS kind, started_at::text AS since FROM runs
    WHERE state = ${sql.lit(runState.started)} AND started_at <= ${before} AND (${since}::timestamptz IS NULL OR (started_at, id) > (${since}::timestamptz, ${id}::uuid))
    ORDER BY started_at, id LIMIT ${page.limit}`.execute(db.router),
  );
}

type RawRun = { workspace_id: string; id: string; kind: RunKind; since: string };

function openRuns(result: { readonly rows: readonly RawRun[] }): OpenRun[] {
  return result.rows.map(({ workspace_id, id, kind, since }) => ({
    workspaceId: workspace_id,
    runId: id,
    kind,
    since,
  }));
}

/** What an unstarted run's workflow needs. Null where it has begun since. */
export async function readRun(work: Scope, runId: string, deps: ArrivalDeps): Promise<RunRef | null> {
  const { tx, workspaceId } = work;
  const run = await tx
    .selectFrom('runs')
    .select(['version_id', 'lane as kind', 'step', 'state', 'size'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', runId)
    .executeTakeFirst();
  if (run === undefined || (run.state !== runState.unstarted && run.kind !== 'code') || run.state === runState.closed)
    return null;
  const version = await deps.versions.load({ tx, workspaceId }, run.version_id);
  if (run.kind === 'code') return codeRunRef(version, workspaceId, runId, run.size);
  const step = version.steps[run.step];
  return {
    workspaceId,
    runId,
    kind: run.kind === 'bulk' ? 'bulk' : 'interactive',
    step: run.step,
    label: `${step?.type ?? 'step'} ${step?.id ?? run.step}`,
  };
}
