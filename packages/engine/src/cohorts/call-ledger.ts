import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { WorkspaceTx } from '../db/database.ts';
import { type FlowState, runState } from '../db/states.ts';
import type { RunKind, StepCall, StepResult } from './run-contract.ts';

export type OpenedCall =
  | { readonly kind: 'repeat'; readonly result: StepResult }
  | { readonly kind: 'closed' }
  /** The run is gone, or closed with this entry kept for another call: nothing to do and nothing to write. */
  | { readonly kind: 'nothing' }
  /** The entry was written by a call for another step or other cohorts: its result is not this call's. */
  | { readonly kind: 'mismatch'; readonly versionId: string; readonly flowId: string; readonly code: boolean }
  | {
      readonly kind: 'open';
      readonly versionId: string;
      readonly flowId: string;
      readonly flowState: FlowState;
      readonly unstarted: boolean;
    };

export const emptyResult: StepResult = { outlets: [], sleeping: [], parked: 0, ended: 0, failed: 0, held: 0 };

/** A run's workflow made a call that its ledger knows as another one: it took another way than before, and its numbers mean nothing any more. */
export class CallMismatchError extends Error {
  override readonly name = 'CallMismatchError';
}

/**
 * Opens the ledger entry of a call (protocol 1) and reads its run and its flow's flag under a share lock (protocol 28).
 * A repeat, also one that waited for a concurrent execution, gets the stored result; one that asks for something else than was
 * stored does not.
 */
export async function openCall(tx: WorkspaceTx, call: StepCall): Promise<OpenedCall> {
  const rows = await sql<{
    claimed: number;
    state: number;
    version_id: string;
    flow_id: string;
    kind: RunKind;
    flow_state: FlowState;
  }>`
    WITH claim AS (
      INSERT INTO run_steps (workspace_id, run_id, call, step, cohorts, at)
      SELECT workspace_id, id, ${call.call}::int, ${call.step}::smallint, ${[...call.cohorts]}::int[], ${new Date(call.now)}
      FROM runs WHERE workspace_id = ${call.workspaceId} AND id = ${call.runId}
      ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM claim) AS claimed, r.state, r.version_id, r.flow_id, r.lane AS kind, f.state AS flow_state
    FROM runs r JOIN flows f ON f.workspace_id = r.workspace_id AND f.id = r.flow_id
    WHERE r.workspace_id = ${call.workspaceId} AND r.id = ${call.runId}
    FOR SHARE OF f`.execute(tx);
  const row = rows.rows[0];
  if (row === undefined) return { kind: 'nothing' };
  if (row.claimed === 0) {
    const stored = await tx
      .selectFrom('run_steps')
      .select(['result', 'step', 'cohorts'])
      .where('workspace_id', '=', call.workspaceId)
      .where('run_id', '=', call.runId)
      .where('call', '=', call.call)
      .executeTakeFirstOrThrow();
    if (isSameCall(stored, call)) return { kind: 'repeat', result: stored.result as StepResult };
    if (row.state === runState.closed) return { kind: 'nothing' };
    return { kind: 'mismatch', versionId: row.version_id, flowId: row.flow_id, code: row.kind === 'code' };
  }
  if (row.state === runState.closed) return { kind: 'closed' };
  return {
    kind: 'open',
    versionId: row.version_id,
    flowId: row.flow_id,
    flowState: row.flow_state,
    unstarted: row.state === runState.unstarted,
  };
}

/** Entries of builds that did not store what was asked for are taken at their word. */
function isSameCall(
  stored: { readonly step: number | null; readonly cohorts: number[] | null },
  call: StepCall,
): boolean {
  if (stored.step === null || stored.cohorts === null) return true;
  return stored.step === call.step && isDeepStrictEqual(stored.cohorts, [...call.cohorts]);
}

/** Stores the whole result: the last write of a call's transaction. Marks the run running, or closed where it goes on nowhere. */
export async function closeCall(
  tx: WorkspaceTx,
  call: StepCall,
  result: StepResult,
  unstarted: boolean,
): Promise<void> {
  const over = call.alone && result.outlets.length === 0 && result.sleeping.length === 0;
  const at = new Date(call.now);
  if (over || unstarted) {
    await sql`
      WITH stored AS (
        UPDATE run_steps SET result = ${JSON.stringify(result)}::jsonb
        WHERE workspace_id = ${call.workspaceId} AND run_id = ${call.runId} AND call = ${call.call}
      )
      UPDATE runs SET state = ${over ? 3 : 2}, started_at = coalesce(started_at, ${at}), closed_at = ${over ? at : null}
      WHERE workspace_id = ${call.workspaceId} AND id = ${call.runId}`.execute(tx);
    return;
  }
  await sql`
    UPDATE run_steps SET result = ${JSON.stringify(result)}::jsonb
    WHERE workspace_id = ${call.workspaceId} AND run_id = ${call.runId} AND call = ${call.call}`.execute(tx);
}
