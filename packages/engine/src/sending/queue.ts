import type { Reason } from '@signalbox/nodes/define/decision';
import type { Lane, MessageDraft } from '@signalbox/nodes/define/ports';
import type { Exemption } from '@signalbox/nodes/gate/define-rule';
import { countSegments } from '@signalbox/nodes/text/segments';
import { sql } from 'kysely';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import type { Scope, Work } from '../db/work.ts';

/** Lanes in the order they are served. */
export const laneRank: Readonly<Record<Lane, number>> = {
  otp: 1,
  transactional: 2,
  reply: 3,
  journey: 4,
  campaign: 5,
  bulk: 6,
};

/** Lanes by their place in that order. */
export const laneNames: ReadonlyMap<number, string> = new Map(
  Object.entries(laneRank).map(([lane, rank]) => [rank, lane]),
);

/** A message not accepted this long after it was queued is `not_sent` (protocol 20). */
export const queueLifeMs = 24 * 3_600_000;

/** Until when the gate put a message off, and why. */
export type Later = { readonly until: Date; readonly reason: Reason };

/** What is shown of a message that was put off: the gate's reason with an `until`. */
export function waitingReason({ until, reason }: Later): Reason & { readonly until: Date } {
  return { ...reason, until };
}

export type QueueEntry = {
  readonly id: string;
  readonly contactId: string;
  readonly number: string;
  /** The sender the person texted, where it still exists; else the workspace's first. */
  readonly preferredSender: string | null;
  readonly enrollmentId: string | null;
  readonly hop: number | null;
  readonly draft: MessageDraft;
  /** The gate's word that it may not go out before, and why; null for at once. */
  readonly later: Later | null;
  /** What the gate is not asked about for this message. */
  readonly exemption: Exemption | null;
};

export type SenderRow = { readonly accountId: string; readonly address: string };

/** A message that the gate refused when it was to be queued. */
export type RefusedEntry = Pick<QueueEntry, 'id' | 'contactId' | 'number' | 'draft'> & { readonly reason: Reason };

/**
 * Writes refused messages down, so that whoever looks for them finds why. False where there is no sender that they could have come from:
 * then nothing is written.
 */
export async function storeRefused(
  work: Work,
  from: { readonly senders: readonly SenderRow[]; readonly preferredSender: string | null },
  entries: readonly RefusedEntry[],
): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const sender = from.senders.find(({ address }) => address === from.preferredSender) ?? from.senders[0];
  if (sender === undefined) return false;
  if (entries.length === 0) return true;
  const sizes = entries.map(({ draft }) => countSegments(draft.text));
  await sql`
    INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, purpose, reason, created_at)
    SELECT ${workspaceId}::uuid, x.id, x.contact_id, ${sender.accountId}::uuid, 'out', 'refused', ${sender.address}, x.number, x.body, x.segments, x.encoding, x.purpose, x.reason::jsonb, ${now}
    FROM unnest(
      ${uuidArray(entries.map(({ id }) => id))}::uuid[], ${uuidArray(entries.map(({ contactId }) => contactId))}::uuid[],
      ${textArray(entries.map(({ number }) => number))}::text[], ${textArray(entries.map(({ draft }) => draft.text))}::text[],
      ${scalarArray(sizes.map(({ segments }) => segments))}::smallint[], ${textArray(sizes.map(({ encoding }) => encoding))}::text[],
      ${textArray(entries.map(({ draft }) => draft.purpose))}::text[], ${textArray(entries.map(({ reason }) => JSON.stringify(reason)))}::text[]
    ) AS x(id, contact_id, number, body, segments, encoding, purpose, reason)`.execute(tx);
  return true;
}

/** The workspace's senders, oldest first. */
export async function listSenders(work: Scope): Promise<SenderRow[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ account_id: string; address: string }>`
    SELECT account_id, address FROM senders WHERE workspace_id = ${workspaceId} ORDER BY created_at, id`.execute(tx);
  return rows.rows.map((row) => ({ accountId: row.account_id, address: row.address }));
}

/**
 * Stores messages and puts them into the ready set: three statements for any number. The gate has been asked.
 *
 * @throws Error where the workspace has no sender; the gate refuses before that.
 */
export async function queueMessages(
  work: Work,
  context: {
    readonly flowId: string | null;
    /** The workspace's senders where they were read before. */
    readonly senders?: readonly SenderRow[];
  },
  entries: readonly QueueEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const { tx, workspaceId, now } = work;
  const { flowId } = context;
  const senders = context.senders ?? (await listSenders({ tx, workspaceId }));
  const byAddress = new Map(senders.map((sender) => [sender.address, sender]));
  const fallback = senders[0];
  if (fallback === undefined) throw new Error('The workspace has no sender.');
  const rows = entries.map((entry) => ({
    ...entry,
    sender: (entry.preferredSender === null ? undefined : byAddress.get(entry.preferredSender)) ?? fallback,
    size: countSegments(entry.draft.text),
  }));
  const ids = uuidArray(rows.map((row) => row.id));
  const accounts = uuidArray(rows.map((row) => row.sender.accountId));
  const numbers = textArray(rows.map((row) => row.number));
  await sql`
    INSERT INTO messages (workspace_id, id, contact_id, account_id, flow_id, enrollment_id, hop, direction, state, sender, number, body, segments, encoding, purpose, reason, created_at)
    SELECT ${workspaceId}::uuid, x.id, x.contact_id, x.account_id, ${flowId}::uuid, x.enrollment_id, x.hop, 'out', 'queued', x.sender, x.number, x.body, x.segments, x.encoding, x.purpose, x.reason::jsonb, ${now}
    FROM unnest(
      ${ids}::uuid[], ${uuidArray(rows.map((row) => row.contactId))}::uuid[], ${accounts}::uuid[], ${uuidArray(rows.map((row) => row.enrollmentId))}::uuid[],
      ${scalarArray(rows.map((row) => row.hop))}::int[], ${textArray(rows.map((row) => row.sender.address))}::text[], ${numbers}::text[],
      ${textArray(rows.map((row) => row.draft.text))}::text[], ${scalarArray(rows.map((row) => row.size.segments))}::smallint[],
      ${textArray(rows.map((row) => row.size.encoding))}::text[], ${textArray(rows.map((row) => row.draft.purpose))}::text[],
      ${textArray(rows.map((row) => (row.later === null ? null : JSON.stringify(waitingReason(row.later)))))}::text[]
    ) AS x(id, contact_id, account_id, enrollment_id, hop, sender, number, body, segments, encoding, purpose, reason)`.execute(
    tx,
  );
  await sql`
    INSERT INTO message_queue (workspace_id, message_id, account_id, flow_id, not_before, expires_at, lane, compliance, number)
    SELECT ${workspaceId}::uuid, x.id, x.account_id, ${flowId}::uuid, coalesce(x.not_before, ${now}), greatest(x.not_before, ${now}) + ${queueLifeMs} * interval '1 millisecond', x.lane, x.compliance, x.number
    FROM unnest(
      ${ids}::uuid[], ${accounts}::uuid[], ${scalarArray(rows.map((row) => laneRank[row.draft.lane]))}::smallint[],
      ${scalarArray(rows.map((row) => row.exemption === 'compliance_answer'))}::boolean[], ${numbers}::text[], ${timeArray(rows.map((row) => row.later?.until ?? null))}::timestamptz[]
    ) WITH ORDINALITY AS x(id, account_id, lane, compliance, number, not_before, place)
    ORDER BY x.place`.execute(tx);
}
