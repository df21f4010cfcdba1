import type { MediaLimits } from '@signalbox/nodes/gate/define-rule';
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

/**
 * Why a message that was accepted did not arrive. `expired`: its time ran out on the way. `unknown`: the provider will never know, which is
 * no failure.
 */
export type FailureClass = ErrorClass | 'expired' | 'unknown';

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
       * such a part finds its message by our reference alone, and counts as one of the whole. Of a text that was taken in part alone,
       * the parts that were: it cannot be sent again without being doubled.
       */
      readonly partIds?: readonly string[];
      /** What it costs, all parts together, where the answer says so. */
      readonly cost?: Money;
    }
  | {
      readonly kind: 'refused';
      readonly errorClass: ErrorClass;
      readonly code: string;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'ambiguous'; readonly code: string };

/** A file that goes out with a text: under an address that the provider can fetch it from, and as it is. */
export type OutboundMedia = {
  readonly url: string;
  /** Such as `image/jpeg`. */
  readonly type: string;
  readonly read: () => Promise<Uint8Array>;
};

export type OutboundSms = {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** None where the provider or the account sends none. */
  readonly media: readonly OutboundMedia[];
  /** Ours, one per attempt, no longer than the provider has room for: travels in the field that it echoes, where it has one. */
  readonly reference: string;
  /** Where receipts go; carries the attempt's id as well. */
  readonly callbackUrl: string;
};

/** What is known of an attempt whose outcome is not. */
export type LookupQuery = {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** It had pictures: some providers keep what does in a list of its own. */
  readonly hasMedia: boolean;
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
  /** The body read as UTF-8, and as it came: what is signed is the bytes. */
  readonly rawBody: string;
  readonly rawBytes: Uint8Array;
  /** When it came: a signature that says when it was made is not believed long after. */
  readonly receivedAt: Date;
};

/** A file that came with a text: where the provider keeps it, and of which kind it is, such as `image/jpeg`; empty where it does not say. */
export type InboundMedia = { readonly url: string; readonly type: string };

/** An authentic text from a person. */
export type InboundSms = {
  /** Null where the provider has no id for it: the same words of the same person within seconds are then the same text. */
  readonly providerId: string | null;
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
   * to `of`. They are joined before anybody reads them.
   */
  readonly part?: { readonly reference: string; readonly index: number; readonly of: number };
};

export type Receipt = {
  readonly providerId: string;
  /** The reference that the message was sent with, whole, where the provider echoes it; anything else is no help in finding the message. */
  readonly reference: string | null;
  readonly status: ReceiptStatus;
  readonly errorCode: string | null;
  /** What the code means; null where nothing failed, or nobody knows the code. `opted_out` suppresses the number. */
  readonly failure: FailureClass | null;
  /** What the message cost, where the receipt says so; of a part, what that part cost. */
  readonly cost?: Money;
};

/**
 * One thing that a webhook told: requests of some providers hold several. `hint`: something is to be known of this message, to be asked for
 * with `confirm`, because what the request itself says proves nothing. `unknown` is authentic and not understood; it is kept for a person.
 */
export type ProviderEvent =
  | ({ readonly kind: 'text' } & InboundSms)
  | ({ readonly kind: 'receipt' } & Receipt)
  | { readonly kind: 'hint'; readonly providerId: string }
  | { readonly kind: 'unknown' };

/** A number that the provider keeps on its opt-out list. */
export type OptedOut = { readonly number: string; readonly at: Date };

/** An amount in millionths of `currency` (ISO 4217). */
export type Money = { readonly microUnits: bigint; readonly currency: string };

/** What is left in an account; `currency` is null where the provider counts credits of its own. */
export type Balance = { readonly microUnits: bigint; readonly currency: string | null };

/** What became of asking whether an account works. `balance` is null where the provider tells none. */
export type Checked =
  | { readonly ok: true; readonly balance: Balance | null }
  | { readonly ok: false; readonly errorClass: ErrorClass; readonly code: string };

