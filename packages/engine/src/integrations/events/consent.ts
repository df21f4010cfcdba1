import { sql } from 'kysely';
import { z } from 'zod';
import { contactIdSchema, flowIdSchema, messageIdSchema } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  contact_id: contactIdSchema,
  /** What it is for, such as `marketing`. */
  purpose: z.string(),
  /** How it was given or taken back, such as `flow` or `keyword_stop`. */
  method: z.string(),
  /** The text that said so, where one did. */
  message_id: messageIdSchema.nullable(),
  flow_id: flowIdSchema.nullable(),
});

/** Entries of the consent ledger. */
export const consentEvents = defineEvents({
  schema,
  example: {
    contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c',
    purpose: 'marketing',
    method: 'flow',
    message_id: 'msg_01jd4w7h8zqv3m5k2n9x6r0t4c',
    flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c',
  },
  types: {
    'consent.granted': { title: 'Somebody consented to messages of a purpose' },
    'consent.revoked': {
      title: 'Somebody took consent back',
      example: { method: 'keyword_stop', flow_id: null },
    },
    'consent.requested': {
      title: 'Somebody who signed up was asked to confirm it',
      example: { method: 'form', flow_id: null },
    },
    'consent.confirmed': {
      title: 'Somebody confirmed that they signed up, and has consented',
      example: { method: 'double_opt_in', flow_id: null },
    },
    'consent.expired': {
      title: 'Somebody did not confirm in time that they signed up',
      example: { method: 'double_opt_in', message_id: null, flow_id: null },
    },
  },
  async read({ tx, workspaceId }, ids) {
    const rows = await sql<{
      id: string;
      contact_id: string;
      purpose: string;
      method: string;
      source_message_id: string | null;
      flow_id: string | null;
      enrollment_id: string | null;
    }>`
      SELECT id, contact_id, purpose, method, source_message_id, flow_id, enrollment_id
      FROM consent_ledger WHERE workspace_id = ${workspaceId} AND id = ANY(${[...ids]}::uuid[])`.execute(tx);
    return new Map(
      rows.rows.map((row) => {
        const messageId = row.source_message_id === null ? null : shown('message', row.source_message_id);
        const data = {
          contact_id: shown('contact', row.contact_id),
          purpose: row.purpose,
          method: row.method,
          message_id: messageId,
          flow_id: row.flow_id === null ? null : shown('flow', row.flow_id),
        };
        const cause = row.enrollment_id === null ? messageId : shown('enrollment', row.enrollment_id);
        return [row.id, { contactId: row.contact_id, cause, data }];
      }),
    );
  },
});
