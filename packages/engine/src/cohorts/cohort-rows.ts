import type { AttributeValue, Scalar, StoredContact } from '@signalbox/nodes/define/contact-fields';
import type { ContactView, EventView } from '@signalbox/nodes/define/ports';
import { firstZone } from '@signalbox/nodes/time/zoned-time';
import { sql } from 'kysely';
import { positionState } from '../db/states.ts';
import { storedColumns } from '../db/stored-columns.ts';
import type { Scope, Work } from '../db/work.ts';

/** One person of a cohort as its step call locked and read them. */
export type CohortRow = {
  readonly id: string;
  readonly hop: number;
  /** Asleep on a timer of this run: leaves the step it stands in by `dueOutlet` before the call's step runs. */
  readonly asleep: { readonly step: number; readonly outlet: number } | null;
  readonly eventId: string | null;
  readonly keptReplyId: string | null;
  readonly listening: boolean;
  readonly contact: ContactView;
  readonly event: EventView | null;
  /** An earlier enrollment of theirs in the flow ended within the last hour. */
  readonly cameAgain: boolean;
  /** The sender the person last texted in this enrollment. */
  readonly eventSender: string | null;
  /** The zone in which times of day count for them: their own, or the workspace's. */
  readonly zone: string;
};

type RawRow = StoredContact & {
  id: string;
  hop: number;
  state: number;
  step: number;
  due_outlet: number | null;
  event_id: string | null;
  kept_reply_id: string | null;
  listening: boolean;
  came_again: boolean;
  contact_id: string;
  attributes: Record<string, AttributeValue>;
  workspace_zone: string;
  message_text: string | null;
  message_sender: string | null;
  message_at: Date | null;
  /** What was found out about a text, such as the keyword that it probably meant. */
  message_found: Record<string, Scalar> | null;
  event_type: string | null;
  event_data: Record<string, Scalar> | null;
  event_at: Date | null;
};

/** Locks the contacts of the cohorts, before their enrollments: only for steps that write consent or profile (protocol 5). */
export async function lockContacts(work: Scope, runId: string, cohorts: readonly number[]): Promise<void> {
  const { tx, workspaceId } = work;
  await sql`
    SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id IN (
      SELECT contact_id FROM enrollments WHERE workspace_id = ${workspaceId} AND run_id = ${runId} AND cohort = ANY(${[...cohorts]}::int[]) AND state IN (${sql.lit(positionState.ready)}, ${sql.lit(positionState.asleep)})
    ) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
}

/** How far back texts of a flow, and enrollments in it, count for the limit of texts. */
export const hourMs = 3_600_000;

/** Locks and reads the ready (and woken) people of the cohorts in id order, with their contact and the event that moved them. */
export async function lockCohorts(work: Work, runId: string, cohorts: readonly number[]): Promise<CohortRow[]> {
  const { tx, workspaceId, now } = work;
  const hourAgo = new Date(now.getTime() - hourMs);
  // Earlier enrollments: compared outside of WHERE, so that nothing but the contact's own index serves; a flow's holds its whole campaign.
  const result = await sql<RawRow>`
    SELECT e.id, e.hop, e.state, e.step, e.due_outlet, e.event_id, e.held_event_id AS kept_reply_id, e.listening,
      (SELECT coalesce(bool_or(h.flow_id = e.flow_id), false) FROM enrollment_history h
        WHERE h.workspace_id = e.workspace_id AND h.contact_id = e.contact_id AND h.finished_at > ${hourAgo}) AS came_again,
      c.id AS contact_id, ${storedColumns('c')}, c.attributes, w.time_zone AS workspace_zone,
      m.body AS message_text, m.sender AS message_sender, m.created_at AS message_at,
      m.reason->'values' AS message_found,
      v.type AS event_type, v.data AS event_data, v.occurred_at AS event_at
    FROM enrollments e
    JOIN contacts c ON c.workspace_id = e.workspace_id AND c.id = e.contact_id
    JOIN workspaces w ON w.workspace_id = e.workspace_id
    LEFT JOIN messages m ON m.workspace_id = e.workspace_id AND m.id = e.event_id
    LEFT JOIN events v ON v.workspace_id = e.workspace_id AND v.id = e.event_id
    WHERE e.workspace_id = ${workspaceId} AND e.run_id = ${runId} AND e.cohort = ANY(${[...cohorts]}::int[]) AND e.state IN (${sql.lit(positionState.ready)}, ${sql.lit(positionState.asleep)})
    ORDER BY e.id
    FOR NO KEY UPDATE OF e`.execute(tx);
  return result.rows.map(toRow);
}

/** What is left of a row without what is not the contact's is what is stored of the contact. */
function toRow(raw: RawRow): CohortRow {
  const { id, hop, state, step, due_outlet, event_id, kept_reply_id, listening, contact_id, workspace_zone, ...more } =
    raw;
  const {
    came_again,
    message_text,
    message_sender,
    message_at,
    message_found,
    event_type,
    event_data,
    event_at,
    ...contact
  } = more;
  return {
    id,
    hop,
    asleep: state === positionState.asleep ? { step, outlet: due_outlet ?? 0 } : null,
    eventId: event_id,
    keptReplyId: kept_reply_id,
    listening,
    contact: { id: contact_id, ...contact },
    event: toEvent({ event_id, message_text, message_at, message_found, event_type, event_data, event_at }),
    cameAgain: came_again,
    eventSender: message_sender,
    zone: firstZone(contact.time_zone, workspace_zone),
  };
}

type RawEvent = Pick<
  RawRow,
  'event_id' | 'message_text' | 'message_at' | 'message_found' | 'event_type' | 'event_data' | 'event_at'
>;

function toEvent(raw: RawEvent): EventView | null {
  if (raw.event_id === null) return null;
  if (raw.message_at !== null) {
    return {
      id: raw.event_id,
      type: 'message.received',
      occurred_at: raw.message_at,
      text: raw.message_text,
      data: raw.message_found ?? {},
    };
  }
  if (raw.event_type === null || raw.event_at === null) return null;
  return { id: raw.event_id, type: raw.event_type, occurred_at: raw.event_at, text: null, data: raw.event_data ?? {} };
}
