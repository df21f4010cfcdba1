import { sql } from 'kysely';
import { matchesSearch } from '../contacts/store.ts';
import type { MessageState, QueueState } from '../db/states.ts';
import type { Scope } from '../db/work.ts';
import { mediaOfMessage } from '../media/read-media.ts';

export type MessageRow = {
  readonly id: string;
  readonly contact_id: string;
  readonly direction: 'in' | 'out';
  readonly state: MessageState;
  /** 1 queued, 2 dispatching, 3 unknown; null once it has left the queue. */
  readonly queue_state: QueueState | null;
  readonly sender: string;
  readonly number: string;
  readonly body: string | null;
  readonly media: unknown;
  readonly segments: number;
  readonly encoding: string;
  readonly reason: unknown;
  readonly handled_by: string | null;
  readonly flow_id: string | null;
  readonly flow_name: string | null;
  readonly created_at: Date;
  readonly accepted_at: Date | null;
  readonly delivered_at: Date | null;
};

/** What a `MessageRow` is read from: `m` is the message, `q` its entry in the queue. */
export const messageColumns = sql`
  m.id, m.contact_id, m.direction, m.state, q.state AS queue_state, m.sender, m.number, m.body, ${mediaOfMessage} AS media, m.segments, m.encoding, m.reason, m.handled_by,
  coalesce(m.flow_id, h.flow_id) AS flow_id, f.name AS flow_name, m.created_at, m.accepted_at, m.delivered_at`;

/** Inbound texts name the flow whose enrollment consumed them. */
export const messageJoins = sql`
  LEFT JOIN message_queue q ON q.workspace_id = m.workspace_id AND q.message_id = m.id
  LEFT JOIN LATERAL (
    SELECT e.flow_id FROM enrollments e WHERE e.workspace_id = m.workspace_id AND e.id = m.consumed_by
    UNION ALL SELECT p.flow_id FROM enrollment_history p WHERE p.workspace_id = m.workspace_id AND p.id = m.consumed_by LIMIT 1
  ) h ON m.consumed_by IS NOT NULL
  LEFT JOIN flows f ON f.workspace_id = m.workspace_id AND f.id = coalesce(m.flow_id, h.flow_id)`;

/** A contact's messages, newest first. */
export async function listMessages(
  work: Scope,
  contactId: string,
  limit: number,
  before: string | null,
): Promise<MessageRow[]> {
  const { tx, workspaceId } = work;
  const rows = await sql<MessageRow>`
    SELECT ${messageColumns} FROM messages m ${messageJoins}
    WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ${contactId} ${before === null ? sql`` : sql`AND m.id < ${before}::uuid`}
    ORDER BY m.id DESC LIMIT ${limit}`.execute(tx);
  return rows.rows;
}

export type ConversationRow = MessageRow & {
  readonly phone: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly suppressed: boolean;
  readonly unhandled: boolean;
};

/**
 * Contacts who wrote or were written to, the latest message first, each with that message.
 *
 * Everyone is read by walking the messages backwards, leaving out those that a later one of the same contact follows: as much work
 * as messages passed, however many contacts there are. A search, or those unhandled alone, may fit so few that the walk would pass
 * every message; it begins at the contacts instead.
 */
export async function listConversations(
  work: Scope,
  query: {
    readonly search: string | undefined;
    readonly unhandled: boolean | undefined;
    readonly limit: number;
    /** The last message of the last conversation before this page. */
    readonly before: string | null;
  },
): Promise<ConversationRow[]> {
  const { tx, workspaceId } = work;
  const few = query.unhandled === true || (query.search ?? '').trim() !== '';
  const before = query.before === null ? sql`true` : sql`m.id < ${query.before}::uuid`;
  const fits = sql`c.workspace_id = ${workspaceId} AND c.deleted_at IS NULL AND ${matchesSearch(query.search)}
      ${query.unhandled === undefined ? sql`` : sql`AND c.unhandled = ${query.unhandled}`}`;
  const latest = few
    ? sql`
      SELECT m.* FROM contacts c
      JOIN LATERAL (SELECT * FROM messages WHERE workspace_id = c.workspace_id AND contact_id = c.id ORDER BY id DESC LIMIT 1) m ON true
      WHERE ${fits} AND ${before} ORDER BY m.id DESC LIMIT ${query.limit}`
    : sql`
      SELECT m.* FROM messages m JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id
      WHERE m.workspace_id = ${workspaceId} AND ${fits} AND ${before}
        AND NOT EXISTS (SELECT 1 FROM messages l WHERE l.workspace_id = m.workspace_id AND l.contact_id = m.contact_id AND l.id > m.id)
      ORDER BY m.id DESC LIMIT ${query.limit}`;
  const rows = await sql<ConversationRow>`
    SELECT ${messageColumns}, c.phone, c.first_name, c.last_name, n.suppressed_at IS NOT NULL AS suppressed, c.unhandled
    FROM (${latest}) m
    JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id
    ${messageJoins}
    LEFT JOIN numbers n ON n.workspace_id = c.workspace_id AND n.number = c.phone
    ORDER BY m.id DESC`.execute(tx);
  return rows.rows;
}

/** Clears the mark that a person should look at this conversation. False where there is no such contact. */
export async function markHandled(work: Scope, contactId: string): Promise<boolean> {
  const { tx, workspaceId } = work;
  const rows =
    await sql`UPDATE contacts SET unhandled = false WHERE workspace_id = ${workspaceId} AND id = ${contactId} RETURNING 1`.execute(
      tx,
    );
  return rows.rows.length > 0;
}
