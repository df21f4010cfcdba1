import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { noProof, recordConsent } from './store.ts';

/** How long a question is open. */
export const optInLifeMs = 72 * 3_600_000;

/** A consent that somebody was asked to confirm, and can. */
export type PendingOptIn = {
  readonly purpose: string;
  readonly programme_id: string;
  readonly version: number;
  /** What they sign up for, as they know it. */
  readonly name: string;
  /** Nothing else was sent to them since the question. */
  readonly asked_last: boolean;
};

/** What a contact was asked to confirm and did not yet. */
export async function pendingOptIns({ tx, workspaceId, now }: Work, contactId: string): Promise<PendingOptIn[]> {
  const rows = await sql<PendingOptIn>`
    SELECT c.purpose, l.programme_id, l.version, p.name, NOT EXISTS (
        SELECT 1 FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ${contactId} AND m.direction = 'out' AND m.id > l.source_message_id
          AND m.state NOT IN ('refused', 'canceled')
      ) AS asked_last
    FROM consents c
    CROSS JOIN LATERAL (
      SELECT programme_id, version, source_message_id FROM consent_ledger
      WHERE workspace_id = ${workspaceId} AND contact_id = ${contactId} AND purpose = c.purpose AND action = 'requested' ORDER BY id DESC LIMIT 1
    ) l
    JOIN consent_programmes p ON p.workspace_id = ${workspaceId} AND p.id = l.programme_id
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id = ${contactId} AND c.state = 'pending' AND c.expires_at > ${now}
    ORDER BY c.purpose`.execute(tx);
  return rows.rows;
}

/** Writes down that somebody confirmed what they were asked, by a text of theirs. The contact must be locked. */
export async function confirmOptIns(
  deps: { readonly ids: Ids },
  work: Work,
  text: { readonly contactId: string; readonly id: string; readonly body: string },
  pending: readonly PendingOptIn[],
): Promise<void> {
  await recordConsent(
    work,
    pending.map(({ purpose, programme_id: programmeId, version }) => ({
      id: deps.ids.uuid(),
      contactId: text.contactId,
      purpose,
      action: 'confirmed',
      method: 'double_opt_in',
      wording: text.body,
      sourceMessageId: text.id,
      flowId: null,
      enrollmentId: null,
      hop: null,
      proof: { ...noProof, shown: { programmeId, version } },
    })),
  );
}

const page = 500;

/**
 * Ends questions that nobody answered in time, a page of them: what was asked for is as it was before, so that somebody who had taken
 * their consent back has still done so. Whoever is being written about at this moment is left to the next turn.
 *
 * @returns ids of the contacts.
 */
export async function expireOptIns(deps: { readonly ids: Ids }, work: Work): Promise<string[]> {
  const { tx, workspaceId, now } = work;
  const due = await sql<{ contact_id: string; purpose: string; programme_id: string; version: number }>`
    SELECT s.contact_id, s.purpose, l.programme_id, l.version FROM consents s
    JOIN contacts c ON c.workspace_id = s.workspace_id AND c.id = s.contact_id
    CROSS JOIN LATERAL (
      SELECT programme_id, version FROM consent_ledger
      WHERE workspace_id = ${workspaceId} AND contact_id = s.contact_id AND purpose = s.purpose AND action = 'requested' ORDER BY id DESC LIMIT 1
    ) l
    WHERE s.workspace_id = ${workspaceId} AND s.state = 'pending' AND s.expires_at <= ${now}
    ORDER BY c.id LIMIT ${page} FOR NO KEY UPDATE OF c, s SKIP LOCKED`.execute(tx);
  const rows = due.rows;
  if (rows.length === 0) return [];
  await recordConsent(
    work,
    rows.map(({ contact_id: contactId, purpose, programme_id: programmeId, version }) => ({
      id: deps.ids.uuid(),
      contactId,
      purpose,
      action: 'expired',
      method: 'double_opt_in',
      wording: null,
      sourceMessageId: null,
      flowId: null,
      enrollmentId: null,
      hop: null,
      proof: { ...noProof, shown: { programmeId, version } },
    })),
  );
  await sql`
    WITH due AS (
      SELECT x.contact_id, x.purpose, EXISTS (
        SELECT 1 FROM consent_ledger l WHERE l.workspace_id = ${workspaceId} AND l.contact_id = x.contact_id AND l.purpose = x.purpose AND l.action = 'revoked'
      ) AS revoked
      FROM unnest(${rows.map((row) => row.contact_id)}::uuid[], ${rows.map((row) => row.purpose)}::text[]) AS x(contact_id, purpose)
    ), back AS (
      UPDATE consents c SET state = 'revoked', since = ${now}, expires_at = NULL FROM due
      WHERE c.workspace_id = ${workspaceId} AND c.contact_id = due.contact_id AND c.purpose = due.purpose AND due.revoked
    )
    DELETE FROM consents c USING due
    WHERE c.workspace_id = ${workspaceId} AND c.contact_id = due.contact_id AND c.purpose = due.purpose AND NOT due.revoked`.execute(
    tx,
  );
  return [...new Set(rows.map((row) => row.contact_id))];
}

/** How often each contact was asked of late for a purpose. */
export async function timesAsked(
  { tx, workspaceId }: Scope,
  contactIds: readonly string[],
  purpose: string,
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ contact_id: string; n: number }>`
    SELECT contact_id, count(*)::int AS n FROM consent_ledger
    WHERE workspace_id = ${workspaceId} AND contact_id = ANY(${[...contactIds]}::uuid[]) AND purpose = ${purpose} AND action = 'requested' AND at > ${since}
    GROUP BY contact_id`.execute(tx);
  return new Map(rows.rows.map((row) => [row.contact_id, row.n]));
}
