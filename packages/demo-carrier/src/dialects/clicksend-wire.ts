import type { ErrorCode, LedgerMessage } from '../ledger.ts';
import type { RefusalReason } from './define-dialect.ts';

/** Errors by number, as an older edition of the page has them: https://help.clicksend.com/article/8cc479qlbb-list-of-sms-gateway-error-codes */
const errors: ReadonlyMap<number, string> = new Map([
  [7, 'Unknown failure'],
  [8, 'Unknown subscriber. Number is inactive or invalid'],
  [11, 'Rejection due to subscription, handset or network not supporting SMS.'],
  [
    12,
    'Absent Subscriber. Phone is out of range or switched off. Likely to have been unavailable for 12 hours or more.',
  ],
  [14, 'Rejection due to recipient network error or congestion.'],
  [15, 'Rejected by the recipient network.'],
  [19, 'Anti-spam rejection by recipient network'],
  [20, 'Message delivery receipt expired'],
]);

/** The number of each reason. There is none for somebody who opted out. */
export const receiptNumbers: Readonly<Record<RefusalReason, number>> = {
  invalid_number: 8,
  opted_out: 15,
  blocked: 19,
  unsupported: 11,
  sender: 15,
  throttled: 14,
  funds: 7,
  auth: 7,
  transient: 12,
  invalid_message: 7,
  expired: 20,
  unknown: 7,
};
export const unarranged = { undelivered: 12, failed: 7 } as const;

const seconds = (at: number): number => Math.floor(at / 1_000);

/** A message as the answer to a send and the history show it. */
export function itemOf(message: LedgerMessage) {
  const [picture] = message.media;
  return {
    direction: 'out',
    date: seconds(message.createdAt),
    to: message.to,
    body: message.body,
    from: message.from,
    schedule: seconds(message.createdAt),
    message_id: message.sid,
    message_parts: message.segments,
    message_price: (message.segments * 0.0079).toFixed(4),
    from_email: null,
    list_id: null,
    custom_string: message.reference ?? '',
    contact_id: null,
    user_id: 1,
    subaccount_id: 1,
    is_shared_system_number: false,
    country: 'AU',
    carrier: 'Telstra',
    status: 'SUCCESS',
    ...(picture === undefined ? {} : { subject: '', message_parts: 1, _media_file_url: picture.url }),
  };
}

/** A receipt as the list shows it and as it is posted. */
export function receiptOf(
  message: Pick<LedgerMessage, 'sid' | 'createdAt' | 'updatedAt' | 'reference' | 'status'> & {
    readonly errorCode: ErrorCode | null;
  },
) {
  const { status } = message;
  const failed = status === 'undelivered' || status === 'failed';
  return {
    timestamp_send: seconds(message.createdAt),
    timestamp: seconds(message.updatedAt),
    message_id: message.sid,
    status: failed ? 'Undelivered' : 'Delivered',
    status_code: failed ? 301 : status === 'delivered' ? 201 : 200,
    status_text: failed
      ? 'Failed'
      : status === 'delivered'
        ? 'Success: Message received on handset.'
        : 'Message sent to the network for delivery',
    error_code: failed ? message.errorCode : null,
    error_text: failed ? (errors.get(Number(message.errorCode)) ?? 'Unknown failure') : null,
    custom_string: message.reference,
    subaccount_id: 1,
  };
}

/**
 * A text of a person as the list shows it and as it is posted. That pictures share its rules and become an address is all that
 * https://help.clicksend.com/article/wgpb6ftkpx-how-does-inbound-mms-work says of them.
 */
export function textOf(message: LedgerMessage) {
  const [picture] = message.media;
  return {
    ...(picture === undefined ? {} : { _media_file_url: picture.url }),
    timestamp: seconds(message.createdAt),
    from: message.from,
    body: message.body,
    original_body: '',
    original_message_id: '',
    to: message.to,
    custom_string: '',
    message_id: message.sid,
  };
}
