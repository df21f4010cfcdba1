import { sql } from 'kysely';
import { textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import { type Db, inWorkspace } from '../db/database.ts';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { shown } from '../http/ids.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FailPoints } from '../runtime/fail-points.ts';
import type { Ids } from '../runtime/ids.ts';
import { writeBody } from './event-body.ts';
import { findEventType } from './event-types.ts';
import type { EventSubject } from './events/define-events.ts';

export type SpreadDeps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly failPoints: FailPoints;
  /** Called after a commit: whoever watches the workspace sees it. */
  readonly onChanged: (workspaceId: string) => void;
};

/** Rows of the outbox that one transaction takes away. */
const page = 500;

type Told = {
  readonly type: string;
  readonly subject_id: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
};

/**
 * Takes what happened out of a workspace's outbox, writes down what is to be sent of it, and a delivery for each endpoint that listens.
 * All in one transaction: an event is spread once, with one id, or not yet.
 *
 * @returns how many rows it took; fewer than a page where nothing is left.
 */
export async function spreadEvents(
  deps: SpreadDeps,
  workspaceId: string,
): Promise<{ readonly taken: number; readonly more: boolean }> {
  const taken = await inWorkspace(deps.db, workspaceId, async (tx) => {
    const work = { tx, workspaceId, now: deps.clock.now() };
    const told = await sql<Told & { id: string }>`
      DELETE FROM webhook_outbox WHERE workspace_id = ${workspaceId} AND id IN (
        SELECT id FROM webhook_outbox WHERE workspace_id = ${workspaceId} ORDER BY id LIMIT ${page} FOR UPDATE SKIP LOCKED
      ) RETURNING id, type, subject_id, occurred_at, recorded_at`.execute(tx);
    if (told.rows.length > 0)
      await spread(
        deps.ids,
        work,
        told.rows.toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id))),
      );
    await deps.failPoints.reach('webhook_spread.before_commit');
    return told.rows.length;
  });
  if (taken > 0) {
    await deps.failPoints.reach('webhook_spread.after_commit');
    deps.onChanged(workspaceId);
  }
  return { taken, more: taken === page };
}

async function spread(ids: Ids, work: Work, told: readonly Told[]): Promise<void> {
  const { tx, workspaceId } = work;
  // Locked, so that none is removed before its deliveries are there.
  const listening = await sql<{ id: string; types: string[] }>`
    SELECT id, types FROM webhook_endpoints WHERE workspace_id = ${workspaceId} AND enabled ORDER BY id FOR KEY SHARE`.execute(
    tx,
  );
  const wanted = new Set(listening.rows.flatMap(({ types }) => types));
  const subjects = await readSubjects(
    work,
    told.filter(({ type }) => wanted.has(type)),
  );
  const events = told.flatMap((row) => {
    const known = findEventType(row.type);
    const subject = subjects.get(`${row.type}/${row.subject_id}`);
    if (known === null || subject === undefined) return [];
    const id = ids.uuid();
    const body = writeBody({
      id,
      type: row.type,
      version: known.type.version,
      workspaceId,
      occurredAt: row.occurred_at,
      recordedAt: row.recorded_at,
      cause: subject.cause,
      data: subject.data,
    });
    return [{ id, type: row.type, contactId: subject.contactId, body, occurredAt: row.occurred_at }];
  });
  await storeEvents(work, events);
  await storeDeliveries(
    work,
    events.flatMap(({ id, type }) =>
      listening.rows
        .filter(({ types }) => types.includes(type))
        .map((endpoint) => ({ id: ids.uuid(), endpointId: endpoint.id, eventId: id, type })),
    ),
  );
}

/** What there is to say of each event, by type and id; one reading for each kind of thing. */
async function readSubjects(scope: Scope, told: readonly Told[]): Promise<ReadonlyMap<string, EventSubject>> {
  const subjects = new Map<string, EventSubject>();
  for (const [group, rows] of Map.groupBy(told, ({ type }) => findEventType(type)?.group ?? null)) {
    if (group === null) continue;
    const found = await group.read(scope, [...new Set(rows.map(({ subject_id }) => subject_id))]);
    for (const { type, subject_id } of rows) {
      const subject = found.get(subject_id);
      if (subject !== undefined) subjects.set(`${type}/${subject_id}`, subject);
    }
  }
  return subjects;
}

export type NewEvent = {
  readonly id: string;
  readonly type: string;
  readonly contactId: string | null;
  readonly body: string;
  readonly occurredAt: Date;
};

/** Stores events as they will be sent. */
export async function storeEvents({ tx, workspaceId, now }: Work, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    INSERT INTO webhook_events (workspace_id, id, type, contact_id, body, occurred_at, created_at)
    SELECT ${workspaceId}::uuid, x.*, ${now}::timestamptz FROM unnest(
      ${uuidArray(events.map(({ id }) => id))}::uuid[], ${textArray(events.map(({ type }) => type))}::text[],
      ${uuidArray(events.map(({ contactId }) => contactId))}::uuid[], ${textArray(events.map(({ body }) => body))}::text[],
      ${timeArray(events.map(({ occurredAt }) => occurredAt))}::timestamptz[]
    ) AS x`.execute(tx);
}

export type NewDelivery = {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly type: string;
};

/** Stores deliveries, to be made at once, and tells whoever looks at the endpoints. */
export async function storeDeliveries(work: Work, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const { tx, workspaceId, now } = work;
  await sql`
    INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, type, state, next_at, created_at)
    SELECT ${workspaceId}::uuid, x.id, x.endpoint_id, x.event_id, x.type, 'waiting', ${now}, ${now} FROM unnest(
      ${uuidArray(deliveries.map(({ id }) => id))}::uuid[], ${uuidArray(deliveries.map(({ endpointId }) => endpointId))}::uuid[],
      ${uuidArray(deliveries.map(({ eventId }) => eventId))}::uuid[], ${textArray(deliveries.map(({ type }) => type))}::text[]
    ) AS x(id, endpoint_id, event_id, type)`.execute(tx);
  await writeTopic(work, {
    topic: 'webhooks',
    ids: [...new Set(deliveries.map(({ endpointId }) => shown('webhook', endpointId)))],
  });
}
