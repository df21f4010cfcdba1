import { z } from '@hono/zod-openapi';
import { heldWaitings, holdModes } from '../db/states.ts';
import {
  accountIdSchema,
  flowIdSchema,
  holdIdSchema,
  instantSchema,
  messageIdSchema,
  openEnum,
  page,
  retryIdSchema,
  searchSchema,
  time,
} from '../http/contract.ts';
import { decisions } from './decide-unknown.ts';

/** In the order in which they are served, as `laneRank` counts them. */
export const lanes = ['otp', 'transactional', 'reply', 'journey', 'campaign', 'bulk'] as const;

const lineSchema = z.object({
  depth: z.number().int(),
  /** Since when the first that could go has waited; null where none could. */
  oldest_since: time.nullable(),
  /** Messages a minute, over the last five. */
  came_per_minute: z.number(),
  went_per_minute: z.number(),
  /** How long what waits takes at the rate at which messages leave; null where none do. */
  seconds_to_drain: z.number().int().nullable(),
});

export const queueSchema = lineSchema
  .extend({
    /** With a provider now. */
    dispatching: z.number().int(),
    /** Of which nobody knows yet whether they were sent. */
    unknown: z.number().int(),
    lanes: z.array(lineSchema.extend({ lane: openEnum(lanes) })),
    accounts: z.array(lineSchema.extend({ account_id: accountIdSchema, name: z.string().nullable() })),
    flows: z.array(lineSchema.extend({ flow_id: flowIdSchema, name: z.string().nullable(), weight: z.number().int() })),
    /** The last hour, a minute each, the first one first. */
    minutes: z.array(z.object({ at: time, came: z.number().int(), went: z.number().int(), depth: z.number().int() })),
  })
  .openapi('Queue');
export type Queue = z.infer<typeof queueSchema>;

const subject = {
  account_id: accountIdSchema.optional(),
  /** A number or name that messages are sent from. */
  sender: searchSchema.min(1).max(20).optional(),
  flow_id: flowIdSchema.optional(),
  lane: z.enum(lanes).optional(),
};

export const holdSchema = z
  .object({
    id: holdIdSchema,
    mode: openEnum(holdModes),
    account_id: accountIdSchema.nullable(),
    account_name: z.string().nullable(),
    sender: z.string().nullable(),
    flow_id: flowIdSchema.nullable(),
    flow_name: z.string().nullable(),
    lane: z.string().nullable(),
    since: time,
    /** Of a drain: nothing is left that was queued before it. */
    drained: z.boolean(),
    /** Of a cancel alone. */
    cancel: z
      .object({
        waiting: z.string().nullable(),
        code: z.string().nullable(),
        /** Until then it can be undone. */
        starts_at: time,
        matched: z.number().int(),
        canceled: z.number().int(),
        finished_at: time.nullable(),
      })
      .nullable(),
  })
  .openapi('QueueHold');
export type QueueHold = z.infer<typeof holdSchema>;
export const holdListSchema = page(holdSchema).openapi('QueueHoldList');

export const createHoldSchema = z
  .strictObject({
    /** `pause`: nothing goes out. `drain`: what was queued before goes out, nothing after it. */
    mode: z.enum(['pause', 'drain']),
    ...subject,
  })
  .openapi('CreateQueueHold', { example: { mode: 'pause', lane: 'bulk' } });

const filter = {
  ...subject,
  /** Those that wait for their turn, until a moment, or to be tried again. */
  waiting: z.enum(heldWaitings).optional(),
  queued_before: instantSchema.optional(),
  /** Those that wait for this: the code of a reason, such as `quiet_hours`, or the one a provider gave for the last try, such as 20429. */
  code: z
    .string()
    .regex(/^[\w.:-]{1,64}$/)
    .optional(),
};
export const cancelFilterSchema = z.object(filter);
export const createCancelSchema = z
  .strictObject(filter)
  .openapi('CancelQueued', { example: { lane: 'bulk', waiting: 'put_off' } });
export const cancelCountSchema = z.object({ matched: z.number().int() }).openapi('CancelCount');

