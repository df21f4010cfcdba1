import { sql } from 'kysely';
import { runState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { loadOrBare } from '../versions/version-cache.ts';
import { emptyResult, type OpenedCall } from './call-ledger.ts';
import { endPositions } from './end-positions.ts';
import { holdForReason } from './hold.ts';
import type { StepCall, StepResult } from './run-contract.ts';
import type { CohortDeps } from './run-step.ts';

/**
 * Gives up a run whose workflow took another way than its ledger knows: its calls and cohorts mean nothing any more, and a result that
 * belongs to another step must never be taken for this one's. A code flow's people fail, drawn flows' are held; the run is closed, so
 * whatever its workflow still calls changes nothing.
 */
export async function abandonRun(
  deps: Pick<CohortDeps, 'versions' | 'log'>,
  work: Work,
  call: StepCall,
  opened: Extract<OpenedCall, { kind: 'mismatch' }>,
): Promise<StepResult> {
  const { tx, now } = work;
  const rows = await sql<{ id: string; step: number; hop: number; event_id: string | null }>`
    SELECT id, step, hop, event_id FROM enrollments
    WHERE workspace_id = ${call.workspaceId} AND run_id = ${call.runId} ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  deps.log.error(
    { flow: opened.flowId, run: call.runId, call: call.call, step: call.step, people: rows.rows.length },
    'a run was given up: its workflow called something else than its ledger knows',
  );
  if (opened.code) {
    const { versionId: id, flowId } = opened;
    const version = await loadOrBare(deps.versions, work, { id, flowId });
    const ending = rows.rows.map((row) => ({ id: row.id, hop: row.hop, step: row.step, eventId: row.event_id }));
    await endPositions(work, version, ending, 'failed', {
      code: 'call_mismatch',
    });
  } else {
    await holdForReason(
      work,
      rows.rows.map((row) => row.id),
      'call_mismatch',
    );
  }
  await sql`
    UPDATE runs SET state = ${sql.lit(runState.closed)}, closed_at = ${now} WHERE workspace_id = ${call.workspaceId} AND id = ${call.runId}`.execute(
    tx,
  );
  return opened.code ? { ...emptyResult, failed: rows.rows.length } : { ...emptyResult, held: rows.rows.length };
}
