import { refusalsByStatus } from './outcomes.ts';
import type { ErrorClass, FailureClass, ReceiptStatus } from './provider.ts';

/**
 * What ClickSend says of each message of a request, in an answer of 200 too: https://developers.clicksend.com/docs/messaging/sms
 * THROTTLED means that the same words went to the same person a moment ago: no limit of the rate, and nothing to be tried again. What only says
 * that something broke is not here, for it does not say that nothing was sent.
 */
export const refusals: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({
    INVALID_RECIPIENT: 'invalid_number',
    THROTTLED: 'blocked',
    COUNTRY_NOT_ENABLED: 'unsupported',
    INVALID_SENDER_ID: 'sender',
    REGISTRATION_NEEDED: 'sender',
    INSUFFICIENT_CREDIT: 'funds',
    MISSING_CREDENTIALS: 'auth',
    INVALID_CREDENTIALS: 'auth',
    ACCOUNT_NOT_ACTIVATED: 'auth',
    EMPTY_MESSAGE: 'invalid_message',
    MISSING_REQUIRED_FIELDS: 'invalid_message',
    TOO_MANY_RECIPIENTS: 'invalid_message',
    INVALID_SCHEDULE: 'invalid_message',
  }),
);

/** The class of a request that was refused whole. */
export function classOfRefusal(status: number, code: string): ErrorClass {
  const byStatus = status === 400 ? undefined : refusalsByStatus.get(status);
  return byStatus ?? refusals.get(code) ?? 'invalid_message';
}

/**
 * What the words of a failure mean: https://help.clicksend.com/en/articles/42318-sms-error-codes. The numbers beside them are no help: two
 * editions of that page count them differently. No page has words for somebody who opted out; these could mean nothing else.
 */
const failures: ReadonlyArray<readonly [RegExp, FailureClass]> = [
  [/opt(?:ed)?[ -]?out|unsubscribed/i, 'opted_out'],
  [/expired/i, 'expired'],
  [/anti-?spam|did not comply|illegal subscriber|rejected by the recipient/i, 'blocked'],
  [/not supporting sms/i, 'unsupported'],
  [/unknown subscriber|unidentified subscriber|invalid number|number is inactive/i, 'invalid_number'],
  [/absent subscriber|memory capacity|network error|congestion|network timeout|routing error/i, 'transient'],
];

/** Why a message failed; null where nobody knows. */
export function failureOf(words: string): FailureClass | null {
  return failures.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

/** Where a receipt leaves a message, by its status code and words; null for a code that is not documented. 300 is tried again by ClickSend. */
export function statusOf(code: string, words: string): ReceiptStatus | null {
  if (code === '200') return /\bsent\b/i.test(words) ? 'sent' : 'accepted';
  if (code === '201') return 'delivered';
  if (code === '300') return 'sent';
  if (code !== '301') return null;
  return /cancel+ed/i.test(words) ? 'canceled' : 'failed';
}

const historyStatuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    sent: 'sent',
    completed: 'sent',
    failed: 'failed',
    cancelled: 'canceled',
    cancelledafterreview: 'canceled',
  }),
);

/** Where the history leaves a message, which may know no code of it. */
export function statusInHistory(code: string, status: string): ReceiptStatus {
  return statusOf(code, status) ?? historyStatuses.get(status.toLowerCase()) ?? 'accepted';
}
