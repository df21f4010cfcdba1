import { z } from 'zod';

export const e164Schema = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be an E.164 number such as +15550100');
/** What the business side texts from; a name takes no texts. */
const businessNumberSchema = z
  .string()
  .regex(
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'must be an E.164 number, a short code or a name',
  );
const urlSchema = z.url({ protocol: /^https?$/ });

/** What `PUT /_carrier/accounts/{sid}` takes. */
export const accountBodySchema = z.strictObject({
  /** Whose API the account's owner speaks. */
  dialect: z.string().default('twilio'),
  /** What the owner's requests and the carrier's callbacks prove themselves with, by the API's own names. */
  credentials: z.record(z.string(), z.string().min(1)).default({}),
  /** Twilio's one secret, for short; among the credentials like any other. */
  auth_token: z.string().min(1).optional(),
  friendly_name: z.string().default('Demo account'),
  /** Who answers STOP, START and HELP: the carrier (which then refuses to send), or the customer. */
  opt_out: z.enum(['carrier', 'customer']).default('customer'),
  numbers: z
    .array(
      z.strictObject({
        number: businessNumberSchema,
        sms_url: urlSchema.nullable().default(null),
        status_callback: urlSchema.nullable().default(null),
      }),
    )
    .default([]),
  messaging_services: z
    .array(z.strictObject({ sid: z.string().regex(/^MG[0-9a-f]{32}$/), numbers: z.array(businessNumberSchema).min(1) }))
    .default([]),
});

/** As an account is kept and written down. */
export const accountSchema = accountBodySchema
  .extend({ sid: z.string().min(1).max(100) })
  .transform(({ auth_token, credentials, ...account }) => ({
    ...account,
    credentials: auth_token === undefined ? credentials : { ...credentials, auth_token },
  }));

/** One customer of the carrier. */
export type Account = Readonly<z.output<typeof accountSchema>>;

/** As `Account`, with everything left out that has a default. */
export type AccountInput = z.input<typeof accountSchema>;

/** A number of an account, and where what concerns it is told. */
export interface BusinessNumber {
  readonly number: string;
  readonly smsUrl: string | null;
  readonly statusCallback: string | null;
  readonly account: Account;
}

/** The numbers of an account. */
export function numbersOf(account: Account): BusinessNumber[] {
  return account.numbers.map(({ number, sms_url, status_callback }) => ({
    number,
    smsUrl: sms_url,
    statusCallback: status_callback,
    account,
  }));
}