/** An account, connected: its credentials stay in here. */
export type Connection = {
  /** Sends one message. Never throws for what the network or the provider does. */
  readonly send: (message: OutboundSms, timeoutMs: number) => Promise<SendOutcome>;
  /** Messages that may be this attempt: for resolving an unknown outcome. Absent where the provider has no list. @throws Error where it cannot be read. */
  readonly lookup?: (query: LookupQuery, timeoutMs: number) => Promise<LookupAnswer>;
  /** Whether the credentials work, and what is left. Sends nothing, costs nothing. Never throws for what the network or the provider does. */
  readonly check: (timeoutMs: number) => Promise<Checked>;
  /**
   * True for a request that this account's provider signed. Fails closed. Absent where the provider signs nothing: the address is then the
   * secret, and what comes to it is believed no further than that.
   */
  readonly verify?: (request: WebhookRequest) => boolean;
  /** What an authentic request tells, in its order; empty where it tells nothing that matters. Never throws for what it holds. */
  readonly read: (request: WebhookRequest) => readonly ProviderEvent[];
  /** What the provider says itself of a message that a `hint` named: texts and receipts, none where it knows nothing. @throws Error where it cannot be asked. */
  readonly confirm?: (providerId: string, timeoutMs: number) => Promise<readonly ProviderEvent[]>;
  /**
   * Texts that came and what became of messages, of `since` or later, where the provider lists both: for accounts that no webhook can
   * reach. What was told before is told again. @throws Error where it cannot be read.
   */
  readonly poll?: (since: Date, timeoutMs: number) => Promise<readonly ProviderEvent[]>;
  /** The provider's opt-out list, of `since` or later, where it has one that can be read. @throws Error where it cannot. */
  readonly optOuts?: (since: Date | null, timeoutMs: number) => Promise<readonly OptedOut[]>;
  /**
   * What a message cost that the provider took, where it says so some time after; null until it does, and for what it does not know.
   * @throws Error where it cannot be asked.
   */
  readonly costOf?: (providerId: string, timeoutMs: number) => Promise<Money | null>;
  /** What a file that came with a text is asked for with, where it is not for everybody: goes to the provider's own origins alone. */
  readonly fileHeaders?: Readonly<Record<string, string>>;
  /** What a segment to this number costs, where the provider says. @throws Error where it cannot be asked. */
  readonly price?: (to: string, timeoutMs: number) => Promise<Money | null>;
};

/** What a person sees a text come from: a number, a short one, or a name of letters, which takes no replies. */
export const senderKinds = ['long_code', 'short_code', 'toll_free', 'alphanumeric'] as const;
export type SenderKind = (typeof senderKinds)[number];

/** What a provider takes of files with one message, and from whom: data, which `media-limits.ts` reads. */
export type MediaOffer = Omit<MediaLimits, 'countries'> & {
  /** Countries (ISO 3166-1 alpha-2) within which they go, from their numbers to their numbers; absent where nobody says. Short codes are taken for theirs. */
  readonly countries?: readonly string[];
  /** Bytes of all files together from senders of a kind, where they are fewer; 0: none. */
  readonly bytesFrom?: Readonly<Partial<Record<SenderKind, number>>>;
  /** The `options` of the accounts that send them; of all where it is absent. */
  readonly options?: Readonly<Record<string, string>>;
};

/** What an answer to a webhook looks like: some providers want their own format. */
export type WebhookAnswer = { readonly contentType: string; readonly body: string };

export type ProviderDefinition<Fields extends z.ZodObject = z.ZodObject> = {
  /** Wire name, kebab-case, equal to the file's name; stands in accounts and webhook addresses. */
  readonly type: string;
  /** As its owners write it. */
  readonly title: string;
  /** Origin of the provider's API, without a trailing slash: with `origins` the only place that credentials go, but in demo mode. */
  readonly baseUrl: string;
  /** Origins of further APIs of the provider, by a name of its file's own. */
  readonly origins?: Readonly<Record<string, string>>;
  readonly account: {
    /** What connects an account, with the form's hints: strings only. */
    readonly fields: Fields;
    /** The field by which the provider itself names the account: shown, and unique. Null where a secret is all there is. */
    readonly identity: (keyof z.infer<Fields> & string) | null;
    /** Fields that are never shown again. */
    readonly secrets: ReadonlyArray<keyof z.infer<Fields> & string>;
    /** Fields that say by which of its ways an account goes, where what it sends depends on that; none of them is secret. */
    readonly options?: ReadonlyArray<keyof z.infer<Fields> & string>;
    /** A complete set of made-up values, for the API's document. */
    readonly example: Readonly<Record<string, string>>;
  };
  /** The kinds of sender that an account can have. */
  readonly senders: readonly SenderKind[];
  readonly capabilities: {
    /** Pictures and other files. */
    readonly media: boolean;
    /** Requests are signed, and connections `verify` them: else the address itself is the secret. */
    readonly signed: boolean;
    /** The provider answers STOP, START and HELP by itself unless told otherwise. */
    readonly answersOptOuts: boolean;
    /** It lists texts and receipts, and connections `poll` them. */
    readonly polls: boolean;
  };
  /** What of the provider's interface no source confirms, in a sentence for whoever connects an account. */
  readonly unverified?: string;
  readonly limits: {
    /** UTF-16 code units of a text, by what it is written in (one of GSM-7's extension counts as one). */
    readonly textLength: Readonly<Record<'gsm7' | 'ucs2', number>>;
    /** Characters of the reference that the provider echoes; 0 where it echoes none. */
    readonly reference: number;
    /** Files with one message, where the provider has the capability. */
    readonly media?: MediaOffer;
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
  /** Origins of its further APIs, by the names in `origins`; all of them the demo carrier's in demo mode. */
  readonly origins: Readonly<Record<string, string>>;
};

/** A provider with its fields' types forgotten: what the catalogue and the engine hold. */
export type Provider = Omit<ProviderDefinition, 'connect' | 'account' | 'demo'> & {
  readonly account: {
    readonly fields: z.ZodObject;
    readonly identity: string | null;
    readonly secrets: readonly string[];
    readonly options?: readonly string[];
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
    connect: ({ credentials, ...where }, http) =>
      definition.connect({ credentials: fields.parse(credentials), ...where }, http),
  };
}
