import { sql } from 'kysely';
import type { Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { type Moved, settlePeople } from './members.ts';
import { listSegments } from './store.ts';

type Deps = { readonly ids: Ids };

/** What moved in a segment, to be told to flows. */
export type SegmentMoves = Moved & { readonly segmentId: string };

/** People whom one transaction settles. */
const page = 1_000;
/** Of everybody who is asked from the first to the last, so many a transaction. */
const wholePage = 5_000;
const dayMs = 86_400_000;
/** Days for which it is known who came and who went. */
const changeDays = 30;

/** What one transaction did. */
export type Kept = {
  /** How many it looked at; none where nothing is left. */
  readonly handled: number;
  readonly moves: readonly SegmentMoves[];
  /** The segments of which there is something new to be shown. */
  readonly segments: readonly string[];
};

const nothing: Kept = { handled: 0, moves: [], segments: [] };

/**
 * Asks about the people who changed in something that a segment watches, or whom time may have moved, a page of them. The lock of
 * `lockSegments` must be held.
 */
export async function settleChanged(deps: Deps, work: Work): Promise<Kept> {
  const { tx, workspaceId, now } = work;
  const changed = await sql<{ contact_id: string; watch: string }>`
    DELETE FROM segment_dirty WHERE workspace_id = ${workspaceId} AND id IN (
      SELECT id FROM segment_dirty WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${page} FOR UPDATE SKIP LOCKED
    ) RETURNING contact_id, watch`.execute(tx);
  const due = await sql<{ segment_id: string; contact_id: string }>`
    SELECT segment_id, contact_id FROM segment_dues WHERE workspace_id = ${workspaceId} AND due_at <= ${now} ORDER BY due_at LIMIT ${page}`.execute(
    tx,
  );
  const handled = changed.rows.length + due.rows.length;
  if (handled === 0) return nothing;
  const shownAgain: string[] = [];
  const moves: SegmentMoves[] = [];
  for (const segment of await listSegments(work)) {
    const ids = new Set([
      ...changed.rows
        .filter(({ watch }) => watch === 'new' || segment.watches.includes(watch))
        .map((row) => row.contact_id),
      ...due.rows.filter((row) => row.segment_id === segment.id).map((row) => row.contact_id),
    ]);
    if (ids.size === 0) continue;
    const moved = await settlePeople(deps, work, segment, [...ids], segment.state === 'ready');
    if (segment.state === 'ready') moves.push({ segmentId: segment.id, ...moved });
    if (moved.entered.length + moved.left.length > 0) shownAgain.push(segment.id);
    await passOn(work, moved);
  }
  return { handled, moves, segments: shownAgain };
}

/** Segments that ask for one hear of who moved in it. */
async function passOn({ tx, workspaceId }: Work, { entered, left }: Moved): Promise<void> {
  const moved = [...entered, ...left];
  if (moved.length === 0) return;
  await sql`
    INSERT INTO segment_dirty (workspace_id, contact_id, watch)
    SELECT ${workspaceId}::uuid, x, 'contact.segments' FROM unnest(${moved}::uuid[]) AS x
    WHERE EXISTS (SELECT 1 FROM segments WHERE workspace_id = ${workspaceId} AND 'contact.segments' = ANY(watches))`.execute(
    tx,
  );
}

/**
 * Asks the next page of everybody about a segment that is new, that has another condition, or that nobody recounted for a day. What does
 * not stand where it should in one that was ready is mended and counted. The lock of `lockSegments` must be held.
 */
export async function settleWhole(deps: Deps, work: Work): Promise<Kept> {
  const { tx, workspaceId, now } = work;
  const found = await sql<{ id: string }>`
    SELECT id FROM segments WHERE workspace_id = ${workspaceId} AND since_xid < pg_snapshot_xmin(pg_current_snapshot())
      AND (state = 'building' OR cursor IS NOT NULL OR recounted_at <= ${new Date(now.getTime() - dayMs)})
    ORDER BY state, recounted_at, id LIMIT 1`.execute(tx);
  const [segment] = found.rows[0] === undefined ? [] : await listSegments(work, found.rows[0].id);
  if (segment === undefined) return nothing;
  const people = await sql<{ id: string }>`
    SELECT id FROM contacts WHERE workspace_id = ${workspaceId} AND (${segment.cursor}::uuid IS NULL OR id > ${segment.cursor}::uuid)
    ORDER BY id LIMIT ${wholePage}`.execute(tx);
  const ids = people.rows.map(({ id }) => id);
  const ready = segment.state === 'ready';
  const due = ready ? await dueNow(work, segment.id, ids) : new Set<string>();
  const moved = ids.length === 0 ? { entered: [], left: [] } : await settlePeople(deps, work, segment, ids, ready);
  const mended = ready ? await unexpected(work, moved, due) : 0;
  await passOn(work, moved);
  // Whoever gave it another condition in between has everybody asked from the beginning.
  const done = ids.length < wholePage;
  await sql`
    UPDATE segments SET cursor = ${done ? null : (ids.at(-1) ?? null)}::uuid, state = ${done ? 'ready' : segment.state},
      mended = ${mended} + CASE WHEN ${segment.cursor === null} THEN 0 ELSE mended END, recounted_at = CASE WHEN ${done} THEN ${now}::timestamptz ELSE recounted_at END
    WHERE workspace_id = ${workspaceId} AND id = ${segment.id}::uuid AND revision = ${segment.revision}`.execute(tx);
  if (done) await forgetChanges(work, segment.id);
  const handled = Math.max(1, ids.length);
  return { handled, moves: ready ? [{ segmentId: segment.id, ...moved }] : [], segments: [segment.id] };
}

/** Who came and went long ago, once everybody was asked: as often as that happens. */
async function forgetChanges({ tx, workspaceId, now }: Work, segmentId: string): Promise<void> {
  await sql`
    DELETE FROM segment_changes WHERE workspace_id = ${workspaceId} AND segment_id = ${segmentId}::uuid AND at < ${new Date(now.getTime() - changeDays * dayMs)}`.execute(
    tx,
  );
}

/** Those whom time may have moved by now. */
async function dueNow({ tx, workspaceId, now }: Work, segmentId: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ contact_id: string }>`
    SELECT contact_id FROM segment_dues WHERE workspace_id = ${workspaceId} AND segment_id = ${segmentId}::uuid AND contact_id = ANY(${[...ids]}::uuid[]) AND due_at <= ${now}`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.contact_id));
}

/** How many moved of whom nobody was about to be asked anyhow: who changed meanwhile is written down in the same commit. */
async function unexpected({ tx, workspaceId }: Work, moved: Moved, due: ReadonlySet<string>): Promise<number> {
  const ids = [...moved.entered, ...moved.left].filter((id) => !due.has(id));
  if (ids.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM unnest(${ids}::uuid[]) AS x
    WHERE NOT EXISTS (SELECT 1 FROM segment_dirty d WHERE d.workspace_id = ${workspaceId} AND d.contact_id = x)`.execute(
    tx,
  );
  return rows[0]?.n ?? 0;
}
