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
  auth_token: z.string().min(1),
  friendly_name: z.string().default('Demo account'),
  /** Who answers STOP, START and HELP: the carrier (which then refuses with 21610), or the customer. */
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

export const accountSidSchema = z.string().regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hexadecimal digits');

/** One customer of the carrier. */
export interface Account extends z.output<typeof accountBodySchema> {
  readonly sid: string;
}

/** As `Account`, with everything left out that has a default. */
export type AccountInput = z.input<typeof accountBodySchema> & { readonly sid: string };

/** The number of an account that a messaging-service sid or a `From` stands for. */
export interface BusinessNumber {
  readonly number: string;
  readonly smsUrl: string | null;
  readonly statusCallback: string | null;
  readonly account: Account;
}

/** Fills in defaults. Throws zod's error for an account that makes no sense. */
export function parseAccount(input: AccountInput): Account {
  const { sid, ...body } = input;
  return { sid: accountSidSchema.parse(sid), ...accountBodySchema.parse(body) };
}

/** The accounts by everything they are looked up with. */
export class AccountBook {
  readonly #bySid = new Map<string, Account>();
  #byAuthorization = new Map<string, Account>();
  #byNumber = new Map<string, BusinessNumber>();

  set(account: Account): void {
    this.#bySid.set(account.sid, account);
    this.#index();
  }

  remove(sid: string): boolean {
    const removed = this.#bySid.delete(sid);
    this.#index();
    return removed;
  }

  #index(): void {
    this.#byAuthorization = new Map();
    this.#byNumber = new Map();
    for (const account of this.#bySid.values()) {
      const pair = Buffer.from(`${account.sid}:${account.auth_token}`).toString('base64');
      this.#byAuthorization.set(`Basic ${pair}`, account);
      for (const { number, sms_url, status_callback } of account.numbers) {
        this.#byNumber.set(number, { number, smsUrl: sms_url, statusCallback: status_callback, account });
      }
    }
  }

  get(sid: string): Account | undefined {
    return this.#bySid.get(sid);
  }

  /** The account whose credentials a request's Authorization header carries. */
  authorized(header: string | undefined): Account | undefined {
    return header === undefined ? undefined : this.#byAuthorization.get(header);
  }

  number(number: string): BusinessNumber | undefined {
    return this.#byNumber.get(number);
  }

  all(): Account[] {
    return [...this.#bySid.values()];
  }

  numbers(): BusinessNumber[] {
    return [...this.#byNumber.values()];
  }
}
