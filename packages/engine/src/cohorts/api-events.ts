import type { Scalar } from '@signalbox/nodes/define/contact-fields';
import { personNumber } from '@signalbox/nodes/text/phone-number';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import { positionState } from '../db/states.ts';
import type { Work } from '../db/work.ts';
import { loadReadable } from '../versions/version-cache.ts';
import { type ArrivalDeps, arrive, enroll } from './arrivals.ts';
import type { RunRef } from './run-ref.ts';

export type ApiEvent = {
  readonly id: string;
  readonly type: string;
  readonly contactId: string;
  readonly data: Readonly<Record<string, Scalar>>;
  readonly occurredAt: Date;
  /** Who told of it: another system over the API, or a link that was followed. */
  readonly cause: 'api' | 'link';
};

/**
 * Stores an event about a contact and acts on it: everyone waiting for it moves on (once per event and enrollment, by the take-out
 * itself), and live flows that it triggers let the contact in. Locks the contact first.
 *
 * @returns null where the workspace has no such contact.
 */
export async function receiveEvent(
  deps: ArrivalDeps,
  work: Work,
  event: ApiEvent,
): Promise<{
  readonly enrolled: number;
  readonly moved: number;
  readonly runs: readonly RunRef[];
  readonly wake: readonly string[];
} | null> {
  const { tx, workspaceId, now } = work;
  const contact = await sql`
    SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${event.contactId} AND deleted_at IS NULL FOR NO KEY UPDATE`.execute(
    tx,
  );
  if (contact.rows.length === 0) return null;
  await sql`
    INSERT INTO events (workspace_id, id, type, contact_id, data, occurred_at, recorded_at, cause)
    VALUES (${workspaceId}, ${event.id}, ${event.type}, ${event.contactId}, ${JSON.stringify(event.data)}::jsonb, ${event.occurredAt}, ${now}, ${event.cause})`.execute(
    tx,
  );
  const waiting = await sql<{
    id: string;
    flow_id: string;
    version_id: string;
    run_id: string | null;
    cohort: number;
    hop: number;
    step: number;
    arrived_outlet: number | null;
  }>`
    SELECT id, flow_id, version_id, run_id, cohort, hop, step, arrived_outlet FROM enrollments
    WHERE workspace_id = ${workspaceId} AND contact_id = ${event.contactId} AND state = ${sql.lit(positionState.parked)} AND waiting_event = ${`custom.${event.type}`}
    ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const arrived = await arrive(
    deps,
    work,
    waiting.rows.map((row) => ({
      id: row.id,
      versionId: row.version_id,
      hop: row.hop,
      step: row.step,
      outlet: row.arrived_outlet ?? 0,
      eventId: event.id,
      reason: { code: 'event_arrived', values: { event: event.type } },
      codeRun: row.run_id === null ? null : { runId: row.run_id, cohort: row.cohort },
    })),
  );
  // A short code or a name that texted us is nobody to text: no flow takes it.
  const triggers = await sql<{ flow_id: string; version_id: string; step: number }>`
    SELECT t.flow_id, t.version_id, t.step FROM flow_triggers t
    JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id AND f.state IN ('live', 'paused')
    WHERE t.workspace_id = ${workspaceId} AND t.kind = 'api' AND t.value = ${event.type}
      AND EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = t.workspace_id AND c.id = ${event.contactId} AND c.phone ~ ${personNumber})
    ORDER BY t.flow_id`.execute(tx);
  const runs: RunRef[] = [...arrived.runs];
  let enrolled = 0;
  for (const trigger of triggers.rows) {
    // A version of another form lets nobody in, and keeps none of the others from doing so.
    const version = await loadReadable(deps.versions, work, trigger.version_id);
    if (version === null) continue;
    const entry = await enroll(deps, work, {
      version,
      triggerStep: trigger.step,
      contactIds: [event.contactId],
      eventId: event.id,
    });
    enrolled += entry.enrolled;
    runs.push(...entry.runs);
  }
  await writeFeed(work, {
    flowIds: [...new Set([...waiting.rows, ...triggers.rows].map((row) => row.flow_id))],
    contactIds: [event.contactId],
    counts: true,
  });
  return { enrolled, moved: waiting.rows.length, runs, wake: arrived.wake };
}
