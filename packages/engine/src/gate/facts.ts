import type { ConsentState, Purpose } from '@signalbox/nodes/define/ports';
import type { GateFacts } from '@signalbox/nodes/gate/define-rule';
import { sql } from 'kysely';
import { textArray, uuidArray } from '../db/array-literals.ts';
import type { Work } from '../db/work.ts';

/** A message that the gate is asked about. */
export type GateKey = { readonly contactId: string; readonly number: string; readonly purpose: Purpose };

/**
 * Reads what the gate's rules need: one statement for any number of messages, the same for queueing and for claiming. Whoever claims has
 * locked the numbers in a statement before, so that a STOP that was committed is seen.
 *
 * @param options.hasSender whether there is a number to send from, which whoever asks knows.
 * @returns the facts of each message, in order.
 */
export async function readFacts(
  { tx, workspaceId, now }: Work,
  keys: readonly GateKey[],
  options: { readonly hasSender: boolean },
): Promise<GateFacts[]> {
  if (keys.length === 0) return [];
  const rows = await sql<{
    place: string;
    suppressed_reason: string | null;
    consent: ConsentState;
  }>`
    SELECT q.place, CASE WHEN n.suppressed_at IS NOT NULL THEN coalesce(n.suppressed_reason, 'unknown') END AS suppressed_reason,
      coalesce(c.state, 'none') AS consent
    FROM unnest(
      ${uuidArray(keys.map((key) => key.contactId))}::uuid[], ${textArray(keys.map((key) => key.number))}::text[],
      ${textArray(keys.map((key) => key.purpose))}::text[]
    ) WITH ORDINALITY AS q(contact_id, number, purpose, place)
    LEFT JOIN numbers n ON n.workspace_id = ${workspaceId} AND n.number = q.number
    LEFT JOIN consents c ON c.workspace_id = ${workspaceId} AND c.contact_id = q.contact_id AND c.purpose = q.purpose`.execute(
    tx,
  );
  const found = new Map(rows.rows.map((row) => [Number(row.place), row]));
  return keys.map(({ purpose }, index) => {
    const row = found.get(index + 1);
    return {
      purpose,
      now,
      suppressedReason: row?.suppressed_reason ?? null,
      consent: row?.consent ?? 'none',
      hasSender: options.hasSender,
    };
  });
}
