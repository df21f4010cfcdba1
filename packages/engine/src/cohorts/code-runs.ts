import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { type Db, inWorkspace } from '../db/database.ts';
import { positionState, runState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { type LoadedVersion, loadOrBare, stepAt } from '../versions/version-cache.ts';
import { abandonRun } from './abandon-run.ts';
import type { ArrivalDeps } from './arrivals.ts';
import { closeCall, emptyResult, openCall } from './call-ledger.ts';
import { endPositions } from './end-positions.ts';
import { finishPositions } from './positions.ts';
import type { CodeProgress, CodeQuery, StepCall, StepResult } from './run-contract.ts';
import { cohortsPerCall } from './run-contract.ts';
import { noRuns, type RunRef } from './run-ref.ts';
import type { CohortDeps } from './run-step.ts';

/**
 * Who of a code call is still parked. Once nobody is, how many stand ready by cohort is stored in the call's ledger entry and returned
 * by every later look: people move on, and a workflow that begins again must see what the first one saw (protocol 1).
 */
export async function codeProgress(db: Db, query: CodeQuery): Promise<CodeProgress> {
  const call = (query.firstCohort - 1) / cohortsPerCall;
  return inWorkspace(db, query.workspaceId, async (tx) => {
    const entries = await sql<{ collected: Record<number, number> | null }>`
      SELECT collected FROM run_steps WHERE workspace_id = ${query.workspaceId} AND run_id = ${query.runId} AND call = ${call}
      FOR NO KEY UPDATE`.execute(tx);
    const entry = entries.rows[0];
    if (entry === undefined) return { waiting: 0, sizes: {} };
    if (entry.collected !== null) return { waiting: 0, sizes: entry.collected };
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
    if (waiting === 0) {
      await sql`
        UPDATE run_steps SET collected = ${JSON.stringify(sizes)}::jsonb
        WHERE workspace_id = ${query.workspaceId} AND run_id = ${query.runId} AND call = ${call}`.execute(tx);
    }
    return { waiting, sizes };
  });
}

/** Ends everyone still in the run and closes it, under the call's ledger entry. */
export async function endCodeRun(deps: CohortDeps, call: StepCall): Promise<StepResult> {
  const result = await inWorkspace(deps.db, call.workspaceId, async (tx) => {
    const work: Work = { tx, workspaceId: call.workspaceId, now: new Date(call.now) };
    const opened = await openCall(tx, call);
    if (opened.kind === 'repeat') return opened.result;
    if (opened.kind === 'nothing') return emptyResult;
    if (opened.kind === 'mismatch') return abandonRun(deps, work, call, opened);
    let ended = emptyResult;
    if (opened.kind === 'open') {
      const reasons = { ready: null, parked: { code: 'flow_returned' } };
      ended = { ...emptyResult, ended: await endEveryone(deps, work, { ...call, ...opened }, reasons) };
    }
    await closeCall(tx, { ...call, alone: true }, ended, true);
    await deps.failPoints.reach('end_run.before_commit');
    return ended;
  });
  await deps.failPoints.reach('end_run.after_commit');
  deps.onMoved(call.workspaceId);
  return result;
}

/** Ends everyone in a code run whose workflow returned without ending them, and closes it. Nothing happens to a run that is closed. */
export async function endReturnedRun(deps: ArrivalDeps, work: Work, runId: string): Promise<void> {
  const { tx, workspaceId, now } = work;
  const open = await sql<{ version_id: string; flow_id: string }>`
    SELECT version_id, flow_id FROM runs WHERE workspace_id = ${workspaceId} AND id = ${runId} AND lane = 'code' AND state <> ${sql.lit(runState.closed)}
    FOR NO KEY UPDATE`.execute(tx);
  const run = open.rows[0];
  if (run === undefined) return;
  const reason = { code: 'workflow_returned' };
  const of = { runId, versionId: run.version_id, flowId: run.flow_id };
  await endEveryone(deps, work, of, { ready: reason, parked: reason });
  await sql`UPDATE runs SET state = ${sql.lit(runState.closed)}, closed_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${runId}`.execute(
    tx,
  );
}

type Ending = {
  readonly runId: string;
  readonly versionId: string;
  readonly flowId: string;
};

/** Finishes everyone of a run: what is queued for those who do not wait for it still goes out. Kept replies are routed on. */
async function endEveryone(
  deps: ArrivalDeps,
  work: Work,
  { runId, versionId, flowId }: Ending,
  reasons: { readonly ready: Reason | null; readonly parked: Reason },
): Promise<number> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ id: string; step: number; state: number; hop: number; event_id: string | null }>`
    SELECT id, step, state, hop, event_id FROM enrollments
    WHERE workspace_id = ${workspaceId} AND run_id = ${runId} ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const version = await loadOrBare(deps.versions, work, { id: versionId, flowId });
  const [parked, ready] = [
    rows.rows.filter((row) => row.state === positionState.parked),
    rows.rows.filter((row) => row.state !== positionState.parked),
  ];
  await finishPositions(
    work,
    ready.map((row) => ({ id: row.id, outcome: 'finished', step: row.step, reason: reasons.ready })),
  );
  const waiting = parked.map((row) => ({ id: row.id, hop: row.hop, step: row.step, eventId: row.event_id }));
  await endPositions(work, version, waiting, 'finished', reasons.parked);
  return rows.rows.length;
}

/** What a code flow's run needs to begin, from its version. */
export function codeRunRef(version: LoadedVersion, workspaceId: string, runId: string, size: number): RunRef {
  return {
    workspaceId,
    runId,
    kind: 'code',
    step: 0,
    label: version.workflow ?? '',
    code: {
      workflowType: version.workflow ?? '',
      ranks: Object.fromEntries(version.steps.map((step) => [step.id, step.rank])),
      outlets: Object.fromEntries(version.steps.map((step) => [step.id, step.outlets.map(({ id }) => id)])),
      size,
    },
  };
}

/** Lets people into a code flow: ready in a new run of their own, before its first declared step. */
export async function enrollInCode(
  deps: ArrivalDeps,
  { tx, workspaceId, now }: Work,
  request: { readonly version: LoadedVersion; readonly contactIds: readonly string[] },
): Promise<{ readonly enrolled: number; readonly alreadyInFlow: number; readonly runs: readonly RunRef[] }> {
  const { version, contactIds } = request;
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
