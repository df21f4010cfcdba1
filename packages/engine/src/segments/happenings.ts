import { eventPrefix } from '@signalbox/nodes/flow/fact-fields';
import { type RawBuilder, sql } from 'kysely';

/** Whom a statement is about: some people by id, or everybody. */
export type Whom = readonly string[] | null;

/** Events that flows and people bring about: what somebody did, by the field that asks for it. */
const eventsOf: Readonly<Record<string, string>> = {
  'messages.received': 'message.received',
  'links.clicked': 'link.clicked',
};

/** What changes when something of a field happens: the name under which triggers of the database tell of it. */
export function watchOf(field: string): string {
  const type = eventType(field);
  if (type !== null) return `${eventPrefix}${type}`;
  return field === 'activity.any' ? 'events' : field;
}

/** The type of the stored events that a field asks for; null for one that stands elsewhere. */
function eventType(field: string): string | null {
  return field.startsWith(eventPrefix) ? field.slice(eventPrefix.length) : (eventsOf[field] ?? null);
}

/** What happened, as a table of `contact_id`, `at`, `flow_id` and `data`. */
export function happeningsSql(field: string, workspaceId: string, whom: Whom): RawBuilder<unknown> {
  const of = (table: string) =>
    sql`${sql.ref(`${table}.workspace_id`)} = ${workspaceId}::uuid ${whom === null ? sql`` : sql`AND ${sql.ref(`${table}.contact_id`)} = ANY(${[...whom]}::uuid[])`}`;
  const type = eventType(field);
  if (type !== null)
    return sql`SELECT e.contact_id, e.occurred_at AS at, NULL::uuid AS flow_id, e.data FROM events e WHERE ${of('e')} AND e.type = ${type}`;
  const messages = (at: RawBuilder<unknown>, which: RawBuilder<unknown>) =>
    sql`SELECT m.contact_id, ${at} AS at, m.flow_id, '{}'::jsonb AS data FROM messages m WHERE ${of('m')} AND m.direction = 'out' AND ${which}`;
  switch (field) {
    case 'activity.any':
      return sql`SELECT e.contact_id, e.occurred_at AS at, NULL::uuid AS flow_id, '{}'::jsonb AS data FROM events e WHERE ${of('e')}`;
    case 'messages.sent':
      return messages(sql`m.accepted_at`, sql`m.accepted_at IS NOT NULL`);
    case 'messages.delivered':
      return messages(sql`m.delivered_at`, sql`m.delivered_at IS NOT NULL`);
    case 'messages.failed':
      return messages(sql`m.created_at`, sql`m.state IN ('undelivered', 'failed', 'expired')`);
    case 'flows.entered':
      return sql`SELECT e.contact_id, e.started_at AS at, e.flow_id, '{}'::jsonb AS data FROM enrollments e WHERE ${of('e')}
        UNION ALL SELECT h.contact_id, h.started_at, h.flow_id, '{}'::jsonb FROM enrollment_history h WHERE ${of('h')}`;
    case 'flows.finished':
      return sql`SELECT h.contact_id, h.finished_at AS at, h.flow_id, '{}'::jsonb AS data FROM enrollment_history h WHERE ${of('h')} AND h.outcome = 'finished'`;
    default:
      throw new Error(`Nothing of the name ${field} happens.`);
  }
}
