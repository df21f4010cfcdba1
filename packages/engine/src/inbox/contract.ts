import { z } from '@hono/zod-openapi';
import { purposes } from '@signalbox/nodes/define/ports';
import { attemptStates, messageStates } from '../db/states.ts';
import {
  accountIdSchema,
  contactIdSchema,
  enrollmentIdSchema,
  flowIdSchema,
  instantSchema,
  mediaIdSchema,
  messageIdSchema,
  openEnum,
  page,
  pageQuerySchema,
  reasonSchema,
  routeIdSchema,
  searchSchema,
  senderIdSchema,
  templateIdSchema,
  time,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';
import { messageLinkSchema } from '../links/contract.ts';
import { messageMediaSchema } from '../media/contract.ts';
import { timelineKinds } from './timeline.ts';

/** States of a message as the API shows them: of one that is with a dispatcher the queue says so. */
const shownStates = [...messageStates, 'dispatching'] as const;
export const messageStateSchema = openEnum(shownStates);

export const messageSchema = z
  .object({
    id: messageIdSchema,
    contact_id: contactIdSchema,
    direction: openEnum(['in', 'out']),
    text: personal('text', z.string()),
    /** Pictures and other files that came or go with the text. */
    media: z.array(messageMediaSchema),
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

export const timelineQuerySchema = pageQuerySchema.extend({ kind: z.enum(timelineKinds).optional() });
const timelineItemSchema = z
  .object({
    kind: openEnum(timelineKinds),
    /** Of a message `in` or `out`; of consent as in its ledger; of a flow `entered`, `finished`, `failed` or `stopped`; `clicked`; the type of an event. */
    action: z.string(),
    at: time,
    /** Of a message; of a click where it led. */
    text: personal('text', z.string().nullable()),
    /** Of a message. */
    state: z.string().nullable(),
    purpose: z.string().nullable(),
    /** Of consent. */
    method: z.string().nullable(),
    reason: reasonSchema.nullable(),
    message_id: messageIdSchema.nullable(),
    flow_id: flowIdSchema.nullable(),
    flow_name: z.string().nullable(),
    enrollment_id: enrollmentIdSchema.nullable(),
  })
  .openapi('TimelineItem');
export type TimelineItem = z.infer<typeof timelineItemSchema>;
export const timelineSchema = page(timelineItemSchema).openapi('Timeline');

export const messageSearchQuerySchema = pageQuerySchema.extend({
  search: searchSchema.optional(),
  /** A number, or some of its digits. */
  number: searchSchema.optional(),
  state: z.enum(shownStates).optional(),
  direction: z.enum(['in', 'out']).optional(),
  account_id: accountIdSchema.optional(),
  flow_id: flowIdSchema.optional(),
  /** A provider's code, such as 30003. */
  code: searchSchema.optional(),
  since: instantSchema.optional(),
  until: instantSchema.optional(),
});

const attemptSchema = z.object({
  id: z.string(),
  account_id: accountIdSchema,
  account_name: z.string().nullable(),
  provider: z.string().nullable(),
  /** The provider's own id of the message. */
  provider_id: z.string().nullable(),
  state: openEnum(attemptStates),
  error_class: z.string().nullable(),
  error_code: z.string().nullable(),
  started_at: time,
  settled_at: time.nullable(),
});

const receiptSchema = z.object({
  status: z.string(),
  /** What the code means; null where nothing failed or nobody knows. */
  failure: z.string().nullable(),
  error_code: z.string().nullable(),
  received_at: time,
});

/** A message with everything that happened to it. */
export const messageDetailSchema = messageSchema
  .extend({
    purpose: z.string().nullable(),
    possible_duplicate: z.boolean(),
    /** What it cost, in millionths: as its provider told, else as it was reckoned when it went out; null where nobody knows. */
    cost: z.object({ micro_units: z.string(), currency: z.string(), told: z.boolean() }).nullable(),
    /** What it was reckoned to cost when it went out, in the workspace’s currency; null where there was no price. */
    estimate: z.object({ micro_units: z.string(), currency: z.string() }).nullable(),
    /** The route that said its sender; null where it was asked for, known to the person, or the oldest. The name is null once the route is gone. */
    route: z.object({ id: routeIdSchema, name: z.string().nullable() }).nullable(),
    /** The template that it was made of, and which of its texts; null where it was none. */
    template: z
      .object({ id: templateIdSchema, name: z.string(), version: z.number().int(), language: z.string() })
      .nullable(),
    /** While it is in the queue. */
    queue: z
      .object({
        lane: z.string(),
        attempts: z.number().int(),
        /** Not claimed before. */
        not_before: time,
        /** Given up if not accepted by then. */
        expires_at: time,
      })
      .nullable(),
    /** Requests to providers, the first one first. */
    attempts: z.array(attemptSchema),
    /** What providers told of it, as it came. */
    receipts: z.array(receiptSchema),
    /** Its short links, and whether they were followed. */
    links: z.array(messageLinkSchema),
  })
  .openapi('MessageDetail');
export type MessageDetail = z.infer<typeof messageDetailSchema>;

export const sendMessagesSchema = z
  .strictObject({
    messages: z
      .array(
        z.strictObject({
          /** A number; whoever is not known yet becomes a contact. Either this or `contact_id`. */
          to: personal('phone', z.string().min(3).max(32).optional()),
          contact_id: contactIdSchema.optional(),
          text: personal('text', z.string().min(1).max(1_600)),
          /** Pictures that were uploaded, by their ids: what goes out is an MMS, from a sender whose provider sends them. */
          media: z.array(mediaIdSchema).max(10).default([]),
        }),
      )
      .min(1)
      .max(1_000),
    /**
     * Marketing needs a grant and keeps quiet hours and caps. The others go out unless consent to them was taken back: what somebody asked
     * for or needs to know, an answer of a person to a person, a one-time password.
     */
    purpose: z.enum(purposes),
    /** One of the workspace's senders; its first unless given. */
    sender: z.string().min(1).max(20).optional(),
    /**
     * Who goes first: one-time passwords before everything else, what is bulk last. Unless given, `campaign` for marketing,
     * `transactional`, `reply` for what is conversational, and `otp`.
     */
    lane: z.enum(['otp', 'transactional', 'campaign', 'bulk']).optional(),
    /** Not before this moment, within 90 days. */
    send_at: instantSchema.optional(),
    /** Seconds that a message may wait for its turn, from when it may first go out: what takes longer is not sent. A day unless given. */
    valid_for: z.int().min(60).max(172_800).optional(),
    /** Every link in the texts becomes a short one of the person's own, which says who followed it. */
    shorten_links: z.boolean().default(false),
  })
  .openapi('SendMessages', {
    example: { messages: [{ to: '+12025550143', text: 'Your order has left.' }], purpose: 'transactional' },
  });

export const sentMessagesSchema = z
  .object({
    data: z.array(
      z.object({
        /** Null for one that could not even be written down, as there is no sender. */
        id: messageIdSchema.nullable(),
        contact_id: contactIdSchema,
        /** The number, as it is stored. */
        to: personal('phone', z.string()),
        state: openEnum(['queued', 'refused']),
        /** Why it will not go out, or not at once. */
        reason: reasonSchema.nullable(),
      }),
    ),
  })
  .openapi('SentMessages');

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

export const previewMessageSchema = z
  .strictObject({
    to: personal('phone', z.string().min(3).max(32)),
    purpose: z.enum(purposes).default('marketing'),
    text: personal('text', z.string().max(1_600).default('')),
    /** Pictures that were uploaded, by their ids. */
    media: z.array(mediaIdSchema).max(10).default([]),
    /** One of the workspace’s senders, where it is to be that one. */
    sender: z.string().min(1).max(20).optional(),
    /** Counts its links as the short ones that would take their places. */
    shorten_links: z.boolean().default(false),
  })
  .openapi('PreviewMessage', { example: { to: '+61491570156', purpose: 'marketing', text: 'Our sale ends today.' } });

export const messagePreviewSchema = z
  .object({
    /** The number, as it is stored. */
    to: personal('phone', z.string()),
    country: z.string().nullable(),
    /** Null where the workspace has no sender. */
    sender: z
      .object({ id: senderIdSchema, address: z.string(), account_name: z.string(), provider: z.string() })
      .nullable(),
    route: z.object({ id: routeIdSchema, name: z.string() }).nullable(),
    /** Why this sender: it was asked for, the person knows it, a route says so, or it is the oldest. */
    why: openEnum(['preferred', 'sticky', 'route', 'oldest']).nullable(),
    segments: z.number().int(),
    encoding: openEnum(['GSM-7', 'UCS-2']),
    /** What it is reckoned to cost, in millionths of the workspace’s currency; null where no price is known. */
    price: z.object({ micro_units: z.string(), currency: z.string() }).nullable(),
    /** Every rule of the gate and what it says of the message, now. */
    rules: z.array(
      z.object({
        rule: z.string(),
        title: z.string(),
        verdict: openEnum(['send', 'later', 'refuse']),
        until: time.nullable(),
        reason: reasonSchema.nullable(),
      }),
    ),
  })
  .openapi('MessagePreview');
export type MessagePreview = z.infer<typeof messagePreviewSchema>;
