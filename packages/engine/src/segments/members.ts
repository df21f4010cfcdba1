import { evaluate } from '@signalbox/nodes/flow/evaluate-condition';
import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { compileCondition } from './compile.ts';
import { readRecords } from './facts.ts';
import type { SegmentRow } from './store.ts';

/** Who came into a segment, and who left it. */
export type Moved = { readonly entered: readonly string[]; readonly left: readonly string[] };

type Asked = {
  readonly id: string;
  readonly holds: boolean | null;
  readonly due: Date | null;
  readonly member: boolean;
};

/**
 * Asks whether people are in a segment, and writes what is not so yet: members, when time may move them, and, where it is to be told,
 * what changed. A fixed number of statements, however many people. Only whoever holds the lock of `lockSegments` may call it: else a
 * later answer could be overwritten by an earlier one.
 */
export async function settlePeople(
  deps: { readonly ids: Ids },
  work: Work,
  segment: Pick<SegmentRow, 'id' | 'condition'>,
  contactIds: readonly string[],
  told: boolean,
): Promise<Moved> {
  const { tx, workspaceId, now } = work;
  const { joins, holds, due } = compileCondition(segment.condition, {
    workspaceId,
    now,
    whom: contactIds,
    withDue: true,
  });
  const { rows } = await sql<Asked>`
    SELECT c.id, (c.deleted_at IS NULL AND ${holds}) AS holds, ${due ?? sql`NULL::timestamptz`} AS due, present.contact_id IS NOT NULL AS member
    FROM contacts c ${joins}
    LEFT JOIN segment_members present ON present.workspace_id = c.workspace_id AND present.segment_id = ${segment.id}::uuid AND present.contact_id = c.id
    WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${[...contactIds]}::uuid[])`.execute(tx);
  const open = rows.filter((row) => row.holds === null).map(({ id }) => id);
  const records = open.length === 0 ? null : await readRecords(work, segment.condition, open);
  const isIn = ({ id, holds: sure }: Asked): boolean => {
    if (sure !== null) return sure;
    const record = records?.get(id);
    return record !== undefined && evaluate(segment.condition, record, now).result;
  };
  const entered = rows.filter((row) => !row.member && isIn(row)).map(({ id }) => id);
  const left = rows.filter((row) => row.member && !isIn(row)).map(({ id }) => id);
  if (left.length > 0)
    await sql`
      DELETE FROM segment_members WHERE workspace_id = ${workspaceId} AND segment_id = ${segment.id}::uuid AND contact_id = ANY(${left}::uuid[])`.execute(
      tx,
    );
  if (entered.length > 0)
    await sql`
      INSERT INTO segment_members (workspace_id, segment_id, contact_id, since)
      SELECT ${workspaceId}::uuid, ${segment.id}::uuid, x, ${now}::timestamptz FROM unnest(${entered}::uuid[]) AS x ON CONFLICT DO NOTHING`.execute(
      tx,
    );
  if (due !== null) await writeDues(work, segment.id, rows);
  if (told) await tell(deps, work, segment.id, { entered, left });
  return { entered, left };
}

async function writeDues({ tx, workspaceId }: Scope, segmentId: string, rows: readonly Asked[]): Promise<void> {
  const due = rows.flatMap((row) => (row.due === null ? [] : [{ id: row.id, at: row.due }]));
  await sql`
    WITH gone AS (
      DELETE FROM segment_dues WHERE workspace_id = ${workspaceId} AND segment_id = ${segmentId}::uuid
        AND contact_id = ANY(${rows.filter((row) => row.due === null).map(({ id }) => id)}::uuid[])
    )
    INSERT INTO segment_dues (workspace_id, segment_id, contact_id, due_at)
    SELECT ${workspaceId}::uuid, ${segmentId}::uuid, x.id, x.at
    FROM unnest(${due.map(({ id }) => id)}::uuid[], ${due.map(({ at }) => at.toISOString())}::timestamptz[]) AS x(id, at)
    ON CONFLICT (workspace_id, segment_id, contact_id) DO UPDATE SET due_at = excluded.due_at WHERE segment_dues.due_at <> excluded.due_at`.execute(
    tx,
  );
}

async function tell(
  { ids }: { readonly ids: Ids },
  work: Work,
  segmentId: string,
  { entered, left }: Moved,
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const moved = [...entered.map((id) => [id, true] as const), ...left.map((id) => [id, false] as const)];
  if (moved.length === 0) return;
  await sql`
    INSERT INTO segment_changes (workspace_id, id, segment_id, contact_id, entered, at)
    SELECT ${workspaceId}::uuid, x.id, ${segmentId}::uuid, x.contact_id, x.entered, ${now}::timestamptz
    FROM unnest(${moved.map(() => ids.uuid())}::uuid[], ${moved.map(([id]) => id)}::uuid[], ${moved.map(([, came]) => came)}::boolean[]) AS x(id, contact_id, entered)`.execute(
    tx,
  );
}

/** Takes the segments of a workspace for this transaction; false where somebody else is at them. */
export async function lockSegments({ tx, workspaceId }: Scope): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`segments/${workspaceId}`}, 0)) AS taken`.execute(tx);
  return rows[0]?.taken ?? false;
}

/** Those who came into a segment last, or before a member whom a cursor names. */
export async function listMembers(
  { tx, workspaceId }: Scope,
  segmentId: string,
  page: { readonly limit: number; readonly before: string | null },
) {
  const { rows } = await sql<{
    id: string;
    first_name: string | null;
    last_name: string | null;
    phone: string;
    since: Date;
  }>`
    SELECT c.id, c.first_name, c.last_name, c.phone, m.since FROM segment_members m
    JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id
    WHERE m.workspace_id = ${workspaceId} AND m.segment_id = ${segmentId}::uuid ${page.before === null ? sql`` : sql`AND m.contact_id < ${page.before}::uuid`}
    ORDER BY m.contact_id DESC LIMIT ${page.limit}`.execute(tx);
  return rows;
}
