import type { ConsentMethod } from '@signalbox/nodes/define/consent-codes';
import type { ConsentState, Purpose } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import type { ConsentAction, ConsentRowState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Recorder } from '../http/recorder.ts';

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

/** What proves an entry, beside the text that it came in. */
export type ConsentProof = {
  /** The programme and the version of its words that the person was shown. */
  readonly shown: { readonly programmeId: string; readonly version: number } | null;
  readonly source: string | null;
  readonly sourceUrl: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** When the person said it, where that was before it was recorded. */
  readonly givenAt: Date | null;
  readonly by: Recorder | null;
};

/** What is known of an entry that came by text or from a flow. */
export const noProof: ConsentProof = {
  shown: null,
  source: null,
  sourceUrl: null,
  ip: null,
  userAgent: null,
  givenAt: null,
  by: null,
};

export type ConsentEntry = {
  readonly id: string;
  readonly contactId: string;
  readonly purpose: string;
  readonly action: ConsentAction;
  readonly method: ConsentMethod;
  readonly wording: string | null;
  readonly sourceMessageId: string | null;
  readonly flowId: string | null;
  readonly enrollmentId: string | null;
  readonly hop: number | null;
  readonly proof: ConsentProof;
};

/** What each entry makes of the state. After one that `expired` it is as it was before it was asked for. */
const stateAfter: Readonly<Record<Exclude<ConsentAction, 'expired'>, ConsentRowState>> = {
  granted: 'granted',
  confirmed: 'granted',
  revoked: 'revoked',
  requested: 'pending',
};

/**
 * Appends to the consent ledger and brings the projection along, in one statement each. The contacts must be locked.
 * An entry of the same enrollment, hop and purpose is stored once.
 *
 * @param expiresAt until when what is `requested` can be confirmed.
 */
export async function recordConsent(
  work: Work,
  entries: readonly ConsentEntry[],
  expiresAt: Date | null = null,
): Promise<void> {
  const { tx, workspaceId, now: at } = work;
  if (entries.length === 0) return;
  const column = <K extends keyof ConsentEntry>(key: K) => entries.map((entry) => entry[key]);
  const proofs = column('proof');
  const proof = <T>(of: (proof: ConsentProof) => T) => proofs.map(of);
  await sql`
    INSERT INTO consent_ledger (workspace_id, id, contact_id, purpose, action, method, wording, source_message_id, flow_id, enrollment_id, hop,
      programme_id, version, source, source_url, ip, user_agent, given_at, actor_kind, actor, at)
    SELECT ${workspaceId}::uuid, x.*, ${at} FROM unnest(
      ${column('id')}::uuid[], ${column('contactId')}::uuid[], ${column('purpose')}::text[], ${column('action')}::text[],
      ${column('method')}::text[], ${column('wording')}::text[], ${column('sourceMessageId')}::uuid[], ${column('flowId')}::uuid[],
      ${column('enrollmentId')}::uuid[], ${column('hop')}::int[],
      ${proof(({ shown }) => shown?.programmeId ?? null)}::uuid[], ${proof(({ shown }) => shown?.version ?? null)}::int[],
      ${proof(({ source }) => source)}::text[], ${proof(({ sourceUrl }) => sourceUrl)}::text[], ${proof(({ ip }) => ip)}::text[],
      ${proof(({ userAgent }) => userAgent)}::text[], ${proof(({ givenAt }) => givenAt)}::timestamptz[],
      ${proof(({ by }) => by?.kind ?? null)}::text[], ${proof(({ by }) => by?.id ?? null)}::text[]
    ) AS x
    ON CONFLICT DO NOTHING`.execute(tx);
  const latest = new Map(entries.map((entry) => [`${entry.contactId}/${entry.purpose}`, entry]));
  const last = [...latest.values()].flatMap(({ contactId, purpose, action }) =>
    action === 'expired' ? [] : [{ contactId, purpose, state: stateAfter[action] }],
  );
  if (last.length === 0) return;
  await sql`
    INSERT INTO consents (workspace_id, contact_id, purpose, state, since, expires_at)
    SELECT ${workspaceId}::uuid, x.contact_id, x.purpose, x.state, ${at}, CASE WHEN x.state = 'pending' THEN ${expiresAt}::timestamptz END FROM unnest(
      ${last.map((entry) => entry.contactId)}::uuid[], ${last.map((entry) => entry.purpose)}::text[], ${last.map((entry) => entry.state)}::text[]
    ) AS x(contact_id, purpose, state)
    ORDER BY x.contact_id, x.purpose
    ON CONFLICT (workspace_id, contact_id, purpose) DO UPDATE
      SET state = excluded.state, expires_at = excluded.expires_at, since = CASE WHEN consents.state = excluded.state THEN consents.since ELSE excluded.since END`.execute(
    tx,
  );
}
