import { sql } from 'kysely';
import { type Db, inWorkspace, type WorkspaceTx } from '../db/database.ts';
import { type LoadedVersion, stepAt } from '../flows/version-cache.ts';
import type { CodeProgress, CodeQuery, StepCall, StepResult } from '../workflows/contract.ts';
import { cohortsPerCall } from '../workflows/contract.ts';
import { type ArrivalDeps, noRuns, type RunRef } from './arrivals.ts';
import { closeCall, emptyResult, openCall } from './call-ledger.ts';
import { endPositions } from './end-positions.ts';
import { finishPositions, positionState } from './positions.ts';
import type { CohortDeps } from './run-step.ts';

/** Who of a code call is still parked, and how many stand ready by cohort. */
export async function codeProgress(db: Db, query: CodeQuery): Promise<CodeProgress> {
  return inWorkspace(db, query.workspaceId, async (tx) => {
    const rows = await sql<{ cohort: number; state: number; n: number }>`
      SELECT cohort, state, count(*)::int AS n FROM enrollments
      WHERE workspace_id = ${query.workspaceId} AND run_id = ${query.runId}
        AND cohort >= ${query.firstCohort} AND cohort < ${query.firstCohort + cohortsPerCall}
      GROUP BY cohort, state`.execute(tx);
    const sizes: Record<number, number> = {};
    let waiting = 0;
    for (const row of rows.rows) {
      if (row.state === positionState.parked) waiting += row.n;
      else sizes[row.cohort] = row.n;
    }
    return { waiting, sizes };
  });
}

/** Ends everyone still in the run and closes it, under the call's ledger entry. */
export async function endCodeRun(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  return inWorkspace(deps.db, call.workspaceId, async (tx) => {
    const opened = await openCall(tx, call);
    if (opened.kind === 'repeat') return opened.result;
    let result = emptyResult;
    if (opened.kind === 'open') {
      const now = new Date(call.now);
      const rows = await sql<{ id: string; step: number; state: number; hop: number; event_id: string | null }>`
        SELECT id, step, state, hop, event_id FROM enrollments
        WHERE workspace_id = ${call.workspaceId} AND run_id = ${call.runId} ORDER BY id FOR NO KEY UPDATE`.execute(tx);
      const parked = rows.rows.filter((row) => row.state === positionState.parked);
      const version = await deps.versions.load(tx, call.workspaceId, opened.versionId);
      await finishPositions(
        tx,
        call.workspaceId,
        rows.rows
          .filter((row) => row.state !== positionState.parked)
          .map((row) => ({ id: row.id, outcome: 'finished', step: row.step, reason: null })),
        now,
      );
      await endPositions(
        tx,
        call.workspaceId,
        version,
        parked.map((row) => ({ id: row.id, hop: row.hop, step: row.step, eventId: row.event_id })),
        'finished',
        { code: 'flow_returned' },
        now,
      );
      result = { ...emptyResult, ended: rows.rows.length };
    }
    await closeCall(tx, { ...call, alone: true }, result, true);
    return result;
  });
}

/** What a code flow's run needs to begin, from its version. */
export function codeRunRef(version: LoadedVersion, workspaceId: string, runId: string, size: number): RunRef {
  return {
    workspaceId,
    runId,
    lane: 'code',
    step: 0,
    label: version.workflow ?? '',
    code: {
      workflowType: version.workflow ?? '',
      ranks: Object.fromEntries(version.steps.map((step) => [step.id, step.rank])),
      size,
    },
  };
}

/** Lets people into a code flow: ready in a new run of their own, before its first declared step. */
export async function enrollInCode(
  deps: ArrivalDeps,
  tx: WorkspaceTx,
  request: {
    readonly workspaceId: string;
    readonly version: LoadedVersion;
    readonly contactIds: readonly string[];
    readonly now: Date;
  },
): Promise<{ readonly enrolled: number; readonly alreadyInFlow: number; readonly runs: readonly RunRef[] }> {
  const { workspaceId, version, contactIds, now } = request;
  const runId = deps.ids.uuid();
  const first = stepAt(version, 0);
  const inserted = await sql`
    INSERT INTO enrollments (workspace_id, id, flow_id, version_id, contact_id, run_id, started_at, hop, cohort, state, step)
    SELECT ${workspaceId}::uuid, x.id, ${version.flowId}::uuid, ${version.id}::uuid, x.contact_id, ${runId}::uuid, ${now}, 0, 0, ${positionState.ready}, ${first.rank}
    FROM unnest(${contactIds.map(() => deps.ids.uuid())}::uuid[], ${[...contactIds]}::uuid[]) WITH ORDINALITY AS x(id, contact_id, place)
    ORDER BY x.place ON CONFLICT (workspace_id, contact_id, flow_id) DO NOTHING RETURNING 1`.execute(tx);
  const enrolled = inserted.rows.length;
  if (enrolled === 0) return { enrolled, alreadyInFlow: contactIds.length, runs: noRuns };
  await sql`
    INSERT INTO runs (workspace_id, id, flow_id, version_id, lane, step, size, created_at)
    VALUES (${workspaceId}, ${runId}, ${version.flowId}, ${version.id}, 'code', ${first.rank}, ${enrolled}, ${now})`.execute(
    tx,
  );
  return {
    enrolled,
    alreadyInFlow: contactIds.length - enrolled,
    runs: [codeRunRef(version, workspaceId, runId, enrolled)],
  };
}
