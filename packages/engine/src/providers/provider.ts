/** What a dispatcher, the webhooks and the lookups need of a provider. One provider, one file beside this. */

import type { ComplianceKind } from '@signalbox/nodes/text/compliance-words';

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
  | { readonly kind: 'accepted'; readonly providerId: string }
  | {
      readonly kind: 'refused';
      readonly errorClass: ErrorClass;
      readonly code: string;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'ambiguous'; readonly code: string };

export type ProviderAccount = {
  readonly id: string;
  readonly externalId: string;
  readonly secret: string;
  /** Origin of the provider's API, without a trailing slash. */
  readonly baseUrl: string;
};

export type OutboundSms = {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Where receipts go; carries the attempt's id. */
  readonly callbackUrl: string;
};

/** One message that the provider's own list shows. */
export type ListedMessage = { readonly providerId: string; readonly createdAt: Date; readonly status: ReceiptStatus };

/** Where a receipt leaves a message, as a monotone rank (see messages/receipts.ts). */
export type ReceiptStatus = 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled';

export type Receipt = {
  readonly providerId: string;
  readonly status: ReceiptStatus;
  readonly errorCode: string | null;
  /** True where the error says that the person has opted out at the carrier. */
  readonly optedOut: boolean;
};

export type WebhookRequest = {
  /** The configured public URL of the route with the query as received: what the provider signed. */
  readonly url: string;
  /** A header's value, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly rawBody: string;
};

/** A file that came with a text: where the provider keeps it, and of which kind it is, such as `image/jpeg`. */
export type InboundMedia = { readonly url: string; readonly type: string };

export type InboundSms = {
  readonly providerId: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Pictures and other files that came with it, which the provider keeps for us. */
  readonly media: readonly InboundMedia[];
  /**
   * The compliance word that the provider itself sees in the text, where it handles opt-outs for the account. `told` where the
   * request said so; otherwise it goes by the words the provider documents. Null: the provider does nothing about it.
   */
  readonly carrierWord: { readonly kind: ComplianceKind; readonly told: boolean } | null;
};

export type Provider = {
  readonly type: string;
  /** Sends one message. Never throws for what the network or the provider does. */
  readonly send: (account: ProviderAccount, message: OutboundSms, timeoutMs: number) => Promise<SendOutcome>;
  /** Messages from→to with exactly this body created since: for resolving an unknown outcome. @throws Error where the list cannot be read. */
  readonly lookup: (
    account: ProviderAccount,
    query: { readonly from: string; readonly to: string; readonly body: string; readonly since: Date },
    timeoutMs: number,
  ) => Promise<readonly ListedMessage[]>;
  /** True for a request that this account's provider signed. Fails closed. */
  readonly verify: (account: ProviderAccount, request: WebhookRequest) => boolean;
  /** Null where the body is not a receipt we understand. */
  readonly parseReceipt: (rawBody: string) => Receipt | null;
  /** Null where the body is not an inbound text we understand. */
  readonly parseInbound: (rawBody: string) => InboundSms | null;
  /** What acknowledges a webhook. */
  readonly acknowledgement: { readonly contentType: string; readonly body: string };
  readonly close: () => Promise<void>;
};
