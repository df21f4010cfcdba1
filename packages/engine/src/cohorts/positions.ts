import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import type { WorkspaceTx } from '../db/database.ts';

/** States of `enrollments.state`. */
export const positionState = { ready: 1, asleep: 2, parked: 3, held: 4 } as const;

export type Outcome = 'finished' | 'failed' | 'stopped';

export type PathEntry = {
  readonly enrollmentId: string;
  readonly hop: number;
  readonly step: number;
  /** Index of the outlet; null where the passage ends or fails here. */
  readonly outlet: number | null;
  readonly eventId: string | null;
  readonly reason: Reason | null;
};

/** Appends path entries in one statement. */
export async function writePath(
  tx: WorkspaceTx,
  workspaceId: string,
  entries: readonly PathEntry[],
  at: Date,
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    INSERT INTO enrollment_path (workspace_id, enrollment_id, hop, step, outlet, event_id, reason, at)
    SELECT ${workspaceId}::uuid, p.enrollment_id, p.hop, p.step, p.outlet, p.event_id, p.reason::jsonb, ${at}
    FROM unnest(
      ${entries.map((entry) => entry.enrollmentId)}::uuid[], ${entries.map((entry) => entry.hop)}::int[],
      ${entries.map((entry) => entry.step)}::smallint[], ${entries.map((entry) => entry.outlet)}::smallint[],
      ${entries.map((entry) => entry.eventId)}::uuid[],
      ${entries.map((entry) => (entry.reason === null ? null : JSON.stringify(entry.reason)))}::text[]
    ) AS p(enrollment_id, hop, step, outlet, event_id, reason)`.execute(tx);
}

export type Finished = {
  readonly id: string;
  readonly outcome: Outcome;
  readonly step: number;
  readonly reason: Reason | null;
};

/** Deletes positions and writes their history in one statement (protocol 32). */
export async function finishPositions(
  tx: WorkspaceTx,
  workspaceId: string,
  finished: readonly Finished[],
  at: Date,
): Promise<void> {
  if (finished.length === 0) return;
  await sql`
    WITH ended AS (
      SELECT * FROM unnest(
        ${finished.map((entry) => entry.id)}::uuid[], ${finished.map((entry) => entry.outcome)}::text[],
        ${finished.map((entry) => entry.step)}::smallint[],
        ${finished.map((entry) => (entry.reason === null ? null : JSON.stringify(entry.reason)))}::text[]
      ) AS x(id, outcome, step, reason)
    ), gone AS (
      DELETE FROM enrollments e USING ended WHERE e.workspace_id = ${workspaceId} AND e.id = ended.id
      RETURNING e.id, e.flow_id, e.version_id, e.contact_id, e.hop, e.started_at, ended.outcome, ended.step, ended.reason
    )
    INSERT INTO enrollment_history (workspace_id, id, flow_id, version_id, contact_id, outcome, step, hop, reason, started_at, finished_at)
    SELECT ${workspaceId}::uuid, id, flow_id, version_id, contact_id, outcome, step, hop, reason::jsonb, started_at, ${at} FROM gone`.execute(
    tx,
  );
}
