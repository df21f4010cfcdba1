import { isPersonNumber } from '@signalbox/nodes/text/phone-number';
import { countSegments } from '@signalbox/nodes/text/segments';
import { sql } from 'kysely';
import type { Arrived } from '../cohorts/arrivals.ts';
import { makeNumbers } from '../contacts/numbers.ts';
import { type FoundContact, lockContactOf } from '../contacts/one-person.ts';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { nameMedia, storeInboundMedia } from '../media/inbound-media.ts';
import { handleCompliance } from './compliance.ts';
import type { InboundDeps } from './inbound-deps.ts';
import { giveReply, waitingEnrollments } from './inbound-routing.ts';
import { type InboundText, type Routed, type RoutedText, reasonOf, toTheInbox } from './routed-text.ts';
import { startFlow } from './start-flow.ts';
import { isPart, joinPart, type TextPart, takeParts } from './text-parts.ts';

export type InboundOutcome = {
  readonly duplicate: boolean;
  readonly handledBy: Routed['handledBy'] | null;
  readonly queued: boolean;
} & Arrived;

const nothing: InboundOutcome = { duplicate: true, handledBy: null, queued: false, runs: [], wake: [] };

/**
 * Stores one text and acts on it, in this precedence: compliance words, waiting enrollments, keywords, answers to any text, the inbox.
 * The contact row is locked first, so one person's texts are handled one after another; a provider id seen before changes nothing, and so
 * does a part of a long text, until all of them are there.
 * What a short code or a name sends goes to the inbox and starts nothing.
 */
export async function receiveText(deps: InboundDeps, work: Work, told: InboundText): Promise<InboundOutcome> {
  const contact = await lockContact(deps, work, told.from);
  const text = isPart(told) ? await joinPart(work, told) : told;
  return text === null ? nothing : storeText(deps, work, contact, text);
}

/** Goes on with what is there of a long text of which a part never came, as with a whole one. */
export async function receiveRest(deps: InboundDeps, work: Work, part: TextPart): Promise<InboundOutcome> {
  const contact = await lockContact(deps, work, part.from);
  const text = await takeParts(work, part);
  return text === null ? nothing : storeText(deps, work, contact, text);
}

async function storeText(
  deps: InboundDeps,
  work: Work,
  contact: FoundContact,
  text: InboundText,
): Promise<InboundOutcome> {
  const { tx, workspaceId, now } = work;
  if (text.providerId === null && (await cameMomentsAgo(work, contact.id, text))) return nothing;
  const id = deps.ids.uuid();
  const size = countSegments(text.body);
  const media = nameMedia(deps, text.media);
  const stored = await sql<{ id: string }>`
    INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, media, segments, encoding, provider_id, created_at)
    VALUES (${workspaceId}, ${id}, ${contact.id}, ${text.accountId}, 'in', 'received', ${text.to}, ${contact.phone}, ${text.body},
      ${media.length === 0 ? null : JSON.stringify(media)}::jsonb, ${Math.max(1, size.segments)}, ${size.encoding}, ${text.providerId}, ${now})
    ON CONFLICT (workspace_id, account_id, provider_id) WHERE direction = 'in' DO NOTHING
    RETURNING id`.execute(tx);
  if (stored.rows.length === 0) return nothing;
  await storeInboundMedia(deps, work, { id, accountId: text.accountId }, text.media, media);
  await sql`
    INSERT INTO events (workspace_id, id, type, contact_id, occurred_at, recorded_at, cause)
    VALUES (${workspaceId}, ${id}, 'message.received', ${contact.id}, ${now}, ${now}, ${text.accountId})`.execute(tx);

  const message = { ...text, from: contact.phone, id, contactId: contact.id };
  const routed = isPersonNumber(text.from) ? await route(deps, work, message) : toTheInbox;
  const unhandled = routed.handledBy === 'unhandled' || routed.review;
  await sql`
    WITH handled AS (
      UPDATE messages SET handled_by = ${routed.handledBy}, consumed_by = ${routed.consumedBy}::uuid, reason = ${reasonOf(routed)}::jsonb
      WHERE workspace_id = ${workspaceId} AND id = ${id}
    )
    UPDATE contacts SET unhandled = unhandled OR ${unhandled} WHERE workspace_id = ${workspaceId} AND id = ${contact.id}`.execute(
    tx,
  );
  await writeFeed(work, { contactIds: [contact.id], flowIds: routed.flowIds, counts: routed.flowIds.length > 0 });
  return { duplicate: false, handledBy: routed.handledBy, queued: routed.queued, runs: routed.runs, wake: routed.wake };
}

/** Where the provider has no ids: within so many milliseconds the same words of one person are one text that was told twice. */
const sameTextMs = 4_000;

/** Whether a text without an id is one that was just stored; a message to the person in between makes it another. */
async function cameMomentsAgo({ tx, workspaceId, now }: Work, contactId: string, text: InboundText): Promise<boolean> {
  const since = new Date(now.getTime() - sameTextMs);
  const rows = await sql`
    SELECT 1 FROM messages m
    WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ${contactId} AND m.direction = 'in' AND m.account_id = ${text.accountId}
      AND m.created_at > ${since} AND m.sender = ${text.to} AND m.body = ${text.body}
      AND NOT EXISTS (
        SELECT 1 FROM messages o WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${contactId} AND o.direction = 'out'
          AND o.accepted_at > m.created_at
      )
    LIMIT 1`.execute(tx);
  return rows.rows.length > 0;
}

async function route(deps: InboundDeps, work: Work, text: RoutedText): Promise<Routed> {
  const waiting = await waitingEnrollments(work, { ...text, at: work.now });
  const handled = await handleCompliance(deps, work, text, waiting.length > 0);
  if (handled !== null) return handled;
  const moved = await giveReply(deps, work, text, waiting);
  if (moved !== null) return moved;
  return startFlow(deps, work, { ...text, at: work.now });
}

async function lockContact(deps: InboundDeps, work: Work, phone: string): Promise<FoundContact> {
  const { tx, workspaceId, now } = work;
  const found = await lockContactOf({ tx, workspaceId }, phone);
  if (found !== null) return found;
  await makeNumbers(deps, work, [phone]);
  const made = await sql<FoundContact>`
    INSERT INTO contacts (workspace_id, id, phone, created_at, updated_at) VALUES (${workspaceId}, ${deps.ids.uuid()}, ${phone}, ${now}, ${now})
    ON CONFLICT (workspace_id, phone) DO UPDATE SET updated_at = contacts.updated_at
    RETURNING id, phone`.execute(tx);
  const row = made.rows[0];
  if (row === undefined) throw new Error('The contact could not be stored.');
  return row;
}
