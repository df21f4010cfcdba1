import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';
import type { z } from 'zod';
import type { OutgoingClient } from '../http/outgoing.ts';

/** What accounts, the dispatcher, the webhooks and the lookups need of a provider. One provider, one file beside this. */

/** Why a provider certainly did not take a message; the class decides what happens next (facts: cross-provider error classes). */
export type ErrorClass =
  | 'invalid_number'
  | 'opted_out'
  | 'blocked'
  | 'unsupported'
  | 'sender'
  | 'throttled'
  | 'funds'
  | 'auth'
  | 'transient'
  | 'invalid_message';

/** Classes worth another try of the same message at the same account. */
export const retryableClasses: ReadonlySet<ErrorClass> = new Set(['throttled', 'transient']);

/**
 * `accepted`: the provider has it. `refused`: provably not sent. `ambiguous`: bytes were written and no clear answer came;
 * never failed over, never blindly retried.
 */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly providerId: string;
      /**
       * Ids of the further parts, where the provider sends a long text in several with an id each. They are not stored: a receipt of
       * such a part finds its message by our reference alone, and counts as one of the whole.
       */
      readonly partIds?: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly errorClass: ErrorClass;
      readonly code: string;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'ambiguous'; readonly code: string };

export type OutboundSms = {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Ours, one per attempt: travels in the field that the provider echoes, where it has one. */
  readonly reference: string;
  /** Where receipts go; carries the reference as well. */
  readonly callbackUrl: string;
};

/** What is known of an attempt whose outcome is not. */
export type LookupQuery = {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly reference: string;
  readonly since: Date;
};

/** One message that the provider's own list shows. */
export type ListedMessage = { readonly providerId: string; readonly createdAt: Date; readonly status: ReceiptStatus };

/** `cannot_tell`: the list holds too little (no text, no reference) to know which message is ours. */
export type LookupAnswer = readonly ListedMessage[] | 'cannot_tell';

/** Where a receipt leaves a message, as a monotone rank (see sending/receipts.ts). */
export type ReceiptStatus = 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled';

/** A request that came to one of the two addresses of an account. */
export type WebhookRequest = {
  readonly method: string;
  /** Which of the account's addresses was asked: the one for texts, or the one for receipts. */
  readonly address: 'sms' | 'status';
  /** The configured public URL of the route with the query as received: what the provider signed. */
  readonly url: string;
  readonly query: URLSearchParams;
  /** A header's value, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly rawBody: string;
  /** When it came: a signature that says when it was made is not believed long after. */
  readonly receivedAt: Date;
};

/** A file that came with a text: where the provider keeps it, and of which kind it is, such as `image/jpeg`. */
export type InboundMedia = { readonly url: string; readonly type: string };

/** An authentic text from a person. */
export type InboundSms = {
  readonly providerId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Pictures and other files that came with it, which the provider keeps for us. */
  readonly media: readonly InboundMedia[];
  /**
   * The compliance word that the provider itself sees in the text, where it handles opt-outs for the account. `stated` where the
   * request said so; otherwise it goes by the words the provider documents. Null: the provider does nothing about it.
   */
  readonly carrierWord: { readonly kind: ComplianceKind; readonly stated: boolean } | null;
  /**
   * Which part of a long text this is, where the provider hands them over one by one: they share `reference`, and `index` runs from 1
   * to `of`. Parts are not joined: each is stored and answered as a text of its own.
   */
  readonly part?: { readonly reference: string; readonly index: number; readonly of: number };
};

export type Receipt = {
  readonly providerId: string;
  /** The reference that the message was sent with, whole, where the provider echoes it; anything else is no help in finding the message. */
  readonly reference: string | null;
  readonly status: ReceiptStatus;
  readonly errorCode: string | null;
  /** True where the error says that the person has opted out at the carrier. */
  readonly optedOut: boolean;
};

/**
 * One thing that a webhook told: requests of some providers hold several. `unknown` is authentic and not understood; it is kept for a
 * person.
 */
export type ProviderEvent =
  | ({ readonly kind: 'text' } & InboundSms)
  | ({ readonly kind: 'receipt' } & Receipt)
  | { readonly kind: 'unknown' };

/** A number that the provider keeps on its opt-out list. */
export type OptedOut = { readonly number: string; readonly at: Date };

/** What a segment costs, in millionths of `currency`. */
export type Price = { readonly microUnits: bigint; readonly currency: string };

