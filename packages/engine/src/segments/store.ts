import { type Condition, comparisons, conditionSchema, isMember } from '@signalbox/nodes/flow/conditions';
import { sql } from 'kysely';
import type { SegmentState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import { readId } from '../runtime/ids.ts';
import { segmentsUsed, watchesOf } from './compile.ts';

/** Segments of a workspace at most. */
export const mostSegments = 200;

/** A segment as it is stored. */
export type SegmentRow = {
  readonly id: string;
  readonly name: string;
  readonly condition: Condition;
  readonly watches: readonly string[];
  readonly uses: readonly string[];
  readonly size: number;
  readonly state: SegmentState;
  readonly cursor: string | null;
  readonly recounted_at: Date;
  readonly mended: number;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Segments by name; one alone where it is named. */
export async function listSegments({ tx, workspaceId }: Scope, id?: string): Promise<SegmentRow[]> {
  const { rows } = await sql<Omit<SegmentRow, 'condition'> & { condition: unknown }>`
    SELECT id, name, condition, watches, uses, size::int AS size, state, cursor, recounted_at, mended, revision, created_at, updated_at
    FROM segments WHERE workspace_id = ${workspaceId} ${id === undefined ? sql`` : sql`AND id = ${id}::uuid`}
    ORDER BY lower(name), id LIMIT ${mostSegments}`.execute(tx);
  return rows.map((row) => ({ ...row, condition: conditionSchema.parse(row.condition) }));
}

/** One segment; null where there is none. */
export async function readSegment(scope: Scope, id: string): Promise<SegmentRow | null> {
  const [row] = await listSegments(scope, id);
  return row ?? null;
}

type Written = { readonly id: string; readonly name: string; readonly condition: Condition };

const stored = (condition: Condition) => ({
  condition: JSON.stringify(condition),
  watches: watchesOf(condition),
  uses: segmentsUsed(condition),
});

/** Adds a segment; a sweep asks everybody. */
export async function insertSegment(
  { tx, workspaceId, now }: Work,
  { id, name, condition }: Written,
  isSample: boolean,
): Promise<void> {
  await tx
    .insertInto('segments')
    .values({
      workspace_id: workspaceId,
      id,
      name,
      ...stored(condition),
      state: 'building',
      recounted_at: now,
      is_sample: isSample,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** Renames a segment. With another condition everybody is asked anew; until then its people are those of the one before. */
export async function updateSegment(
  { tx, workspaceId, now }: Work,
  present: SegmentRow,
  { name, condition }: Omit<Written, 'id'>,
): Promise<void> {
  const same = JSON.stringify(condition) === JSON.stringify(present.condition);
  await tx
    .updateTable('segments')
    .set({
      name,
      is_sample: false,
      revision: present.revision + 1,
      updated_at: now,
      ...(same
        ? {}
        : {
            ...stored(condition),
            state: 'building' as const,
            cursor: null,
            since_xid: sql<string>`pg_current_xact_id()`,
          }),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', present.id)
    .execute();
  if (!same)
    await tx
      .deleteFrom('segment_dues')
      .where('workspace_id', '=', workspaceId)
      .where('segment_id', '=', present.id)
      .execute();
}

/** What keeps a segment from being deleted: others that ask for it, live flows that it starts, campaigns that are not over, and whoever is let into a flow by it now. */
export async function usesOfSegment({ tx, workspaceId }: Scope, id: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT (SELECT count(*) FROM segments WHERE workspace_id = ${workspaceId} AND uses @> ARRAY[${id}::uuid])::int
      + (SELECT count(*) FROM flow_triggers WHERE workspace_id = ${workspaceId} AND kind = 'segment' AND value IN (${`entered ${shown('segment', id)}`}, ${`left ${shown('segment', id)}`}))::int
      + (SELECT count(*) FROM campaigns WHERE workspace_id = ${workspaceId} AND state IN ('scheduled', 'running') AND position(${shown('segment', id)} IN concat(audience, schedule)) > 0)::int
      + (SELECT count(*) FROM enrollment_batches WHERE workspace_id = ${workspaceId} AND state = 'running' AND segment_id = ${id}::uuid)::int AS n`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}

/** What the lists, tags, segments and flows are called that a condition names, by the ids of the API; who is missing is not there. */
export async function namesIn(
  { tx, workspaceId }: Scope,
  conditions: readonly Condition[],
): Promise<Map<string, string>> {
  const named = conditions.flatMap((condition) =>
    comparisons(condition).flatMap(({ comparison }) =>
      isMember(comparison)
        ? [comparison.value]
        : 'flow' in comparison && comparison.flow !== undefined
          ? [comparison.flow]
          : [],
    ),
  );
  const ids = [...new Set(named)].flatMap((id) => ['lst', 'seg', 'flw'].map((prefix) => readId(prefix, id)));
  const known = ids.filter((id) => id !== null);
  const { rows } = await sql<{ kind: 'list' | 'segment' | 'flow' | 'field'; id: string; name: string }>`
    SELECT 'list' AS kind, id::text, name FROM contact_lists WHERE workspace_id = ${workspaceId} AND id = ANY(${known}::uuid[])
    UNION ALL SELECT 'segment', id::text, name FROM segments WHERE workspace_id = ${workspaceId} AND id = ANY(${known}::uuid[])
    UNION ALL SELECT 'flow', id::text, name FROM flows WHERE workspace_id = ${workspaceId} AND id = ANY(${known}::uuid[])
    UNION ALL SELECT 'field', key, label FROM contact_fields WHERE workspace_id = ${workspaceId}`.execute(tx);
  return new Map(
    rows.map(({ kind, id, name }) => [kind === 'field' ? `contact.attributes.${id}` : shown(kind, id), name]),
  );
}
