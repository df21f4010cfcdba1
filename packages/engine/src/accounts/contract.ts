import { z } from '@hono/zod-openapi';
import { accountIdSchema, page, time } from '../http/contract.ts';

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
