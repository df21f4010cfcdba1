import { type RawBuilder, sql } from 'kysely';
import type { Scope } from '../db/work.ts';

/** What a timeline is made of. */
export const timelineKinds = ['message', 'consent', 'flow', 'click', 'event'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export type TimelineRow = {
  readonly kind: TimelineKind;
  /** Of the row that it is read from. */
  readonly id: string;
  readonly action: string;
  readonly at: Date;
  readonly message_id: string | null;
  readonly flow_id: string | null;
  readonly flow_name: string | null;
  readonly enrollment_id: string | null;
  readonly text: string | null;
  readonly state: string | null;
  readonly purpose: string | null;
  readonly method: string | null;
  readonly reason: unknown;
  /** The time as the database writes it, with its microseconds. */
  readonly place: string;
};

export type TimelinePlace = readonly [at: string, id: string, action: string];

/** Where each kind is read from: columns of one shape, of one person. */
const sources: Readonly<Record<TimelineKind, (of: RawBuilder<unknown>) => ReadonlyArray<RawBuilder<unknown>>>> = {
  message: (of) => [
    sql`SELECT 'message' AS kind, id, direction AS action, created_at AS at, id AS message_id, flow_id, enrollment_id, body AS text, state,
      purpose, NULL::text AS method, reason FROM messages WHERE ${of}`,
  ],
  consent: (of) => [
    sql`SELECT 'consent' AS kind, id, action, at, source_message_id AS message_id, flow_id, enrollment_id, NULL::text AS text, NULL::text AS state,
      purpose, method, NULL::jsonb AS reason FROM consent_ledger WHERE ${of}`,
  ],
  flow: (of) => [
    sql`SELECT 'flow' AS kind, id, 'entered' AS action, started_at AS at, NULL::uuid AS message_id, flow_id, id AS enrollment_id, NULL::text AS text,
      NULL::text AS state, NULL::text AS purpose, NULL::text AS method, NULL::jsonb AS reason FROM enrollments WHERE ${of}`,
    sql`SELECT 'flow' AS kind, id, 'entered' AS action, started_at AS at, NULL::uuid AS message_id, flow_id, id AS enrollment_id, NULL::text AS text,
      NULL::text AS state, NULL::text AS purpose, NULL::text AS method, NULL::jsonb AS reason FROM enrollment_history WHERE ${of}`,
    sql`SELECT 'flow' AS kind, id, outcome AS action, finished_at AS at, NULL::uuid AS message_id, flow_id, id AS enrollment_id, NULL::text AS text,
      NULL::text AS state, NULL::text AS purpose, NULL::text AS method, reason FROM enrollment_history WHERE ${of}`,
  ],
  click: (of) => [
    sql`SELECT 'click' AS kind, k.id, 'clicked' AS action, k.at, l.message_id, l.flow_id, NULL::uuid AS enrollment_id, l.target AS text,
      NULL::text AS state, NULL::text AS purpose, NULL::text AS method, NULL::jsonb AS reason
    FROM (SELECT workspace_id, code, message_id, flow_id, target FROM links WHERE ${of}) l
    JOIN link_clicks k ON k.workspace_id = l.workspace_id AND k.code = l.code AND NOT k.automatic`,
  ],
  // A text that came, and a link that was followed, are told as what they are.
  event: (of) => [
    sql`SELECT 'event' AS kind, id, type AS action, occurred_at AS at, NULL::uuid AS message_id, NULL::uuid AS flow_id, NULL::uuid AS enrollment_id,
      NULL::text AS text, NULL::text AS state, NULL::text AS purpose, NULL::text AS method, NULL::jsonb AS reason
    FROM events WHERE ${of} AND type NOT IN ('message.received', 'link.clicked')`,
  ],
};

/** Everything that happened with a person, or what is of one kind of it, the latest first. */
export async function readTimeline(
  { tx, workspaceId }: Scope,
  query: {
    readonly contactId: string;
    readonly kind: TimelineKind | undefined;
    readonly limit: number;
    readonly before: TimelinePlace | null;
  },
): Promise<TimelineRow[]> {
  const { contactId, kind, limit, before } = query;
  const of = sql`workspace_id = ${workspaceId} AND contact_id = ${contactId}`;
  const older =
    before === null
      ? sql``
      : sql`WHERE (at, id, action COLLATE "C") < (${before[0]}::timestamptz, ${before[1]}::uuid, ${before[2]})`;
  const order = sql`at DESC, id DESC, action COLLATE "C" DESC`;
  const parts = (kind === undefined ? timelineKinds : [kind])
    .flatMap((each) => sources[each](of))
    .map((part) => sql`(SELECT * FROM (${part}) p ${older} ORDER BY ${order} LIMIT ${limit})`);
  const { rows } = await sql<TimelineRow>`
    SELECT t.*, f.name AS flow_name, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
    FROM (${sql.join(parts, sql` UNION ALL `)}) t
    LEFT JOIN flows f ON f.workspace_id = ${workspaceId} AND f.id = t.flow_id
    ORDER BY t.at DESC, t.id DESC, t.action COLLATE "C" DESC LIMIT ${limit}`.execute(tx);
  return rows;
}
