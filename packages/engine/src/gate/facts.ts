import { type ConsentState, type Lane, type Purpose, purposes } from '@signalbox/nodes/define/ports';
import type {
  GateFacts,
  GateSettings,
  MediaLimits,
  RegistrationState,
  SentMedia,
} from '@signalbox/nodes/gate/define-rule';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { reckonedPrice, spendingSettings } from '@signalbox/nodes/gate/spending';
import { linkCodeLength, replaceLinks } from '@signalbox/nodes/text/links';
import { countSegments } from '@signalbox/nodes/text/segments';
import { alwaysOpen, type OpeningHours, openingHoursSchema } from '@signalbox/nodes/time/opening-hours';
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { textArray, uuidArray } from '../db/array-literals.ts';
import { keptPlan } from '../db/connection.ts';
import type { Work } from '../db/work.ts';
import { createPriceBook } from '../pricing/price-book.ts';
import { type Limited, lockSpending, readLimits } from '../pricing/spent.ts';
import { priceBookAt } from '../pricing/store.ts';
import { mediaLimitsOf } from '../providers/media-limits.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import { shareOfId } from '../runtime/share-of-id.ts';
import { readBrands } from './brand-caps.ts';

/** A message that the gate is asked about. */
export type GateKey = {
  readonly contactId: string;
  readonly number: string;
  readonly purpose: Purpose;
  readonly lane: Lane;
  readonly text: string;
  /** Null where nobody counted them yet. */
  readonly segments: number | null;
  readonly flowId: string | null;
  /** The address that it would come from; null where there is none. */
  readonly sender: string | null;
  /** The files that go with it; null in place of one that is gone. None unless given. */
  readonly media?: ReadonlyArray<SentMedia | null>;
  /** Where it is in the queue already: its id, and when it was put there. */
  readonly queued: { readonly id: string; readonly at: Date } | null;
};

/** An answer is one for this long, from the person's text and in the queue. */
const answerMs = 5 * 60_000;
/** The longest window of a cap, and what a message may have waited before it went out. */
const longestCapMs = 32 * 86_400_000;

const isPurpose = (purpose: string): purpose is Purpose => purposes.some((known) => known === purpose);

/** A message's purpose as it is stored; rows may hold one that a later version wrote, for which as for marketing a grant is needed. */
export function storedPurpose(purpose: string | null): Purpose {
  return purpose !== null && isPurpose(purpose) ? purpose : 'marketing';
}

/** The facts of a message, with the limits that what it costs is taken from. */
export type MessageFacts = Omit<GateFacts, 'limits'> & { readonly limits: readonly Limited[] };

const noPrices = createPriceBook([]);
const spendingRead = new WeakMap<GateSettings, z.infer<typeof spendingSettings>>();

/** What the workspace set for what it spends. */
function spendingOf(settings: GateSettings): z.infer<typeof spendingSettings> {
  const known = spendingRead.get(settings) ?? spendingSettings.parse(settings['spending'] ?? {});
  spendingRead.set(settings, known);
  return known;
}

/**
 * Takes what a message is reckoned to cost from the limits that it falls under, and its segments from its brand's cap: whoever is asked about next sees the rest.
 *
 * @returns the price, in millionths of the workspace's currency; null where nobody knows it.
 */
export function reserve(facts: MessageFacts): number | null {
  const price = reckonedPrice(facts, spendingOf(facts.settings));
  for (const limit of facts.limits) limit.left -= price ?? 0;
  if (facts.brand !== null) facts.brand.left -= facts.segments;
  return price;
}

/** Reads a text as it stands in the database, into the same object for the same text: rules read what is in it once. */
function createReader<T extends object>(schema: z.ZodType<T>, none: T): (text: string | null) => T {
  const read = new LRUCache<string, T>({ max: 1_000 });
  return (text) => {
    if (text === null) return none;
    const known = read.get(text);
    if (known !== undefined) return known;
    const value = schema.parse(JSON.parse(text));
    read.set(text, value);
    return value;
  };
}

const settingsSchema: z.ZodType<GateSettings> = z.record(z.string(), z.unknown());
const settingsOf = createReader(settingsSchema, {});
const openingOf = createReader<OpeningHours>(openingHoursSchema, alwaysOpen);

type Row = {
  place: string;
  suppressed_reason: string | null;
  consent: ConsentState;
  time_zone: string | null;
  sender_kind: string | null;
  account_id: string | null;
  provider: string | null;
  options: Record<string, string> | null;
  registration: RegistrationState | null;
  brand: string | null;
  brand_cap: number | null;
  earlier: Date[] | null;
  short_links: Record<string, string> | null;
  workspace: { zone: string; country: string; rules: string | null; prices: string; opening: string | null } | null;
};

