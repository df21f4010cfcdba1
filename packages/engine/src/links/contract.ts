import { z } from '@hono/zod-openapi';
import { flowIdSchema, messageIdSchema, page, pageQuerySchema, time } from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const linkListQuerySchema = pageQuerySchema.extend({
  /** Of one message. */
  message_id: messageIdSchema.optional(),
  /** Of the messages of one flow. */
  flow_id: flowIdSchema.optional(),
});

export const linkTargetSchema = z
  .object({
    /** Where the links lead. */
    target: personal('text', z.string()).openapi({ example: 'https://example.com/sale' }),
    /** Messages that hold it. */
    messages: z.number().int(),
    /** People who were sent it, and those of them who followed it. */
    people: z.number().int(),
    people_clicked: z.number().int(),
    /** In all: whoever follows a link twice counts twice, but for two taps within seconds. */
    clicks: z.number().int(),
    last_clicked_at: time.nullable(),
  })
  .openapi('LinkTarget');
export const linkTargetListSchema = page(linkTargetSchema).openapi('LinkTargetList');
export type LinkTarget = z.infer<typeof linkTargetSchema>;

/** A short link of a message. */
export const messageLinkSchema = z.object({
  /** As it stands in the text. */
  url: personal('text', z.string()),
  target: personal('text', z.string()),
  clicks: z.number().int(),
  first_clicked_at: time.nullable(),
  last_clicked_at: time.nullable(),
  /** Leads nowhere from then on. */
  expires_at: time,
});
export type MessageLink = z.infer<typeof messageLinkSchema>;
