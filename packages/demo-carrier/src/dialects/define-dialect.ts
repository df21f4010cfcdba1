import type { Account, BusinessNumber } from '../accounts.ts';
import type { ErrorCode, Ledger, LedgerMessage } from '../ledger.ts';

/** What the desk and the exchange need of each provider's API that the carrier speaks. One API, one file beside this. */

/** A request to the API, read whole. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** As received, without the question mark. */
  readonly query: string;
  /** A header's value, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/** What an API answers. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why the carrier does not take a message, or why one did not arrive. */
export const refusalReasons = [
  'invalid_number',
  'opted_out',
  'blocked',
  'unsupported',
  'sender',
  'throttled',
  'funds',
  'auth',
  'transient',
  'invalid_message',
  'expired',
  'unknown',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A refusal to be said in the API's own words. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The API's own code, where a fault names one. */
  readonly code?: string | undefined;
  /** The HTTP status, where a fault names one. */
  readonly status?: number | undefined;
}

/** A refusal in the API's own words, with the code that it is counted by. */
export interface Refused {
  readonly answer: ApiAnswer;
  readonly code: string;
}

/** A message that somebody asks the carrier to send. */
export interface Asked {
  readonly from: string;
  /** E.164. */
  readonly to: string;
  readonly body: string;
  /** What the API echoes in receipts. */
  readonly reference: string | null;
  /** Where the request wants its receipts; null for the number's own address. */
  readonly statusCallback: string | null;
  /** Pictures, by the addresses at which they are; or as they came. */
  readonly media?: ReadonlyArray<string | { readonly bytes: Uint8Array; readonly type: string }>;
  readonly messagingServiceSid?: string | null;
}

/**
 * What an API makes of an authentic request: an answer at once, or a message to be taken and the answer for then. The desk refuses a message
 * to someone blocked, from a number of somebody else's and the like by itself, in the API's words.
 */
export type Handled =
  | { readonly answer: ApiAnswer }
  | Refused
  | { readonly asked: Asked; readonly accepted: (message: LedgerMessage) => ApiAnswer };

/** A request of the carrier to a customer. */
export interface Callback {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What happened to a message. */
export interface Happening {
  readonly status: 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** Why it did not arrive; null where it did, or for no reason that anybody arranged. */
  readonly reason: RefusalReason | null;
  /** The API's own code for that: what `failureCode` says, unless a fault names another. */
  readonly code: ErrorCode | null;
  /** A status that no document of the provider lists. */
  readonly unheardOf: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What an API is handed besides. */
export interface Tools {
  readonly ledger: Ledger;
  readonly now: () => number;
  /** Different at each call. */
  readonly token: () => string;
  /** In millionths: what is left in an account. */
  readonly balance: (account: Account) => number;
  /** Keeps a picture that was brought before its message. Returns the address at which it is. */
  readonly keep: (bytes: Uint8Array, type: string) => string;
}

export interface Dialect {
  /** Equal to the file's name and to the provider's type in whatever uses it. */
  readonly name: string;
  /** Whether a path is of this API. */
  readonly owns: (path: string) => boolean;
  /** The ids that its accounts have. */
  readonly accountId: RegExp;
  /** The credentials that an account must have. */
  readonly credentials: readonly string[];
  /** What a request of this account carries to say whose it is; compared with `caller`. */
  readonly key: (account: Pick<Account, 'sid' | 'credentials'>) => string;
  /** What a request says of whose it is; null where it says nothing. */
  readonly caller: (request: ApiRequest) => string | null;
  /** The answer to a request that says whose it is wrongly or not at all. */
  readonly unauthorized: (request: ApiRequest) => ApiAnswer;
  readonly tooLarge: ApiAnswer;
  /** An error of the carrier itself. */
  readonly broken: ApiAnswer;
  readonly handle: (request: ApiRequest, account: Account, tools: Tools) => Handled;
  /** `account` is who asked: a provider may have several APIs that refuse in other words. */
  readonly refuse: (refusal: Refusal, account: Account) => Refused;
  /** The API's own code of a message that did not arrive; null where it has none. */
  readonly failureCode: (status: 'undelivered' | 'failed', reason: RefusalReason | null) => ErrorCode | null;
  /** An id for a message, made of 32 hexadecimal digits that no other message has. */
  readonly messageId: (hex: string) => string;
  /** What the customer is told of a message; none where it wants to know nothing. `url` is where it wants to be told. */
  readonly receipts: (
    message: LedgerMessage,
    happening: Happening,
    to: { readonly url: string; readonly account: Account },
    tools: Tools,
  ) => readonly Callback[];
  /** What the customer is told of a text from a phone. `optOutType` is what the carrier did about it. */
  readonly texts: (
    message: LedgerMessage,
    to: {
      readonly url: string;
      readonly number: BusinessNumber;
      readonly optOutType: 'STOP' | 'START' | 'HELP' | null;
    },
    tools: Tools,
  ) => readonly Callback[];
  /** The texts that a customer's answer to a text asks to be sent back. */
  readonly replies?: (body: string) => readonly string[];
}

/** Defines an API that the carrier speaks: one file, named as its provider; `pnpm catalogue` adds it. */
export function defineDialect(dialect: Dialect): Dialect {
  return dialect;
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** A number by its digits alone; names and short codes stay. */
export function withoutPlus(address: string): string {
  return address.replace(/^\+/, '');
}

/** 32 hexadecimal digits as a UUID is written. */
export function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An address with parameters behind those that it has. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
}

/** The Authorization header of HTTP Basic. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