/** An account, connected: its credentials stay in here. */
export type Connection = {
  /** Sends one message. Never throws for what the network or the provider does. */
  readonly send: (message: OutboundSms, timeoutMs: number) => Promise<SendOutcome>;
  /** Messages that may be this attempt: for resolving an unknown outcome. Absent where the provider has no list. @throws Error where it cannot be read. */
  readonly lookup?: (query: LookupQuery, timeoutMs: number) => Promise<LookupAnswer>;
  /** True for a request that this account's provider signed. Fails closed. */
  readonly verify: (request: WebhookRequest) => boolean;
  /** What an authentic request tells, in its order; empty where it tells nothing that matters. Never throws for what it holds. */
  readonly read: (request: WebhookRequest) => readonly ProviderEvent[];
  /** The provider's opt-out list, of `since` or later, where it has one that can be read. @throws Error where it cannot. */
  readonly optOuts?: (since: Date | null, timeoutMs: number) => Promise<readonly OptedOut[]>;
  /** What a segment to this number costs, where the provider says. @throws Error where it cannot be asked. */
  readonly price?: (to: string, timeoutMs: number) => Promise<Price | null>;
};

/** What a person sees a text come from: a number, a short one, or a name of letters, which takes no replies. */
export const senderKinds = ['long_code', 'short_code', 'toll_free', 'alphanumeric'] as const;
export type SenderKind = (typeof senderKinds)[number];

/** What an answer to a webhook looks like: some providers want their own format. */
export type WebhookAnswer = { readonly contentType: string; readonly body: string };

export type ProviderDefinition<Fields extends z.ZodObject = z.ZodObject> = {
  /** Wire name, kebab-case, equal to the file's name; stands in accounts and webhook addresses. */
  readonly type: string;
  /** As its owners write it. */
  readonly title: string;
  /** Origin of the provider's API, without a trailing slash: the only place that credentials go, but in demo mode. */
  readonly baseUrl: string;
  readonly account: {
    /** What connects an account, with the form's hints: strings only. */
    readonly fields: Fields;
    /** The field by which the provider itself names the account: shown, and unique. */
    readonly identity: keyof z.infer<Fields> & string;
    /** Fields that are never shown again. */
    readonly secrets: ReadonlyArray<keyof z.infer<Fields> & string>;
    /** A complete set of made-up values, for the API's document. */
    readonly example: Readonly<Record<string, string>>;
  };
  /** The kinds of sender that an account can have. */
  readonly senders: readonly SenderKind[];
  readonly capabilities: {
    /** Pictures and other files. */
    readonly media: boolean;
    /** Requests are signed: else the address itself is the secret. */
    readonly signed: boolean;
    /** The provider answers STOP, START and HELP by itself unless told otherwise. */
    readonly answersOptOuts: boolean;
  };
  readonly limits: {
    /** UTF-16 code units of a text. */
    readonly textLength: number;
    /** Characters of the reference that the provider echoes; 0 where it echoes none. */
    readonly reference: number;
  };
  readonly webhooks: {
    readonly methods: ReadonlyArray<'GET' | 'POST'>;
    /** What acknowledges one. */
    readonly acknowledgement: WebhookAnswer;
  };
  /** Where the demo carrier speaks the provider's API. */
  readonly demo?: {
    /** The fields of the sample account of a demo, at one provider alone; `hex` draws so many random bytes. */
    readonly sample?: (hex: (bytes: number) => string) => z.infer<Fields>;
    /** What the carrier knows the account's requests by, beside its identity. */
    readonly known: (credentials: z.infer<Fields>) => Readonly<Record<string, string>>;
  };
  readonly connect: (account: ConnectedAs<z.infer<Fields>>, http: OutgoingClient) => Connection;
};

/** What a connection is made of. */
export type ConnectedAs<Credentials> = {
  readonly credentials: Credentials;
  /** Origin of the provider's API, or of the demo carrier, without a trailing slash. */
  readonly baseUrl: string;
};

/** A provider with its fields' types forgotten: what the catalogue and the engine hold. */
export type Provider = Omit<ProviderDefinition, 'connect' | 'account' | 'demo'> & {
  readonly account: {
    readonly fields: z.ZodObject;
    readonly identity: string;
    readonly secrets: readonly string[];
    readonly example: Readonly<Record<string, string>>;
  };
  readonly demo: {
    readonly sample?: (hex: (bytes: number) => string) => Readonly<Record<string, unknown>>;
    /** @throws ZodError where the credentials do not fit the fields. */
    readonly known: (credentials: unknown) => Readonly<Record<string, string>>;
  } | null;
  /** @throws ZodError where the credentials do not fit the fields. */
  readonly connect: (account: ConnectedAs<unknown>, http: OutgoingClient) => Connection;
};

/** Defines a provider: one file, named as its type; `pnpm catalogue` adds it. */
export function defineProvider<Fields extends z.ZodObject>(definition: ProviderDefinition<Fields>): Provider {
  const { demo } = definition;
  const { fields } = definition.account;
  return {
    ...definition,
    demo: demo === undefined ? null : { ...demo, known: (credentials) => demo.known(fields.parse(credentials)) },
    connect: ({ credentials, baseUrl }, http) =>
      definition.connect({ credentials: fields.parse(credentials), baseUrl }, http),
  };
}
