import type { Reason } from '@signalbox/nodes/define/decision';
import type { Purpose } from '@signalbox/nodes/define/ports';
import { sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** What the gate decides from; read in one statement for any number of messages. */
export type GateFacts = {
  readonly suppressedReason: string | null;
  readonly consent: 'granted' | 'revoked' | 'none';
};

/**
 * The one gate. Asked when a message is queued and again in the transaction that claims it; every path passes it.
 * A suppressed number gets nothing. Marketing needs a grant; transactional goes out unless it was revoked.
 */
export function gateRefusal(purpose: Purpose, facts: GateFacts): Reason | null {
  if (facts.suppressedReason !== null) return { code: 'suppressed', values: { reason: facts.suppressedReason } };
  if (purpose === 'marketing' && facts.consent !== 'granted')
    return { code: 'no_consent', values: { purpose, consent: facts.consent } };
  if (purpose === 'transactional' && facts.consent === 'revoked')
    return { code: 'no_consent', values: { purpose, consent: facts.consent } };
  return null;
}

export type GateAnswer = { readonly refused: Reason | null };

/** Asks the gate for each message, in order. */
export async function askGate(
  work: Scope,
  keys: ReadonlyArray<{ readonly contactId: string; readonly number: string; readonly purpose: Purpose }>,
): Promise<GateAnswer[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<{
    contact_id: string;
    purpose: string;
    suppressed_reason: string | null;
    state: 'granted' | 'revoked' | null;
  }>`
    SELECT q.contact_id, q.purpose, n.suppressed_reason, c.state
    FROM unnest(${keys.map((key) => key.contactId)}::uuid[], ${keys.map((key) => key.number)}::text[], ${keys.map((key) => key.purpose)}::text[])
      AS q(contact_id, number, purpose)
    LEFT JOIN numbers n ON n.workspace_id = ${workspaceId} AND n.number = q.number AND n.suppressed_at IS NOT NULL
    LEFT JOIN consents c ON c.workspace_id = ${workspaceId} AND c.contact_id = q.contact_id AND c.purpose = q.purpose
    WHERE n.number IS NOT NULL OR c.contact_id IS NOT NULL`.execute(tx);
  const facts = new Map(
    rows.rows.map((row) => [
      `${row.contact_id}/${row.purpose}`,
      { suppressedReason: row.suppressed_reason, consent: row.state ?? 'none' } satisfies GateFacts,
    ]),
  );
  return keys.map((key) => ({
    refused: gateRefusal(
      key.purpose,
      facts.get(`${key.contactId}/${key.purpose}`) ?? { suppressedReason: null, consent: 'none' },
    ),
  }));
}
