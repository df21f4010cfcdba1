import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { type Outcome, positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { loadOrBare, type VersionCache } from '../versions/version-cache.ts';
import { type EndingRow, endPositions } from './end-positions.ts';

/** An enrollment to be ended, with its flow and version. */
export type EndingEnrollment = EndingRow & { readonly flowId: string; readonly versionId: string };

/**
 * Ends enrollments from outside their flows, of whatever versions, also of those that this build cannot read: nothing but their counts
 * needs a version. The rows must be locked.
 *
 * @returns `wake`: code runs in which somebody waited, to be woken after the commit (`Arrived.wake`).
 */
export async function endEnrollments(
  deps: { readonly versions: VersionCache },
  work: Work,
  enrollments: readonly EndingEnrollment[],
  outcome: Outcome,
  reason: Reason,
): Promise<{ readonly wake: readonly string[] }> {
  const { tx, workspaceId } = work;
  if (enrollments.length === 0) return { wake: [] };
  const waited = await sql<{ run_id: string }>`
    SELECT DISTINCT run_id FROM enrollments WHERE workspace_id = ${workspaceId} AND id = ANY(${enrollments.map((row) => row.id)}::uuid[])
      AND state = ${positionState.parked} AND run_id IS NOT NULL`.execute(tx);
  for (const [versionId, rows] of Map.groupBy(enrollments, (row) => row.versionId)) {
    const version = await loadOrBare(deps.versions, work, { id: versionId, flowId: rows[0]?.flowId ?? '' });
    const ending = rows.map(({ id, hop, step, eventId }) => ({ id, hop, step, eventId }));
    await endPositions(work, version, ending, outcome, reason);
  }
  return { wake: waited.rows.map((row) => row.run_id) };
}
