import { sql } from 'kysely';
import type { BatchState, Outcome } from '../db/states.ts';
import type { Scope } from '../db/work.ts';

/** An enrollment, under way or over. */
export type EnrollmentRow = {
  readonly id: string;
  readonly flow_id: string;
  readonly flow_name: string;
  readonly version_id: string;
  readonly number: number;
  readonly contact_id: string;
  readonly phone: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  /** 1 ready, 2 asleep, 3 parked, 4 held; null once it is over. */
  readonly position: number | null;
  readonly sending: boolean;
  readonly outcome: Outcome | null;
  readonly step: number;
  readonly due_at: Date | null;
  readonly reason: unknown;
  readonly started_at: Date;
  readonly finished_at: Date | null;
};

type Filter = {
  readonly flowId?: string | undefined;
  readonly contactId?: string | undefined;
  readonly id?: string | undefined;
  /** Places by version: those standing there, and those who failed there. */
  readonly places?: ReadonlyArray<{ readonly versionId: string; readonly rank: number }> | undefined;
  /** Those who went on from the places instead; with a failure, nobody goes on. */
  readonly movedOn?: boolean;
  readonly before?: string | null;
  readonly limit: number;
};

/** Passages by descending id, which is the order of entering. */
export async function listEnrollments(work: Scope, filter: Filter): Promise<EnrollmentRow[]> {
  const { tx, workspaceId } = work;
  const at = (step: ReturnType<typeof sql>) =>
    sql`(version_id, ${step}) IN (SELECT * FROM unnest(${(filter.places ?? []).map((place) => place.versionId)}::uuid[], ${(filter.places ?? []).map((place) => place.rank)}::int[]))`;
  const standing = (over: boolean) => sql`AND ${at(sql`step`)} ${over ? sql`AND outcome = 'failed'` : sql``}`;
  const movedOn = (table: 'enrollments' | 'enrollment_history') => sql`AND EXISTS (
    SELECT 1 FROM enrollment_path p WHERE p.workspace_id = ${workspaceId} AND p.enrollment_id = ${sql.table(table)}.id AND ${at(sql`p.step`)}
      ${table === 'enrollments' ? sql`` : sql`AND (outcome <> 'failed' OR p.hop <> enrollment_history.hop)`})`;
  const where = (over: boolean) => sql`
    workspace_id = ${workspaceId}
    ${filter.flowId === undefined ? sql`` : sql`AND flow_id = ${filter.flowId}`}
    ${filter.contactId === undefined ? sql`` : sql`AND contact_id = ${filter.contactId}`}
    ${filter.id === undefined ? sql`` : sql`AND id = ${filter.id}`}
    ${filter.before === null || filter.before === undefined ? sql`` : sql`AND id < ${filter.before}::uuid`}
    ${filter.places === undefined ? sql`` : filter.movedOn === true ? movedOn(over ? 'enrollment_history' : 'enrollments') : standing(over)}`;
  const rows = await sql<EnrollmentRow>`
    WITH present AS (
      SELECT id, flow_id, version_id, contact_id, state AS position, waiting_message_id IS NOT NULL AS sending, NULL::text AS outcome, step, due_at,
        CASE WHEN held_reason IS NOT NULL THEN jsonb_build_object('code', held_reason) END AS reason, started_at, NULL::timestamptz AS finished_at
      FROM enrollments WHERE ${where(false)} ORDER BY id DESC LIMIT ${filter.limit}
    ), past AS (
      SELECT id, flow_id, version_id, contact_id, NULL::smallint AS position, false AS sending, outcome, step, NULL::timestamptz AS due_at, reason, started_at, finished_at
      FROM enrollment_history WHERE ${where(true)} ORDER BY id DESC LIMIT ${filter.limit}
    ), both_of AS (
      SELECT * FROM present UNION ALL SELECT * FROM past ORDER BY id DESC LIMIT ${filter.limit}
    )
    SELECT b.*, f.name AS flow_name, v.number, c.phone, c.first_name, c.last_name FROM both_of b
    JOIN flows f ON f.workspace_id = ${workspaceId} AND f.id = b.flow_id
    JOIN flow_versions v ON v.workspace_id = ${workspaceId} AND v.id = b.version_id
    JOIN contacts c ON c.workspace_id = ${workspaceId} AND c.id = b.contact_id AND c.deleted_at IS NULL
    ORDER BY b.id DESC`.execute(tx);
  return rows.rows;
}

