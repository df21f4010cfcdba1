import type { ConsentMethod } from '@signalbox/nodes/define/consent-codes';
import type { ConsentState, Purpose } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';

/** The projection's state for each (contact, purpose), in the order asked; `none` where nothing was ever recorded. */
export async function consentStates(
  work: Scope,
  keys: ReadonlyArray<{ readonly contactId: string; readonly purpose: Purpose }>,
): Promise<ConsentState[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ contact_id: string; purpose: string; state: ConsentState }>`
    SELECT contact_id, purpose, state FROM consents
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${keys.map((key) => key.contactId)}::uuid[])`.execute(tx);
  const states = new Map(rows.rows.map((row) => [`${row.contact_id}/${row.purpose}`, row.state]));
  return keys.map((key) => states.get(`${key.contactId}/${key.purpose}`) ?? 'none');
}

export type ConsentEntry = {
  readonly id: string;
  readonly contactId: string;
  readonly purpose: string;
  readonly action: 'granted' | 'revoked';
  readonly method: ConsentMethod;
  readonly wording: string | null;
  readonly sourceMessageId: string | null;
  readonly flowId: string | null;
  readonly enrollmentId: string | null;
  readonly hop: number | null;
};

/**
 * Appends to the consent ledger and brings the projection along, in one statement each. The contacts must be locked.
 * An entry of the same enrollment, hop and purpose is stored once.
 */
export async function recordConsent(work: Work, entries: readonly ConsentEntry[]): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  if (entries.length === 0) return;
  const column = <K extends keyof ConsentEntry>(key: K) => entries.map((entry) => entry[key]);
  await sql`
    INSERT INTO consent_ledger (workspace_id, id, contact_id, purpose, action, method, wording, source_message_id, flow_id, enrollment_id, hop, at)
    SELECT ${workspaceId}::uuid, x.*, ${at} FROM unnest(
      ${column('id')}::uuid[], ${column('contactId')}::uuid[], ${column('purpose')}::text[], ${column('action')}::text[],
      ${column('method')}::text[], ${column('wording')}::text[], ${column('sourceMessageId')}::uuid[], ${column('flowId')}::uuid[],
      ${column('enrollmentId')}::uuid[], ${column('hop')}::int[]
    ) AS x
    ON CONFLICT DO NOTHING`.execute(tx);
  const latest = new Map(entries.map((entry) => [`${entry.contactId}/${entry.purpose}`, entry]));
  const last = [...latest.values()];
  await sql`
    INSERT INTO consents (workspace_id, contact_id, purpose, state, since)
    SELECT ${workspaceId}::uuid, x.contact_id, x.purpose, x.state, ${at} FROM unnest(
      ${last.map((entry) => entry.contactId)}::uuid[], ${last.map((entry) => entry.purpose)}::text[], ${last.map((entry) => entry.action)}::text[]
    ) AS x(contact_id, purpose, state)
    ORDER BY x.contact_id, x.purpose
    ON CONFLICT (workspace_id, contact_id, purpose) DO UPDATE
      SET state = excluded.state, since = CASE WHEN consents.state = excluded.state THEN consents.since ELSE excluded.since END`.execute(
    tx,
  );
}
