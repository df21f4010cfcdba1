import { sql } from 'kysely';
import { z } from 'zod';
import { type LinkDevice, linkDevices } from '../../db/states.ts';
import { contactIdSchema, flowIdSchema, messageIdSchema, openEnum, time } from '../../http/contract.ts';
import { shown } from '../../http/ids.ts';
import { defineEvents } from './define-events.ts';

const schema = z.object({
  message_id: messageIdSchema,
  contact_id: contactIdSchema,
  flow_id: flowIdSchema.nullable(),
  /** Where the link leads. */
  target: z.string(),
  device: openEnum(linkDevices),
  clicked_at: time,
});

type Row = {
  readonly id: string;
  readonly message_id: string;
  readonly contact_id: string;
  readonly flow_id: string | null;
  readonly target: string;
  readonly device: LinkDevice;
  readonly at: Date;
};

/** What happens to short links. Where they lead may hold what the text held of a person. */
export const linkEvents = defineEvents({
  schema,
  example: {
    message_id: 'msg_01jd4w7h8zqv3m5k2n9x6r0t4c',
    contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c',
    flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c',
    target: 'https://example.com/sale',
    device: 'phone',
    clicked_at: '2026-11-22T17:35:00.000Z',
  },
  types: { 'link.clicked': { title: 'Somebody followed a short link' } },
  async read({ tx, workspaceId }, ids) {
    const { rows } = await sql<Row>`
      SELECT c.id, l.message_id, l.contact_id, l.flow_id, l.target, c.device, c.at
      FROM link_clicks c JOIN links l ON l.workspace_id = c.workspace_id AND l.code = c.code
      WHERE c.workspace_id = ${workspaceId} AND c.id = ANY(${[...ids]}::uuid[])`.execute(tx);
    return new Map(
      rows.map(({ id, message_id, contact_id, flow_id, target, device, at }) => {
        const message = shown('message', message_id);
        const data = {
          message_id: message,
          contact_id: shown('contact', contact_id),
          flow_id: flow_id === null ? null : shown('flow', flow_id),
          target,
          device,
          clicked_at: at.toISOString(),
        };
        return [id, { contactId: contact_id, cause: message, data }];
      }),
    );
  },
});