const { waiting: _waiting, ...retryFilter } = filter;
export const retryFilterSchema = z.object(retryFilter);
export const createRetrySchema = z
  .strictObject(retryFilter)
  .openapi('RetryQueued', { example: { account_id: 'acc_01jd4w7h8zqv3m5k2n9x6r0t4c', code: '20429' } });
export const retryCountSchema = z.object({ matched: z.number().int() }).openapi('RetryCount');

export const retrySchema = z
  .object({
    id: retryIdSchema,
    account_id: accountIdSchema.nullable(),
    account_name: z.string().nullable(),
    sender: z.string().nullable(),
    flow_id: flowIdSchema.nullable(),
    flow_name: z.string().nullable(),
    lane: z.string().nullable(),
    /** Those alone that a provider answered with this. */
    code: z.string().nullable(),
    /** Until then it can be undone. */
    starts_at: time,
    matched: z.number().int(),
    /** Brought forward. */
    retried: z.number().int(),
    finished_at: time.nullable(),
  })
  .openapi('QueueRetry');
export type QueueRetry = z.infer<typeof retrySchema>;
export const retryListSchema = page(retrySchema).openapi('QueueRetryList');

export const waitsSchema = z
  .object({
    /** Not there any more, or never. */
    queued: z.boolean(),
    waits: z.array(
      z.object({
        code: openEnum([
          'with_dispatcher',
          'outcome_unknown',
          'flow_paused',
          'held',
          'put_off',
          'retrying',
          'behind',
          'rate',
          'in_line',
        ]),
        hold_id: holdIdSchema.optional(),
        mode: openEnum(holdModes).optional(),
        until: time.optional(),
        /** An earlier message to the same number that it waits for. */
        message_id: messageIdSchema.optional(),
        per_second: z.number().int().optional(),
        /** Messages before it in its line, up to 10,000. */
        ahead: z.number().int().optional(),
      }),
    ),
  })
  .openapi('QueueWaits');
export type QueueWaits = z.infer<typeof waitsSchema>;

export const errorClusterSchema = z.object({
  account_id: accountIdSchema,
  account_name: z.string().nullable(),
  error_class: z.string().nullable(),
  error_code: z.string().nullable(),
  count: z.number().int(),
  first_at: time,
  last_at: time,
  /** The latest message that it happened to. */
  message_id: messageIdSchema,
});
export const errorClusterListSchema = page(errorClusterSchema).openapi('ErrorClusterList');
export type ErrorClusterView = z.infer<typeof errorClusterSchema>;

export const waitingCodeListSchema = page(
  z.object({
    code: z.string(),
    /** In words; null for a provider’s code. */
    text: z.string().nullable(),
    /** Messages that wait for it. */
    count: z.number().int(),
  }),
).openapi('WaitingCodeList');
export type WaitingCodeList = z.infer<typeof waitingCodeListSchema>;

export const queueRateListSchema = page(
  z.object({
    account_id: accountIdSchema,
    name: z.string(),
    /** Segments a second at most; null for as many as it can. */
    per_second: z.number().int().nullable(),
    senders: z.array(z.object({ sender: z.string(), per_second: z.number().int().nullable() })),
  }),
).openapi('QueueRateList');
export type QueueRateList = z.infer<typeof queueRateListSchema>;

export const queueRateSchema = z
  .strictObject({
    account_id: subject.account_id,
    sender: subject.sender,
    /** Segments a second at most; null for as many as it can. */
    per_second: z.number().int().min(1).max(10_000).nullable(),
  })
  .openapi('QueueRate', { example: { sender: '+12025550142', per_second: 10 } });
export const queueWeightSchema = z
  .strictObject({
    flow_id: flowIdSchema,
    /** Turns that its messages get beside those of other flows in their lane. */
    weight: z.number().int().min(1).max(100),
  })
  .openapi('QueueWeight', { example: { flow_id: 'flw_01jd4w7h8zqv3m5k2n9x6r0t4c', weight: 3 } });

export const decisionSchema = z
  .strictObject({
    /** `arrived`: it was sent. `send_again`: it may come twice. `give_up`: it is not sent. */
    decision: z.enum(decisions),
  })
  .openapi('DecideMessage', { example: { decision: 'arrived' } });
