import type { Reason } from '@signalbox/nodes/define/decision';
import { type Lane, lanes, type MessageDraft } from '@signalbox/nodes/define/ports';
import type { Exemption, SentMedia } from '@signalbox/nodes/gate/define-rule';
import { countSegments } from '@signalbox/nodes/text/segments';
import { sql } from 'kysely';
import { scalarArray, textArray, timeArray, uuidArray } from '../db/array-literals.ts';
import { toldLater } from '../db/connection.ts';
import type { Work } from '../db/work.ts';
import type { SenderRow } from '../routing/choose-sender.ts';

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
export const laneNames: ReadonlyMap<number, Lane> = new Map(lanes.map((lane) => [laneRank[lane], lane]));

/** A message not accepted this long after it was queued, or after it might first go out, is `not_sent` (protocol 20), unless it says otherwise. */
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
  /** What it goes out from, and by which route; null where none said so. */
  readonly sender: SenderRow;
  readonly routeId: string | null;
  readonly enrollmentId: string | null;
  readonly hop: number | null;
  readonly draft: MessageDraft;
  /** The gate's word that it may not go out before, and why; null for at once. */
  readonly later: Later | null;
  /** How long it may wait for its turn, from when it may first go out; `queueLifeMs` unless given. */
  readonly validMs?: number;
  /** What the gate is not asked about for this message. */
  readonly exemption: Exemption | null;
  /** The files that go with it; none unless given. */
  readonly media?: readonly SentMedia[];
};

/** A message that the gate refused when it was to be queued. */
export type RefusedEntry = Pick<
  QueueEntry,
  'id' | 'contactId' | 'number' | 'sender' | 'routeId' | 'draft' | 'media'
> & {
  readonly reason: Reason;
};

/** Writes refused messages down, so that whoever looks for them finds why. */
export async function storeRefused(work: Work, entries: readonly RefusedEntry[]): Promise<void> {
  await insertMessages(
    work,
    'refused',
    null,
    entries.map((entry) => ({ ...entry, enrollmentId: null, hop: null })),
  );
}

/** Stores messages and puts them into the ready set: two statements for any number. The gate has been asked. */
export async function queueMessages(
  work: Work,
  { flowId }: { readonly flowId: string | null },
  entries: readonly QueueEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const { tx, workspaceId, now } = work;
  await insertMessages(
    work,
    'queued',
    flowId,
    entries.map((entry) => ({ ...entry, reason: entry.later === null ? null : waitingReason(entry.later) })),
  );
  await sql`${toldLater}
    INSERT INTO message_queue (workspace_id, message_id, account_id, flow_id, not_before, expires_at, valid_seconds, lane, compliance, number, sender)
    SELECT ${workspaceId}::uuid, x.id, x.account_id, ${flowId}::uuid, coalesce(x.not_before, ${now}), greatest(x.not_before, ${now}) + x.valid_seconds * interval '1 second', x.valid_seconds, x.lane, x.compliance, x.number, x.sender
    FROM unnest(
      ${uuidArray(entries.map(({ id }) => id))}::uuid[], ${uuidArray(entries.map(({ sender }) => sender.accountId))}::uuid[], ${scalarArray(entries.map(({ draft }) => laneRank[draft.lane]))}::smallint[],
      ${scalarArray(entries.map(({ exemption }) => exemption === 'compliance_answer'))}::boolean[], ${textArray(entries.map(({ number }) => number))}::text[], ${timeArray(entries.map(({ later }) => later?.until ?? null))}::timestamptz[],
      ${textArray(entries.map(({ sender }) => sender.address))}::text[], ${scalarArray(entries.map(({ validMs }) => Math.ceil((validMs ?? queueLifeMs) / 1_000)))}::int[]
    ) WITH ORDINALITY AS x(id, account_id, lane, compliance, number, not_before, sender, valid_seconds, place)
    ORDER BY x.place`.execute(tx);
}

/** Writes messages down in a state that holds for all of them. */
async function insertMessages(
  { tx, workspaceId, now }: Work,
  state: 'queued' | 'refused',
  flowId: string | null,
  rows: ReadonlyArray<
    Pick<
      QueueEntry,
      'id' | 'contactId' | 'number' | 'sender' | 'routeId' | 'enrollmentId' | 'hop' | 'draft' | 'media'
    > & {
      readonly reason: Reason | null;
    }
  >,
): Promise<void> {
  if (rows.length === 0) return;
  const sizes = rows.map(({ draft }) => countSegments(draft.text));
  await sql`${toldLater}
    INSERT INTO messages (workspace_id, id, contact_id, account_id, flow_id, enrollment_id, hop, direction, state, sender, number, body, segments, encoding, purpose, reason, route_id, media, template_version_id, template_language, template_gaps, created_at)
    SELECT ${workspaceId}::uuid, x.id, x.contact_id, x.account_id, ${flowId}::uuid, x.enrollment_id, x.hop, 'out', ${state}, x.sender, x.number, x.body, x.segments, x.encoding, x.purpose, x.reason::jsonb, x.route_id, x.media::jsonb, x.template_version_id, x.template_language, x.template_gaps, ${now}
    FROM unnest(
      ${uuidArray(rows.map(({ id }) => id))}::uuid[], ${uuidArray(rows.map(({ contactId }) => contactId))}::uuid[], ${uuidArray(rows.map(({ sender }) => sender.accountId))}::uuid[],
      ${uuidArray(rows.map(({ enrollmentId }) => enrollmentId))}::uuid[], ${scalarArray(rows.map(({ hop }) => hop))}::int[], ${textArray(rows.map(({ sender }) => sender.address))}::text[],
      ${textArray(rows.map(({ number }) => number))}::text[], ${textArray(rows.map(({ draft }) => draft.text))}::text[],
      ${scalarArray(sizes.map(({ segments }) => segments))}::smallint[], ${textArray(sizes.map(({ encoding }) => encoding))}::text[], ${textArray(rows.map(({ draft }) => draft.purpose))}::text[],
      ${textArray(rows.map(({ reason }) => (reason === null ? null : JSON.stringify(reason))))}::text[],
      ${uuidArray(rows.map(({ routeId }) => routeId))}::uuid[],
      ${textArray(rows.map(({ media = [] }) => (media.length === 0 ? null : JSON.stringify(media))))}::text[],
      ${uuidArray(rows.map(({ draft }) => draft.template?.versionId ?? null))}::uuid[], ${textArray(rows.map(({ draft }) => draft.template?.language ?? null))}::text[],
      ${scalarArray(rows.map(({ draft }) => draft.template?.gaps ?? null))}::boolean[]
    ) AS x(id, contact_id, account_id, enrollment_id, hop, sender, number, body, segments, encoding, purpose, reason, route_id, media, template_version_id, template_language, template_gaps)`.execute(
    tx,
  );
}
