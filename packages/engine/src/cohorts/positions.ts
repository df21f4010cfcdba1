import type { Reason } from '@signalbox/nodes/define/decision';
import { sql } from 'kysely';
import { dictionary, scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import type { Outcome } from '../db/states.ts';
import type { Work } from '../db/work.ts';

export type PathEntry = {
  readonly enrollmentId: string;
  readonly hop: number;
  readonly step: number;
  /** Index of the outlet; null where the enrollment ends or fails here. */
  readonly outlet: number | null;
  readonly eventId: string | null;
  readonly reason: Reason | null;
};

/** Appends path entries in one statement. */
export async function writePath(work: Work, entries: readonly PathEntry[]): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  if (entries.length === 0) return;
  const reasons = dictionary(entries.map((entry) => entry.reason));
  await sql`
    INSERT INTO enrollment_path (workspace_id, enrollment_id, hop, step, outlet, event_id, reason, at)
    SELECT ${workspaceId}::uuid, p.enrollment_id, p.hop, p.step, p.outlet, p.event_id, (${reasons.documents}::jsonb[])[p.reason], ${at}
    FROM unnest(
      ${uuidArray(entries.map((entry) => entry.enrollmentId))}::uuid[], ${scalarArray(entries.map((entry) => entry.hop))}::int[],
      ${scalarArray(entries.map((entry) => entry.step))}::smallint[], ${scalarArray(entries.map((entry) => entry.outlet))}::smallint[],
      ${uuidArray(entries.map((entry) => entry.eventId))}::uuid[],
      ${reasons.places}::int[]
    ) AS p(enrollment_id, hop, step, outlet, event_id, reason)`.execute(tx);
}

/** Kept replies of people who go on without them become returned texts: a sweep routes them on. */
export async function returnTexts(work: Work, messageIds: readonly string[]): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  if (messageIds.length === 0) return;
  await sql`
    INSERT INTO released_texts (workspace_id, message_id, at)
    SELECT ${workspaceId}::uuid, id, ${at} FROM unnest(${uuidArray(messageIds)}::uuid[]) AS x(id) ON CONFLICT DO NOTHING`.execute(
    tx,
  );
}

export type Finished = {
  readonly id: string;
  readonly outcome: Outcome;
  readonly step: number;
  readonly reason: Reason | null;
};

/**
 * Deletes positions and writes their history in one statement (protocol 32). A reply that one of them still kept becomes a
 * returned text: it is routed on, whoever ended the enrollment.
 */
export async function finishPositions(work: Work, finished: readonly Finished[]): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  if (finished.length === 0) return;
  const reasons = dictionary(finished.map((entry) => entry.reason));
  await sql`
    WITH ended AS (
      SELECT * FROM unnest(
        ${uuidArray(finished.map((entry) => entry.id))}::uuid[], ${textArray(finished.map((entry) => entry.outcome))}::text[],
        ${scalarArray(finished.map((entry) => entry.step))}::smallint[],
        ${reasons.places}::int[]
      ) AS x(id, outcome, step, reason)
    ), removed AS (
      DELETE FROM enrollments e USING ended WHERE e.workspace_id = ${workspaceId} AND e.id = ended.id
      RETURNING e.id, e.flow_id, e.version_id, e.contact_id, e.hop, e.started_at, e.held_event_id AS kept_reply_id, ended.outcome, ended.step, ended.reason
    ), released_replies AS (
      INSERT INTO released_texts (workspace_id, message_id, at)
      SELECT ${workspaceId}::uuid, kept_reply_id, ${at} FROM removed WHERE kept_reply_id IS NOT NULL ON CONFLICT DO NOTHING
    )
    INSERT INTO enrollment_history (workspace_id, id, flow_id, version_id, contact_id, outcome, step, hop, reason, started_at, finished_at)
    SELECT ${workspaceId}::uuid, id, flow_id, version_id, contact_id, outcome, step, hop, (${reasons.documents}::jsonb[])[reason], started_at, ${at} FROM removed`.execute(
    tx,
  );
}
