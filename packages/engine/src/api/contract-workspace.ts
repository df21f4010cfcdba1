import { z } from '@hono/zod-openapi';
import { reportedEventSchema } from '@signalbox/nodes/define/event-names';
import { accountIdSchema, batchIdSchema, contactIdSchema, flowIdSchema, page, scalarSchema, time } from './contract.ts';

/** The wire shapes of letting people in, events, the node library and accounts, as contract.ts has the others. */

export const postEventSchema = z
  .object({
    /** `order.placed`: people waiting for it move on; flows triggered by it let the contact in. */
    type: reportedEventSchema,
    contact_id: contactIdSchema,
    data: z.record(z.string().max(40), scalarSchema).default({}),
    occurred_at: time.optional(),
  })
  .openapi('PostEvent', {
    example: { type: 'order.placed', contact_id: 'con_01jd4w7h8zqv3m5k2n9x6r0t4c', data: { total: 12.5 } },
  });
export const eventAcceptedSchema = z
  .object({ id: z.string(), enrolled: z.number().int(), moved: z.number().int() })
  .openapi('EventAccepted');

export const nodeInfoSchema = z
  .object({
    type: z.string(),
    version: z.number().int(),
    title: z.string(),
    group: z.string(),
    icon: z.string(),
    docs: z.string(),
    effect: z.string(),
    config_schema: z.record(z.string(), z.unknown()),
  })
  .openapi('NodeInfo');
export const nodeListSchema = page(nodeInfoSchema).openapi('NodeList');

export const accountSchema = z
  .object({
    id: accountIdSchema,
    provider: z.enum(['twilio']),
    name: z.string(),
    /** The provider's own account id (Twilio: Account SID). The secret is never returned. */
    external_id: z.string(),
    base_url: z.string(),
    /** Who answers STOP, START and HELP. */
    opt_out_handling: z.enum(['carrier', 'signalbox']),
    senders: z.array(z.object({ address: z.string(), kind: z.string() })),
    webhook_url: z.string(),
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
    created_at: time,
  })
  .openapi('Account');
export type Account = z.infer<typeof accountSchema>;
export const accountListSchema = page(accountSchema).openapi('AccountList');
export const createAccountSchema = z
  .object({
    provider: z.literal('twilio'),
    name: z.string().trim().min(1).max(80),
    account_sid: z.string().regex(/^AC[0-9a-f]{32}$/),
    auth_token: z.string().min(16).max(128),
    /** Where the provider's API is reached; the provider's own address unless set. Loopback and private addresses only in demo mode. */
    base_url: z.url().max(200).optional(),
    opt_out_handling: z.enum(['carrier', 'signalbox']).default('carrier'),
    senders: z
      .array(z.object({ address: z.string().min(3).max(20), kind: z.enum(['long_code', 'short_code', 'toll_free']) }))
      .min(1)
      .max(50),
    /** Sent with HELP answers and opt-out confirmations where Signalbox answers them. */
    brand: z.string().trim().min(1).max(60).default('Signalbox'),
  })
  .openapi('CreateAccount', {
    example: {
      provider: 'twilio',
      name: 'Our shop',
      account_sid: `AC${'0123456789abcdef'.repeat(2)}`,
      auth_token: 'the-auth-token-of-the-account',
      opt_out_handling: 'carrier',
      senders: [{ address: '+12025550142', kind: 'long_code' }],
      brand: 'Our shop',
    },
  });
export const updateAccountSchema = z
  .object({ opt_out_handling: z.enum(['carrier', 'signalbox']) })
  .openapi('UpdateAccount', { example: { opt_out_handling: 'signalbox' } });

export const enrollSchema = z
  .union([
    z.object({ contact_ids: z.array(contactIdSchema).min(1).max(10_000) }).strict(),
    z
      .object({
        condition: z
          .record(z.string(), z.unknown())
          .openapi({ description: 'A condition over contact fields; `{"all":[]}` is everyone.' }),
      })
      .strict(),
  ])
  .openapi('Enroll', { example: { contact_ids: ['con_01jd4w7h8zqv3m5k2n9x6r0t4c'] } });

/** People let in together; those of a condition are let in page by page, at most 1,000 to a run. */
export const enrollmentBatchSchema = z
  .object({
    id: batchIdSchema,
    flow_id: flowIdSchema,
    state: z.enum(['running', 'done', 'stopped']),
    enrolled: z.number().int(),
    already_in_flow: z.number().int(),
    not_found: z.number().int(),
    runs: z.number().int(),
    created_at: time,
  })
  .openapi('EnrollmentBatch');
