import { z } from '@hono/zod-openapi';
import { accountIdSchema, openEnum, page, time } from '../http/contract.ts';
import { type Provider, senderKinds } from '../providers/provider.ts';
import { webhookLoginSchema } from './webhook-guard.ts';

export const accountSchema = z
  .object({
    id: accountIdSchema,
    provider: z.string(),
    name: z.string(),
    /** How the provider itself names the account. */
    external_id: z.string(),
    /** What connects the account, but its secrets, which are never returned. */
    fields: z.record(z.string(), z.string()),
    base_url: z.string(),
    /** Who answers STOP, START and HELP. */
    opt_out_handling: openEnum(['carrier', 'signalbox']),
    /** What webhooks must bring besides their address, where the provider signs nothing: a login, and networks that they come from. */
    webhooks: z.object({ user: z.string().nullable(), networks: z.array(z.string()) }),
    /** Sent with HELP answers and opt-out confirmations. */
    brand: z.string(),
    /** A notice is raised once less than this is left, in millionths of what the provider counts in; null for never. */
    warn_below: z.string().nullable(),
    /**
     * What was left when the provider was last asked, which is every hour, in millionths of its currency, or of credits where that is null.
     * Null before the first time; `micro_units` is null where the provider tells nothing.
     */
    balance: z
      .object({ micro_units: z.string().nullable(), currency: z.string().nullable(), read_at: time })
      .nullable(),
    senders: z.array(z.object({ id: z.string(), address: z.string(), kind: z.string() })),
    /** Where the provider is to send texts. */
    webhook_url: z.string(),
    /** Where it is to send receipts, where a message cannot say so itself. */
    status_url: z.string(),
    /** Another one after every change; the ETag is `"<revision>"`. */
    revision: z.string(),
    created_at: time,
  })
  .openapi('Account');
export type Account = z.infer<typeof accountSchema>;
export const accountListSchema = page(accountSchema).openapi('AccountList');

const commonFields = {
  name: z.string().trim().min(1).max(80),
  /** Where the provider's API is reached; the provider's own address unless set. Loopback and private addresses only in demo mode. */
  base_url: z.url().max(200).optional(),
  opt_out_handling: z.enum(['carrier', 'signalbox']).default('carrier'),
  /** Sent with HELP answers and opt-out confirmations where Signalbox answers them. */
  brand: z.string().trim().min(1).max(60).default('Signalbox'),
};

/** The document names the kinds that the provider offers; one of the others is refused with a code and a text of ours. */
const sendersOf = ({ senders }: Provider) =>
  z
    .array(
      z.strictObject({
        address: z.string().min(1).max(20),
        kind: z.enum(senderKinds).openapi({ enum: [...senders] }),
      }),
    )
    .min(1)
    .max(50);

const accountOf = (provider: Provider) =>
  z.strictObject({
    ...provider.account.fields.shape,
    provider: z.literal(provider.type),
    ...commonFields,
    senders: sendersOf(provider),
  });

/**
 * The fields of every account, and those of its provider beside them.
 *
 * @throws Error where there is no provider.
 */
export function createAccountSchema(providers: Iterable<Provider>) {
  const [first, ...others] = providers;
  if (first === undefined) throw new Error('There are no providers.');
  return z
    .discriminatedUnion('provider', [accountOf(first), ...others.map(accountOf)])
    .openapi('CreateAccount', { example: exampleAccount(first) });
}

function exampleAccount({ type, account }: Provider) {
  return {
    provider: type,
    name: 'Our shop',
    ...account.example,
    opt_out_handling: 'carrier',
    senders: [{ address: '+12025550142', kind: 'long_code' }],
    brand: 'Our shop',
  };
}

export const providerSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    base_url: z.string(),
    /** JSON Schema of the fields that connect an account, with the form's hints. */
    fields_schema: z.record(z.string(), z.unknown()),
    secrets: z.array(z.string()),
    senders: z.array(z.string()),
    capabilities: z.object({
      media: z.boolean(),
      signed: z.boolean(),
      answers_opt_outs: z.boolean(),
      polls: z.boolean(),
    }),
    limits: z.object({
      /** UTF-16 code units of a text in GSM-7, and of one in UCS-2. */
      text_length: z.number().int(),
      text_length_ucs2: z.number().int(),
    }),
    /** What of its interface no source confirms; null where everything is. */
    unverified: z.string().nullable(),
  })
  .openapi('Provider');
export type ProviderDescription = z.infer<typeof providerSchema>;
export const providerListSchema = page(providerSchema).openapi('ProviderList');

export const updateAccountSchema = z
  .strictObject({
    name: commonFields.name.optional(),
    opt_out_handling: z.enum(['carrier', 'signalbox']).optional(),
    brand: z.string().trim().min(1).max(60).optional(),
    /** In millionths of what the provider counts in: its currency, or credits. Null for never. Asked every hour. */
    warn_below: z
      .string()
      .regex(/^\d{1,15}$/)
      .nullable()
      .optional(),
    /**
     * Only where the provider signs nothing. The login that its requests bring by HTTP Basic, null for none; and the networks that they come
     * from, such as 203.0.113.0/24, none for anywhere. With either, what they tell is believed like what is signed.
     */
    webhooks: z
      .strictObject({
        login: webhookLoginSchema.nullable().optional(),
        networks: z.array(z.string().max(50)).max(50).optional(),
      })
      .optional(),
    /** The provider's own fields: those that are given are replaced, secrets too. What was there before is believed for a day more. */
    fields: z.record(z.string().max(60), z.string().max(4_000)).optional(),
  })
  .openapi('UpdateAccount', { example: { opt_out_handling: 'signalbox' } });

export type UpdateAccount = z.infer<typeof updateAccountSchema>;

export const addSenderSchema = z
  .strictObject({ address: z.string().min(1).max(20), kind: z.enum(senderKinds) })
  .openapi('AddSender', { example: { address: '+12025550143', kind: 'long_code' } });

export const accountCheckSchema = z
  .object({
    ok: z.boolean(),
    /** What is left, where the provider tells: an amount in millionths; `currency` is null for credits of the provider's own. */
    balance: z.object({ micro_units: z.string(), currency: z.string().nullable() }).nullable(),
    /** Why it does not work; null where it does. */
    reason: z.object({ code: z.string(), text: z.string() }).nullable(),
    checked_at: time,
  })
  .openapi('AccountCheck');
export type AccountCheck = z.infer<typeof accountCheckSchema>;
