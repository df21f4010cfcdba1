import type { Account } from '../accounts.ts';
import type { LedgerMessage } from '../ledger.ts';
import { type ApiAnswer, json } from './define-dialect.ts';

export const apiVersion = '2010-04-01';

/** One of Twilio's numbered refusals. */
export interface TwilioRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

let cachedSecond = -1;
let cachedDate = '';

/** A moment (milliseconds since 1970) as RFC 2822 text: "Mon, 05 Jan 2026 09:00:00 +0000". */
export function rfc2822(at: number): string {
  const second = Math.floor(at / 1_000);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedDate = `${new Date(at).toUTCString().slice(0, -3)}+0000`;
  }
  return cachedDate;
}

/** What a segment costs, in US dollars. */
export const segmentPrice = 0.0083;

/** Known once the message has arrived or never will, and taken: an amount below zero. What came in tells none. */
function priceOf({ origin, status, segments }: LedgerMessage): string | null {
  if (origin === 'phone') return null;
  if (status === 'failed') return '-0.00000';
  return status === 'delivered' || status === 'undelivered' ? (-segments * segmentPrice).toFixed(5) : null;
}

/** The Message resource, every field of it. */
export function messageResource(message: LedgerMessage): Record<string, unknown> {
  const uri = `/${apiVersion}/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid,
    api_version: apiVersion,
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.origin === 'phone' ? 'inbound' : message.origin === 'api' ? 'outbound-api' : 'outbound-reply',
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.media.length),
    num_segments: String(message.segments),
    price: priceOf(message),
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json`, feedback: `${uri}/Feedback.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** The Account resource. */
export function accountResource(account: Account): Record<string, unknown> {
  const uri = `/${apiVersion}/Accounts/${account.sid}`;
  const created = rfc2822(Date.UTC(2026, 0, 1));
  return {
    auth_token: account.credentials['auth_token'] ?? '',
    date_created: created,
    date_updated: created,
    friendly_name: account.friendly_name,
    owner_account_sid: account.sid,
    sid: account.sid,
    status: 'active',
    subresource_uris: { messages: `${uri}/Messages.json` },
    type: 'Full',
    uri: `${uri}.json`,
  };
}

/** A refusal as Twilio answers it. */
export function refusalAnswer(refusal: TwilioRefusal, headers?: Record<string, string>): ApiAnswer {
  const body = {
    code: refusal.code,
    message: refusal.message,
    more_info: `https://www.twilio.com/docs/errors/${refusal.code}`,
    status: refusal.status,
  };
  return json(refusal.status, body, headers);
}

export const refusals = {
  authenticate: { status: 401, code: 20003, message: 'Authenticate' },
  notFound: (path: string): TwilioRefusal => ({
    status: 404,
    code: 20404,
    message: `The requested resource ${path} was not found`,
  }),
  tooMany: { status: 429, code: 20429, message: 'Too Many Requests' },
  tooLarge: { status: 413, code: 21617, message: 'The request body is too large.' },
  noTo: { status: 400, code: 21604, message: "A 'To' phone number is required." },
  badTo: (to: string): TwilioRefusal => ({
    status: 400,
    code: 21211,
    message: `Invalid 'To' Phone Number: ${mask(to)}`,
  }),
  noFrom: { status: 400, code: 21603, message: "A 'From' phone number or a 'MessagingServiceSid' is required." },
  badFrom: (from: string): TwilioRefusal => ({
    status: 400,
    code: 21212,
    message: `Invalid 'From' Phone Number: ${from}`,
  }),
  foreignFrom: (from: string): TwilioRefusal => ({
    status: 400,
    code: 21606,
    message: `The 'From' phone number ${from} does not belong to this account or cannot send messages.`,
  }),
  noService: (sid: string): TwilioRefusal => ({
    status: 404,
    code: 21701,
    message: `Messaging Service ${sid} does not exist.`,
  }),
  badMedia: { status: 400, code: 21620, message: 'Invalid media URL(s)' },
  noBody: { status: 400, code: 21602, message: 'Message body is required.' },
  longBody: { status: 400, code: 21617, message: 'The concatenated message body exceeds the 1600 character limit.' },
  badCallback: { status: 400, code: 21609, message: "Invalid 'StatusCallback' URL." },
  optedOut: { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' },
} as const;

function mask(number: string): string {
  return number.length > 6 ? `${number.slice(0, 4)}XXXX` : number;
}
