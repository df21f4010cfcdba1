import { sql } from 'kysely';
import { z } from 'zod';
import {
  contactIdSchema,
  enrollmentIdSchema,
  flowIdSchema,
  messageIdSchema,
  openEnum,
  time,
} from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { showReason } from '../../http/reasons.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  message_id: messageIdSchema,
  contact_id: contactIdSchema,
  direction: openEnum(['in', 'out']),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  segments: z.number().int(),
  purpose: z.string().nullable(),
  /** Why it was not sent, did not arrive, or waits. */
  reason: z.object({ code: z.string(), text: z.string() }).nullable(),
  /** Sent perhaps twice, as nobody knows what became of the first request. */
  possible_duplicate: z.boolean(),
  flow_id: flowIdSchema.nullable(),
  enrollment_id: enrollmentIdSchema.nullable(),
  created_at: time,
  accepted_at: time.nullable(),
  delivered_at: time.nullable(),
});

type Row = {
  readonly id: string;
  readonly contact_id: string;
  readonly direction: 'in' | 'out';
  readonly sender: string;
  readonly number: string;
  readonly body: string | null;
  readonly segments: number;
  readonly purpose: string | null;
  readonly reason: unknown;
  readonly possible_duplicate: boolean;
  readonly flow_id: string | null;
  readonly enrollment_id: string | null;
  readonly created_at: Date;
  readonly accepted_at: Date | null;
  readonly delivered_at: Date | null;
};

function show(row: Row): z.output<typeof schema> {
  const reason = showReason(row.reason);
  const outbound = row.direction === 'out';
  return {
    message_id: shown('message', row.id),
    contact_id: shown('contact', row.contact_id),
    direction: row.direction,
    from: outbound ? row.sender : row.number,
    to: outbound ? row.number : row.sender,
    text: row.body ?? '',
    segments: row.segments,
    purpose: row.purpose,
    reason: reason === null ? null : { code: reason.code, text: reason.text },
    possible_duplicate: row.possible_duplicate,
    flow_id: row.flow_id === null ? null : shown('flow', row.flow_id),
    enrollment_id: row.enrollment_id === null ? null : shown('enrollment', row.enrollment_id),
    created_at: row.created_at.toISOString(),
    accepted_at: row.accepted_at?.toISOString() ?? null,
    delivered_at: row.delivered_at?.toISOString() ?? null,
  };
}

const failed = (code: string, text: string) => ({ reason: { code, text }, accepted_at: null, delivered_at: null });

/** What happens to messages. Their numbers and texts are in the data. */
export const messageEvents = defineEvents({
  schema,
  example: {
    message_id: 'msg_01jd4w7h8zqv3m5k2n9x6r0t4c',
    contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c',
    direction: 'out',
    from: '+12025550142',
    to: '+12025550143',
    text: 'Your order has left.',
    segments: 1,
    purpose: 'transactional',
    reason: null,
    possible_duplicate: false,
    flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c',
    enrollment_id: 'enr_01jd4w7h8zqv3m5k2n9x6r0t4c',
    created_at: '2026-11-22T17:35:00.000Z',
    accepted_at: '2026-11-22T17:35:01.000Z',
    delivered_at: null,
  },
  types: {
    'message.queued': { title: 'A message was put into the queue', example: { accepted_at: null } },
    'message.accepted': { title: 'A provider took a message' },
    'message.delivered': {
      title: 'A message reached the phone',
      example: { delivered_at: '2026-11-22T17:35:04.000Z' },
    },
    'message.undelivered': {
      title: 'A message did not reach the phone',
      example: { reason: { code: 'carrier_error', text: 'The carrier could not deliver it (30003)' } },
    },
    'message.failed': {
      title: 'No provider would send a message',
      example: failed('provider_invalid_number', 'The provider says that the number is none (21211)'),
    },
    'message.refused': {
      title: 'A rule did not let a message out',
      example: failed('suppressed', 'The number may not be texted: they texted an opt-out word'),
    },
    'message.expired': {
      title: 'A message waited in the queue for too long',
      example: failed('expired', 'It waited for too long'),
    },
    'message.canceled': {
      title: 'A message was taken out of the queue',
      example: failed('flow_stopped', 'The flow was stopped'),
    },
    'message.unresolved': {
      title: 'Nobody could say whether a message was sent',
      example: failed('outcome_unknown', 'The provider did not say what became of it'),
    },
    'message.received': {
      title: 'Somebody sent a message',
      example: {
        direction: 'in',
        from: '+12025550143',
        to: '+12025550142',
        text: 'Yes please',
        purpose: null,
        flow_id: null,
        enrollment_id: null,
        accepted_at: null,
      },
    },
  },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<Row>`
      SELECT id, contact_id, direction, sender, number, body, segments, purpose, reason, possible_duplicate, flow_id, enrollment_id,
        created_at, accepted_at, delivered_at
      FROM messages WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])`.execute(tx);
    return new Map(
      rows.rows.map((row) => {
        const data = show(row);
        return [row.id, { contactId: row.contact_id, cause: data.enrollment_id, data }];
      }),
    );
  },
});
