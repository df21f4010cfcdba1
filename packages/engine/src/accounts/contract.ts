import { z } from '@hono/zod-openapi';
import { accountIdSchema, openEnum, page, time } from '../http/contract.ts';
import { type Provider, senderKinds } from '../providers/provider.ts';

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
    senders: z.array(z.object({ address: z.string(), kind: z.string() })),
    webhook_url: z.string(),
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
    capabilities: z.object({ media: z.boolean(), signed: z.boolean(), answers_opt_outs: z.boolean() }),
    limits: z.object({ text_length: z.number().int() }),
  })
  .openapi('Provider');
export const providerListSchema = page(providerSchema).openapi('ProviderList');

export const updateAccountSchema = z
  .strictObject({ opt_out_handling: z.enum(['carrier', 'signalbox']) })
  .openapi('UpdateAccount', { example: { opt_out_handling: 'signalbox' } });
