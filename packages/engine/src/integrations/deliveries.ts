import { sql } from 'kysely';
import type { DeliveryState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';

export type DeliveryRow = {
  readonly id: string;
  readonly event_id: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly requests: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly next_at: Date;
  readonly occurred_at: Date;
  readonly created_at: Date;
  readonly settled_at: Date | null;
};

export type DeliveryQuery = {
  readonly id?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly before?: string | null;
  readonly limit: number;
};

/** Deliveries to an endpoint, the newest first, each with what its last request came to. */
export async function readDeliveries(
  { tx, workspaceId }: Scope,
  endpointId: string,
  query: DeliveryQuery,
): Promise<DeliveryRow[]> {
  const { id, state, type, before = null, limit } = query;
  const rows = await sql<DeliveryRow>`
    SELECT d.id, d.event_id, d.type, d.state, d.requests, a.status, a.error, d.next_at, v.occurred_at, d.created_at, d.settled_at
    FROM webhook_deliveries d
    JOIN webhook_events v ON v.workspace_id = d.workspace_id AND v.id = d.event_id
    LEFT JOIN LATERAL (
      SELECT status, error FROM webhook_attempts WHERE workspace_id = d.workspace_id AND delivery_id = d.id ORDER BY request DESC LIMIT 1
    ) a ON true
    WHERE d.workspace_id = ${workspaceId} AND d.endpoint_id = ${endpointId}
      ${id === undefined ? sql`` : sql`AND d.id = ${id}`}
      ${state === undefined ? sql`` : sql`AND d.state = ${state}`}
      ${type === undefined ? sql`` : sql`AND d.type = ${type}`}
      ${before === null ? sql`` : sql`AND d.id < ${before}::uuid`}
    ORDER BY d.id DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}

export type AttemptRow = {
  readonly at: Date;
  readonly duration_ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly response: string;
};

/** What was sent of a delivery's event, and what each request came to, the last one first. */
export async function readSent(
  { tx, workspaceId }: Scope,
  delivery: Pick<DeliveryRow, 'id' | 'event_id'>,
): Promise<{ readonly body: string | null; readonly attempts: readonly AttemptRow[] }> {
  const event = await tx
    .selectFrom('webhook_events')
    .select('body')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', delivery.event_id)
    .executeTakeFirst();
  const attempts = await tx
    .selectFrom('webhook_attempts')
    .select(['at', 'duration_ms', 'status', 'error', 'response'])
    .where('workspace_id', '=', workspaceId)
    .where('delivery_id', '=', delivery.id)
    .orderBy('request', 'desc')
    .limit(100)
    .execute();
  return { body: event?.body ?? null, attempts };
}

/**
 * Tries deliveries again, from the beginning of the schedule and under the same id: one of them, or all that were given up of events
 * since a moment.
 *
 * @returns how many.
 */
export async function replay(
  { tx, workspaceId, now }: Work,
  endpointId: string,
  which: { readonly id: string } | { readonly failedSince: Date },
): Promise<number> {
  const done = await sql`
    UPDATE webhook_deliveries d SET state = 'waiting', next_at = ${now}, tries = 0, failing_since = NULL, settled_at = NULL
    FROM webhook_events v
    WHERE d.workspace_id = ${workspaceId} AND d.endpoint_id = ${endpointId} AND v.workspace_id = d.workspace_id AND v.id = d.event_id
      AND v.body IS NOT NULL AND ${'id' in which ? sql`d.id = ${which.id}` : sql`d.state = 'failed' AND v.created_at >= ${which.failedSince}`}`.execute(
    tx,
  );
  return Number(done.numAffectedRows ?? 0);
}
