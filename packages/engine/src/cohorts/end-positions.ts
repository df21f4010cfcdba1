import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import { type Outcome, positionState, queueState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { type CountDeltas, count, writeCounts } from '../versions/counts.ts';
import { type LoadedVersion, stepAt } from '../versions/version-cache.ts';
import type { CohortRow } from './cohort-rows.ts';
import { finishPositions, type PathEntry, writePath } from './positions.ts';

/** What ending needs to know of a position. */
export type EndingRow = {
  readonly id: string;
  readonly hop: number;
  readonly step: number;
  readonly eventId: string | null;
};

/**
 * Ends positions from outside the flow: clears run, cohort, waits and listening, and cancels queued messages (protocol 28).
 * Tells whoever shows the flow. The rows must be locked.
 */
export async function endPositions(
  work: Work,
  version: LoadedVersion,
  rows: ReadonlyArray<EndingRow | CohortRow>,
  outcome: Outcome,
  reason: Reason,
  standing?: number,
): Promise<void> {
  const { tx, workspaceId } = work;
  if (rows.length === 0) return;
  const counts: CountDeltas = new Map();
  const where = (row: EndingRow | CohortRow): number =>
    'step' in row ? row.step : (row.asleep?.step ?? standing ?? 0);
  const path = rows.map((row): PathEntry => {
    const step = version.steps[where(row)];
    if (step !== undefined) count(counts, step.id, 'left');
    return { enrollmentId: row.id, hop: row.hop, step: where(row), outlet: null, eventId: row.eventId, reason };
  });
  await writePath(work, path);
  await finishPositions(
    work,
    rows.map((row) => ({ id: row.id, outcome, step: where(row), reason })),
  );
  await writeCounts(work, version.flowId, counts);
  await writeFeed(work, { flowIds: [version.flowId], counts: true });
  await sql`
    WITH canceled AS (
      DELETE FROM message_queue q USING messages m
      WHERE m.workspace_id = ${workspaceId} AND m.enrollment_id = ANY(${rows.map((row) => row.id)}::uuid[]) AND m.direction = 'out'
        AND q.workspace_id = m.workspace_id AND q.message_id = m.id AND q.state = ${sql.lit(queueState.ready)} AND NOT q.compliance
      RETURNING q.message_id
    )
    UPDATE messages SET state = 'canceled', reason = ${JSON.stringify(reason)}::jsonb
    WHERE workspace_id = ${workspaceId} AND id IN (SELECT message_id FROM canceled)`.execute(tx);
}

/** Holds a run's people before `step` for a pause (protocol 28), and tells it: the woken ones leave the step they slept in first. */
export async function holdPositions(
  work: Work,
  version: LoadedVersion,
  rows: readonly CohortRow[],
  step: number,
): Promise<void> {
  const { tx, workspaceId } = work;
  if (rows.length === 0) return;
  const counts: CountDeltas = new Map();
  const path: PathEntry[] = [];
  for (const row of rows) {
    if (row.asleep === null) continue;
    const from = stepAt(version, row.asleep.step);
    path.push({
      enrollmentId: row.id,
      hop: row.hop,
      step: from.rank,
      outlet: row.asleep.outlet,
      eventId: row.eventId,
      reason: null,
    });
    count(counts, from.id, 'left');
    count(counts, from.id, `out:${from.outlets[row.asleep.outlet]?.id ?? ''}`);
    count(counts, stepAt(version, step).id, 'entered');
  }
  await sql`
    UPDATE enrollments e SET state = ${positionState.held}, run_id = NULL, cohort = 0, step = ${step}, due_at = NULL, due_outlet = NULL, hop = e.hop + x.exits
    FROM unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => (row.asleep === null ? 0 : 1))}::int[]) AS x(id, exits)
    WHERE e.workspace_id = ${workspaceId} AND e.id = x.id`.execute(tx);
  await writePath(work, path);
  await writeCounts(work, version.flowId, counts);
  await writeFeed(work, { flowIds: [version.flowId], counts: true });
}
