import { z } from '@hono/zod-openapi';
import { deliveryStates, webhookDisabledReasons } from '../db/states.ts';
import {
  deliveryIdSchema,
  eventIdSchema,
  instantSchema,
  openEnum,
  page,
  pageQuerySchema,
  time,
  webhookIdSchema,
} from '../http/contract.ts';
import { personal } from '../http/personal.ts';

export const eventTypeListSchema = page(
  z.object({
    type: z.string(),
    version: z.number().int(),
    title: z.string(),
    /** Of the event’s `data`. */
    example: z.record(z.string(), z.unknown()),
  }),
).openapi('EventTypeList');
export type EventTypeDescription = z.infer<typeof eventTypeListSchema>['data'][number];

export const webhookSchema = z
  .object({
    id: webhookIdSchema,
    url: z.string(),
    description: z.string(),
    /** The types of events that it hears of. */
    types: z.array(z.string()),
    enabled: z.boolean(),
    /** Why it is not: somebody disabled it, it answered 410, or it failed for three days. */
    disabled_reason: z.union([openEnum(webhookDisabledReasons), z.null()]),
    disabled_at: time.nullable(),
    /** The first failure since the last request that was taken. */
    failing_since: time.nullable(),
    /** Until when the secret that was replaced signs as well. */
    previous_secret_until: time.nullable(),
    /** The ETag is `"<revision>"`. */
    revision: z.number().int(),
    created_at: time,
  })
  .openapi('Webhook');
export type Webhook = z.infer<typeof webhookSchema>;
export const webhookListSchema = page(webhookSchema).openapi('WebhookList');

const fields = {
  /** Where events are sent: https, and an address that the internet reaches. */
  url: z.url().max(2_000),
  description: z.string().trim().max(200),
  types: z.array(z.string().max(100)).min(1).max(200),
};

export const createWebhookSchema = z
  .strictObject({ ...fields, description: fields.description.default('') })
  .openapi('CreateWebhook', {
    example: {
      url: 'https://example.com/hooks/signalbox',
      description: 'Our CRM',
      types: ['message.received', 'consent.revoked'],
    },
  });

export const updateWebhookSchema = z
  .strictObject({
    url: fields.url.optional(),
    description: fields.description.optional(),
    types: fields.types.optional(),
    enabled: z.boolean().optional(),
  })
  .openapi('UpdateWebhook', { example: { enabled: true } });

export const webhookSecretSchema = z
  .object({
    /** What signs. */
    secret: z.string(),
    /** What it replaced, for as long as that signs as well. */
    previous: z.object({ secret: z.string(), until: time }).nullable(),
  })
  .openapi('WebhookSecret');

export type WebhookSecret = z.infer<typeof webhookSecretSchema>;

export const rotateSecretSchema = z
  .strictObject({
    /** For how long the secret that is replaced signs as well. */
    overlap_hours: z.number().int().min(0).max(168).default(24),
  })
  .openapi('RotateWebhookSecret', { example: { overlap_hours: 24 } });

export const deliverySchema = z
  .object({
    id: deliveryIdSchema,
    event_id: eventIdSchema,
    type: z.string(),
    state: openEnum(deliveryStates),
    /** Requests so far. */
    requests: z.number().int(),
    /** What the last one was answered with; null where no answer came. */
    status: z.number().int().nullable(),
    /** Why the last one was not taken. */
    error: z.string().nullable(),
    /** While it waits: when it is tried next, or when a request that is under way counts as lost. */
    next_at: time.nullable(),
    occurred_at: time,
    created_at: time,
    settled_at: time.nullable(),
  })
  .openapi('WebhookDelivery');
export type WebhookDelivery = z.infer<typeof deliverySchema>;
export const deliveryListSchema = page(deliverySchema).openapi('WebhookDeliveryList');

export const deliveryListQuerySchema = pageQuerySchema.extend({
  state: z.enum(deliveryStates).optional(),
  type: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
});

export const deliveryDetailSchema = deliverySchema
  .extend({
    /** The document that is sent, as it is signed; null once the person it was about is erased. */
    body: personal('text', z.string().nullable()),
    /** Requests, the last one first. */
    attempts: z.array(
      z.object({
        at: time,
        duration_ms: z.number().int(),
        status: z.number().int().nullable(),
        error: z.string().nullable(),
        /** The beginning of the answer, numbers masked. */
        response: z.string(),
      }),
    ),
  })
  .openapi('WebhookDeliveryDetail');
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;

export const replayFailedSchema = z
  .strictObject({
    /** Deliveries that were given up of events since then. */
    since: instantSchema,
  })
  .openapi('ReplayFailed', { example: { since: '2026-11-22T17:35:00+01:00' } });

export const replayedSchema = z.object({ replayed: z.number().int() }).openapi('ReplayedDeliveries');
