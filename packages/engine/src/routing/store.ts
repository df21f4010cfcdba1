import type { Purpose } from '@signalbox/nodes/define/ports';
import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { sql } from 'kysely';
import { z } from 'zod';
import { uuidArray } from '../db/array-literals.ts';
import { queueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { type MediaSender, mediaLimitsOf } from '../providers/media-limits.ts';
import { lowestIdAt } from '../runtime/ids.ts';
import { shareOfId } from '../runtime/share-of-id.ts';
import { type Candidate, type Chosen, chooseSender, type Route } from './choose-sender.ts';

/** What a workspace has to send from, and by which routes. */
export type Routing = { readonly senders: readonly Candidate[]; readonly routes: readonly Route[] };

const routesSchema: z.ZodType<Route[]> = z.array(
  z.object({
    id: z.string(),
    countries: z.array(z.string()),
    purposes: z.array(z.string()),
    mode: z.enum(['order', 'weight']),
    senders: z.array(z.object({ id: z.string(), weight: z.number() })),
  }),
);

/** Reads it in one statement: the senders, the oldest first, and the routes in their order. */
export async function readRouting({ tx, workspaceId }: Scope, now: Date): Promise<Routing> {
  const isDrained = sql`EXISTS (
        SELECT 1 FROM queue_holds h WHERE h.workspace_id = s.workspace_id AND h.mode = 'drain' AND h.finished_at IS NULL
          AND h.flow_id IS NULL AND h.lane IS NULL AND (h.account_id IS NULL OR h.account_id = s.account_id) AND (h.sender IS NULL OR h.sender = s.address)
      )`;
  const { rows } = await sql<{
    id: string;
    account_id: string;
    address: string;
    kind: string;
    options: Record<string, string>;
    is_open: boolean;
    wants_probe: boolean;
    provider: string;
    routes: unknown;
  }>`
    SELECT s.id, s.account_id, s.address, s.kind, a.provider, a.options, a.health = 'up' AND NOT ${isDrained} AS is_open,
      a.health = 'down' AND NOT ${isDrained} AND NOT EXISTS (
        SELECT 1 FROM message_queue q WHERE q.workspace_id = s.workspace_id AND q.account_id = s.account_id
          AND (q.state = ${sql.lit(queueState.ready)} AND q.not_before <= ${now} OR q.state = ${sql.lit(queueState.dispatching)})
      ) AS wants_probe,
      CASE WHEN row_number() OVER (ORDER BY s.created_at, s.id) = 1 THEN (
        SELECT jsonb_agg(jsonb_build_object('id', r.id, 'countries', r.countries, 'purposes', r.purposes, 'mode', r.mode, 'senders', coalesce((
          SELECT jsonb_agg(jsonb_build_object('id', m.sender_id, 'weight', m.weight) ORDER BY m.position) FROM sender_route_members m
          WHERE m.workspace_id = r.workspace_id AND m.route_id = r.id
        ), '[]')) ORDER BY r.position) FROM sender_routes r WHERE r.workspace_id = ${workspaceId}
      ) END AS routes
    FROM senders s JOIN accounts a ON a.workspace_id = s.workspace_id AND a.id = s.account_id
    WHERE s.workspace_id = ${workspaceId} ORDER BY s.created_at, s.id`.execute(tx);
  return {
    senders: rows.map((row) => ({
      id: row.id,
      accountId: row.account_id,
      address: row.address,
      isOpen: row.is_open,
      takesMedia: (country) => takesMedia(row, country),
      wantsProbe: row.wants_probe,
    })),
    routes: routesSchema.parse(rows[0]?.routes ?? []),
  };
}

function takesMedia(sender: MediaSender, country: string | null): boolean {
  const limits = mediaLimitsOf(sender);
  if (limits === null) return false;
  return limits.countries === null || (country !== null && limits.countries.includes(country));
}

/** The same, for whoever only asks, or has what waits for one account go by another. */
export function withoutProbes({ senders, routes }: Routing): Routing {
  return { senders: senders.map((sender) => ({ ...sender, wantsProbe: false })), routes };
}

/** Somebody a message is for. */
export type Addressee = {
  readonly contactId: string;
  readonly number: string;
  readonly purpose: Purpose;
  /** The sender that they texted, or that was asked for; null for whichever. */
  readonly preferredSender: string | null;
  /** It has pictures. */
  readonly hasMedia?: boolean;
};

/** For how long somebody knows a sender. */
const knownForMs = 180 * 86_400_000;

/**
 * What each message goes out from. Where there is a choice, one statement more says from what each person last got something. An account
 * that is down and wants a probe gets one message, of those that would go out from it: the dispatcher tries it when it is time.
 *
 * @returns in order; null throughout where the workspace has no sender.
 */
export async function chooseSenders(
  scope: Scope,
  { senders, routes }: Routing,
  people: readonly Addressee[],
  now: Date,
): Promise<Array<Chosen | null>> {
  const unsure = senders.length < 2 ? [] : people.filter(({ preferredSender }) => preferredSender === null);
  const known = await lastSenders(
    scope,
    unsure.map(({ contactId }) => contactId),
    now,
  );
  const probes = new Set(senders.flatMap(({ accountId, wantsProbe }) => (wantsProbe ? [accountId] : [])));
  return people.map(({ contactId, number, purpose, preferredSender, hasMedia = false }) => {
    const wanted = {
      country: placeOfNumber(number).country,
      purpose,
      preferred: preferredSender,
      last: known.get(contactId) ?? null,
      draw: shareOfId(contactId),
      hasMedia,
    };
    if (probes.size > 0) {
      const opened = senders.map((each) => ({ ...each, isOpen: each.isOpen || probes.has(each.accountId) }));
      const probe = chooseSender(opened, routes, wanted);
      if (probe !== null && probes.delete(probe.sender.accountId)) return probe;
    }
    return chooseSender(senders, routes, wanted);
  });
}

async function lastSenders(
  { tx, workspaceId }: Scope,
  contactIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  if (contactIds.length === 0) return new Map();
  const since = lowestIdAt(now.getTime() - knownForMs);
  const { rows } = await sql<{ contact_id: string; sender: string }>`
    SELECT c.id AS contact_id, m.sender FROM unnest(${uuidArray(contactIds)}::uuid[]) AS c(id)
    CROSS JOIN LATERAL (
      SELECT sender FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = c.id AND m.id >= ${since}::uuid
        AND m.direction = 'out' AND m.state NOT IN ('refused', 'canceled', 'failed', 'expired') ORDER BY m.id DESC LIMIT 1
    ) m`.execute(tx);
  return new Map(rows.map((row) => [row.contact_id, row.sender]));
}
