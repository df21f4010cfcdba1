import { sql } from 'kysely';
import { positionState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Arrival } from './arrival.ts';
import { writePath } from './positions.ts';

/**
 * Why somebody is held who is not held by a pause:
 * - `version_unreadable`: this build cannot read the version or run the step. A build that can takes them on by itself.
 * - `step_failed`, `call_mismatch`, `too_many_texts`: nothing of ours may go on by itself. Pausing and resuming the flow tries again.
 */
export type HeldReason = 'version_unreadable' | 'step_failed' | 'call_mismatch' | 'too_many_texts';

/**
 * Takes ready and sleeping people out of their run and holds them, without knowing their version. A sleeping one keeps the outlet it
 * still has to leave by. The rows must be locked.
 */
export async function holdForReason(work: Scope, ids: readonly string[], reason: HeldReason): Promise<void> {
  const { tx, workspaceId } = work;
  if (ids.length === 0) return;
  await sql`
    UPDATE enrollments SET state = ${positionState.held}, run_id = NULL, cohort = 0, due_at = NULL,
      due_outlet = CASE WHEN state = ${positionState.asleep} THEN due_outlet END, held_reason = ${reason}
    WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[]) AND state IN (${positionState.ready}, ${positionState.asleep})`.execute(
    tx,
  );
}

/**
 * Takes people out of their waits where nobody can say what comes next, because their version cannot be read: they are held, with the
 * outlet they leave by. People of a code flow go where their parking call said, which needs no version. The rows must be locked.
 */
export async function holdArrivals(work: Work, arrivals: readonly Arrival[]): Promise<void> {
  const { tx, workspaceId } = work;
  const inCode = arrivals.filter((arrival) => arrival.codeRun !== null);
  const column = <K extends keyof Arrival>(key: K) => arrivals.map((arrival) => arrival[key]);
  await sql`
    UPDATE enrollments e SET
      state = CASE WHEN x.in_code THEN ${positionState.ready}::smallint ELSE ${positionState.held}::smallint END, cohort = CASE WHEN x.in_code THEN e.cohort + x.outlet ELSE 0 END,
      hop = e.hop + x.in_code::int, event_id = coalesce(x.event_id, e.event_id), due_outlet = CASE WHEN NOT x.in_code THEN x.outlet END,
      held_reason = CASE WHEN NOT x.in_code THEN 'version_unreadable' END,
      due_at = NULL, arrived_outlet = NULL, waiting_event = NULL, waiting_message_id = NULL
    FROM unnest(
      ${column('id')}::uuid[], ${column('outlet')}::smallint[], ${column('eventId')}::uuid[], ${arrivals.map((arrival) => arrival.codeRun !== null)}::boolean[]
    ) AS x(id, outlet, event_id, in_code)
    WHERE e.workspace_id = ${workspaceId} AND e.id = x.id`.execute(tx);
  await writePath(
    work,
    inCode.map(({ id, hop, step, outlet, eventId, reason }) => ({
      enrollmentId: id,
      hop,
      step,
      outlet,
      eventId,
      reason,
    })),
  );
}