export type PathRow = {
  readonly hop: number;
  readonly step: number;
  readonly outlet: number | null;
  readonly reason: unknown;
  readonly at: Date;
  /** What moved it, where that was a text or an event. */
  readonly event_type: string | null;
  readonly event_text: string | null;
};

/** The way someone took, in order. */
export async function readPath(work: Scope, enrollmentId: string): Promise<PathRow[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<PathRow>`
    SELECT p.hop, p.step, p.outlet, p.reason, p.at, e.type AS event_type, m.body AS event_text FROM enrollment_path p
    LEFT JOIN events e ON e.workspace_id = p.workspace_id AND e.id = p.event_id
    LEFT JOIN messages m ON m.workspace_id = p.workspace_id AND m.id = p.event_id AND m.direction = 'in'
    WHERE p.workspace_id = ${workspaceId} AND p.enrollment_id = ${enrollmentId} ORDER BY p.hop`.execute(tx);
  return rows.rows;
}

/** Names that the author gave to steps of a version, by step id. */
export async function stepNames(work: Scope, versionId: string): Promise<Map<string, string>> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ id: string; name: string }>`
    SELECT s->>'id' AS id, s->>'name' AS name FROM flow_versions v, jsonb_array_elements(v.graph->'steps') s
    WHERE v.workspace_id = ${workspaceId} AND v.id = ${versionId} AND s ? 'name'`.execute(tx);
  return new Map(rows.rows.map((row) => [row.id, row.name]));
}

/** Every version of a flow: for finding a step's rank in each. */
export async function versionIds(work: Scope, flowId: string): Promise<string[]> {
  const { tx, workspaceId } = work;
  const rows = await tx
    .selectFrom('flow_versions')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .execute();
  return rows.map((row) => row.id);
}

export type BatchRow = {
  readonly id: string;
  readonly flow_id: string;
  readonly state: BatchState;
  readonly enrolled: number;
  readonly already_in_flow: number;
  readonly not_found: number;
  readonly runs: number;
  readonly created_at: Date;
};

/** Stores a batch of people to let in. `condition` null and no ids: everyone who exists now. */
export async function insertBatch(
  work: Scope,
  batch: {
    readonly id: string;
    readonly flowId: string;
    readonly condition: unknown;
    /** Of these, the people of a list or with a tag; null for all. */
    readonly listId: string | null;
    readonly segmentId: string | null;
    readonly contactIds: readonly string[] | null;
    readonly now: Date;
  },
): Promise<void> {
  const { tx, workspaceId } = work;
  await sql`
    INSERT INTO enrollment_batches (workspace_id, id, flow_id, state, condition, list_id, segment_id, contact_ids, highest, created_at)
    SELECT ${workspaceId}, ${batch.id}, ${batch.flowId}, 'running', ${batch.condition === null ? null : JSON.stringify(batch.condition)}::jsonb, ${batch.listId}::uuid, ${batch.segmentId}::uuid,
      ${batch.contactIds === null ? null : [...batch.contactIds]}::uuid[],
      (SELECT id FROM contacts WHERE workspace_id = ${workspaceId} ORDER BY id DESC LIMIT 1), ${batch.now}`.execute(tx);
}

export async function readBatch(work: Scope, flowId: string, batchId: string): Promise<BatchRow | null> {
  const { tx, workspaceId } = work;
  const rows = await sql<BatchRow>`
    SELECT id, flow_id, state, enrolled, already_in_flow, not_found, runs, created_at FROM enrollment_batches
    WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId} AND id = ${batchId}`.execute(tx);
  return rows.rows[0] ?? null;
}
