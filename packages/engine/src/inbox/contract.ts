import { z } from '@hono/zod-openapi';
import { messageStates } from '../db/states.ts';
import {
  contactIdSchema,
  flowIdSchema,
  messageIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  reasonSchema,
  searchSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const messageStateSchema = openEnum([...messageStates, 'dispatching']);

export const mediaSchema = z.object({
  url: personal('text', z.string()),
  type: z.string().openapi({ example: 'image/jpeg' }),
});

export const messageSchema = z
  .object({
    id: messageIdSchema,
    contact_id: contactIdSchema,
    direction: openEnum(['in', 'out']),
    text: personal('text', z.string()),
    /** Inbound only: pictures and other files that came with the text, at the address where the provider keeps them. */
    media: z.array(mediaSchema),
    from: personal('phone', z.string()),
    to: personal('phone', z.string()),
    state: messageStateSchema,
    reason: reasonSchema.nullable(),
    segments: z.number().int(),
    encoding: openEnum(['GSM-7', 'UCS-2']),
    /** Inbound only: what became of it: `compliance`, `reply`, `keyword`, `unhandled`. */
    handled_by: z.string().nullable(),
    flow_id: flowIdSchema.nullable(),
    flow_name: z.string().nullable(),
    created_at: time,
    accepted_at: time.nullable(),
    delivered_at: time.nullable(),
  })
  .openapi('Message');
export const messageListSchema = page(messageSchema).openapi('MessageList');

export const messageSearchQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
});

export const conversationSchema = z
  .object({
    contact: z.object({
      id: contactIdSchema,
      phone: personal('phone', z.string()),
      name: personal('name', z.string()),
      suppressed: z.boolean(),
    }),
    last_message: messageSchema,
    unhandled: z.boolean(),
  })
  .openapi('Conversation');
export const conversationListSchema = page(conversationSchema).openapi('ConversationList');
export const conversationListQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  unhandled: z.enum(['true', 'false']).optional(),
});

export type Message = z.infer<typeof messageSchema>;

export type Conversation = z.infer<typeof conversationSchema>;
