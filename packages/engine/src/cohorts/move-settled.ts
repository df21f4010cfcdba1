import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import { positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import type { ArrivedPage } from './arrival-pages.ts';
import { type ArrivalDeps, arrive } from './arrivals.ts';
import { noRuns, runSize } from './run-ref.ts';

type Raw = {
  message_id: string;
  sent: boolean;
  reason: Reason | null;
  id: string | null;
  flow_id: string;
  version_id: string;
  contact_id: string;
  run_id: string | null;
  cohort: number;
  hop: number;
  step: number;
  arrived_outlet: number | null;
  due_outlet: number | null;
};

/**
 * Takes up to a run's worth of settlements and moves their enrollments (protocol 21): only the first settlement of the message an
 * enrollment waits for does anything; none is normal too. Returns how many settlements it took.
 */
export async function moveSettled(deps: ArrivalDeps, work: Work): Promise<ArrivedPage> {
  const { tx, workspaceId } = work;
  const rows = await sql<Raw>`
    WITH taken AS (
      DELETE FROM settlements WHERE workspace_id = ${workspaceId} AND message_id IN (
        SELECT message_id FROM settlements WHERE workspace_id = ${workspaceId} ORDER BY message_id LIMIT ${runSize} FOR UPDATE SKIP LOCKED
      ) RETURNING message_id, enrollment_id, sent, reason
    )
    SELECT t.message_id, t.sent, t.reason, e.id, e.flow_id, e.version_id, e.contact_id, e.run_id, e.cohort, e.hop, e.step, e.arrived_outlet, e.due_outlet
    FROM taken t LEFT JOIN LATERAL (
      SELECT * FROM enrollments WHERE workspace_id = ${workspaceId} AND id = t.enrollment_id AND waiting_message_id = t.message_id AND state = ${sql.lit(positionState.parked)}
      FOR NO KEY UPDATE
    ) e ON true
    ORDER BY t.enrollment_id`.execute(tx);
  const moving = rows.rows.filter((row): row is Raw & { id: string } => row.id !== null);
  if (moving.length === 0) return { taken: rows.rows.length, runs: noRuns, wake: [] };
  const arrived = await arrive(
    deps,
    work,
    moving.map((row) => ({
      id: row.id,
      versionId: row.version_id,
      hop: row.hop,
      step: row.step,
      outlet: (row.sent ? row.arrived_outlet : row.due_outlet) ?? 0,
      eventId: null,
      reason: row.reason,
      codeRun: row.run_id === null ? null : { runId: row.run_id, cohort: row.cohort },
    })),
  );
  await writeFeed(work, {
    flowIds: [...new Set(moving.map((row) => row.flow_id))],
    contactIds: moving.map((row) => row.contact_id),
    counts: true,
  });
  return { ...arrived, taken: rows.rows.length };
}