/**
 * Reads what the gate's rules need: one statement for any number of messages, the same for queueing and for claiming. Whoever claims has
 * locked the numbers in a statement before, so that a STOP that was committed is seen.
 *
 * @param options.reserving whoever asks will reserve what the messages cost (`reserve`): nobody else does in this workspace until the transaction is over.
 * @returns the facts of each message, in order.
 */
export async function readFacts(
  work: Work,
  keys: readonly GateKey[],
  options: { readonly reserving: boolean } = { reserving: false },
): Promise<MessageFacts[]> {
  if (keys.length === 0) return [];
  const { tx, workspaceId, now } = work;
  const since = lowestIdAt(now.getTime() - longestCapMs);
  const { rows } = await sql<Row>`${keptPlan}
    WITH workspace AS MATERIALIZED (
      SELECT w.time_zone, w.home_country, (SELECT jsonb_object_agg(rule, settings) FROM gate_rules WHERE workspace_id = ${workspaceId}) AS rules,
        (SELECT concat(count(*), ' ', max(updated_at), ' ', w.currency) FROM prices WHERE workspace_id = ${workspaceId}) AS prices
      FROM workspaces w WHERE w.workspace_id = ${workspaceId}
    ), cap AS MATERIALIZED (
      SELECT max((c ->> 'hours')::int) AS hours, max((c ->> 'messages')::int) AS messages
      FROM workspace, jsonb_array_elements(workspace.rules -> 'frequency-caps' -> 'caps') AS c
    )
    SELECT q.place, CASE WHEN n.suppressed_at IS NOT NULL THEN coalesce(n.suppressed_reason, 'unknown') WHEN p.deleted_at IS NOT NULL THEN 'deleted' END AS suppressed_reason,
      coalesce(c.state, 'none') AS consent, p.time_zone, s.kind AS sender_kind, s.account_id, a.provider, a.options,
      CASE WHEN s.registration = 'registered' AND s.registration_expires_on < ${now}::timestamptz::date THEN 'unregistered' ELSE s.registration END AS registration,
      s.registration_brand AS brand, CASE WHEN s.registration_brand IS NOT NULL THEN (
        SELECT min(b.brand_daily_segments) FROM senders b WHERE b.workspace_id = ${workspaceId} AND b.registration_brand = s.registration_brand
      ) END AS brand_cap,
      CASE WHEN q.purpose = 'marketing' AND (SELECT hours FROM cap) IS NOT NULL THEN ARRAY(
        SELECT coalesce(m.accepted_at, m.created_at) FROM messages m
        WHERE m.workspace_id = ${workspaceId} AND m.contact_id = q.contact_id AND m.id >= ${since}::uuid AND m.direction = 'out' AND m.purpose = q.purpose
          AND coalesce(m.accepted_at, m.created_at) > ${now}::timestamptz - (SELECT hours FROM cap) * interval '1 hour'
          AND m.state NOT IN ('refused', 'canceled', 'failed', 'expired')
          AND (q.message_id IS NULL OR m.id < q.message_id OR (m.state <> 'queued' AND m.id <> q.message_id))
        ORDER BY 1 DESC LIMIT (SELECT messages FROM cap)
      ) END AS earlier,
      CASE WHEN q.message_id IS NOT NULL AND (SELECT rules -> 'content' -> 'hosts' -> 0 FROM workspace) IS NOT NULL THEN (
        SELECT jsonb_object_agg(l.code, l.target) FROM links l WHERE l.workspace_id = ${workspaceId} AND l.message_id = q.message_id
      ) END AS short_links,
      CASE WHEN q.place = 1 THEN (SELECT jsonb_build_object('zone', time_zone, 'country', home_country, 'rules', rules::text, 'prices', prices,
        'opening', CASE WHEN rules ? 'opening-hours' THEN (SELECT settings::text FROM opening_hours WHERE workspace_id = ${workspaceId}) END) FROM workspace) END AS workspace
    FROM unnest(
      ${uuidArray(keys.map((key) => key.contactId))}::uuid[], ${textArray(keys.map((key) => key.number))}::text[],
      ${textArray(keys.map((key) => key.purpose))}::text[], ${textArray(keys.map((key) => key.sender))}::text[],
      ${uuidArray(keys.map((key) => key.queued?.id ?? null))}::uuid[]
    ) WITH ORDINALITY AS q(contact_id, number, purpose, sender, message_id, place)
    LEFT JOIN LATERAL (SELECT suppressed_at, suppressed_reason FROM numbers WHERE workspace_id = ${workspaceId} AND number = q.number LIMIT 1) n ON true
    LEFT JOIN LATERAL (SELECT time_zone, deleted_at FROM contacts WHERE workspace_id = ${workspaceId} AND id = q.contact_id LIMIT 1) p ON true
    LEFT JOIN LATERAL (
      SELECT kind, account_id, registration, registration_expires_on, registration_brand FROM senders WHERE workspace_id = ${workspaceId} AND address = q.sender LIMIT 1
    ) s ON true
    LEFT JOIN LATERAL (SELECT provider, options FROM accounts WHERE workspace_id = ${workspaceId} AND id = s.account_id LIMIT 1) a ON true
    LEFT JOIN LATERAL (
      SELECT state FROM consents WHERE workspace_id = ${workspaceId} AND contact_id = q.contact_id AND purpose = q.purpose LIMIT 1
    ) c ON true`.execute(tx);
  const found = new Map(rows.map((row) => [Number(row.place), row]));
  const workspace = found.get(1)?.workspace;
  const settings = settingsOf(workspace?.rules ?? null);
  const zone = workspace?.zone ?? 'UTC';
  const opening = openingOf(workspace?.opening ?? null);
  const { limits, per_message } = spendingOf(settings);
  const caps = new Map(
    rows.flatMap(({ brand, brand_cap: cap }) => (brand === null || cap === null ? [] : [[brand, cap] as const])),
  );
  const brands = await readBrands(work, caps, options);
  if (options.reserving && limits.length > 0) await lockSpending(work);
  const limited = await readLimits(work, limits, now, zone);
  const book =
    workspace == null || workspace.prices.startsWith('0 ') ? noPrices : await priceBookAt(work, workspace.prices);
  const isReckoned = book !== noPrices || limits.length > 0 || per_message !== null || caps.size > 0;
  return keys.map((key, index) => {
    const row = found.get(index + 1);
    const { purpose, number, text, segments, flowId } = key;
    const place = placeOfNumber(number);
    const accountId = row?.account_id ?? null;
    return {
      purpose,
      now,
      suppressedReason: row?.suppressed_reason ?? null,
      consent: row?.consent ?? 'none',
      hasSender: key.sender !== null,
      sender: row?.sender_kind == null ? null : { kind: row.sender_kind, registration: row.registration ?? 'unknown' },
      number,
      place,
      zone: row?.time_zone ?? null,
      workspaceZone: zone,
      homeCountry: workspace?.country ?? 'US',
      opening,
      isAnswer: isAnswer(key, now),
      text: row?.short_links == null ? text : withTargets(text, row.short_links),
      earlier: row?.earlier ?? [],
      draw: shareOfId(key.contactId),
      segments: segments ?? (isReckoned ? countSegments(text).segments : 1),
      media: key.media ?? [],
      mediaLimits: row === undefined ? null : limitsOfMedia(key, row),
      segmentPrice: row?.provider == null ? null : book.segment(row.provider, number),
      limits: limited.filter(
        (limit) =>
          (limit.accountId === null || limit.accountId === accountId) &&
          (limit.flowId === null || limit.flowId === flowId) &&
          (limit.country === null || limit.country === place.country),
      ),
      // A cap is of texts to the USA from ordinary numbers: whose network a number is on nobody says, so all of them count.
      brand: place.country === 'US' && row?.sender_kind === 'long_code' ? (brands.get(row.brand ?? '') ?? null) : null,
      settings,
    };
  });
}

/** Only what has files is told of what its sender takes of them. */
function limitsOfMedia({ media = [], sender }: GateKey, row: Row): MediaLimits | null {
  const { provider, options, sender_kind: kind } = row;
  if (media.length === 0 || sender === null || provider === null || kind === null) return null;
  return mediaLimitsOf({ provider, options: options ?? {}, kind, address: sender });
}

/** A text whose links were shortened when it was queued, with where they lead in their places: rules are about that. */
function withTargets(text: string, targets: Readonly<Record<string, string>>): string {
  return replaceLinks(text, (link) => targets[link.slice(-linkCodeLength)] ?? link);
}

/** Whoever queues an answer knows that the person's text is young; one that waited too long in the queue is none any more. */
function isAnswer({ lane, queued, purpose }: GateKey, now: Date): boolean {
  if (purpose === 'conversational') return true;
  return lane === 'reply' && (queued === null || now.getTime() - queued.at.getTime() <= answerMs);
}
