import { createHash, createHmac } from 'node:crypto';
import type { LedgerMessage } from '../ledger.ts';
import { type ApiAnswer, type Callback, json, withoutPlus } from './define-dialect.ts';

/** A moment as MessageBird writes it: "2026-01-05T09:00:00+00:00". */
export function rfc3339(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

export interface Signing {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly id: string;
}

/** A request to a customer with the token that MessageBird signs it by, good for a minute. */
export function signed(request: Callback, { key, now, id }: Signing): Callback {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const issued = Math.floor(now / 1_000);
  const claims = {
    iss: 'MessageBird',
    nbf: issued,
    exp: issued + 60,
    jti: id,
    url_hash: hash(request.url),
    ...(request.body === '' ? {} : { payload_hash: hash(request.body) }),
  };
  const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createHmac('sha256', key).update(token).digest('base64url');
  return { ...request, headers: { ...request.headers, 'messagebird-signature-jwt': `${token}.${signature}` } };
}

/** The statuses of the API. */
export function statusOf({ status }: Pick<LedgerMessage, 'status'>, expired: boolean): string {
  if (status === 'queued') return 'scheduled';
  if (status === 'undelivered' || status === 'failed') return expired ? 'expired' : 'delivery_failed';
  return status === 'received' ? 'delivered' : status;
}

/** What a part costs, in euros. */
export const partPrice = 0.07;

/** Messages with pictures are of an API of their own. */
export const isMms = ({ media }: Pick<LedgerMessage, 'media'>): boolean => media.length > 0;

/** The Message resource, or that of a message with pictures, every field of it. */
export function messageResource(message: LedgerMessage): Record<string, unknown> {
  const sent = message.origin !== 'phone';
  const mms = isMms(message);
  return {
    id: message.sid,
    href: `https://rest.messagebird.com/${mms ? 'mms' : 'messages'}/${message.sid}`,
    direction: sent ? 'mt' : 'mo',
    originator: withoutPlus(message.from),
    body: message.body,
    reference: message.reference,
    ...(mms
      ? { subject: null, mediaUrls: message.media.map(({ url }) => url) }
      : { type: 'sms', validity: null, gateway: 10, typeDetails: {}, datacoding: 'plain', mclass: 1 }),
    scheduledDatetime: null,
    createdDatetime: rfc3339(message.createdAt),
    recipients: {
      totalCount: 1,
      totalSentCount: 1,
      totalDeliveredCount: message.status === 'delivered' ? 1 : 0,
      totalDeliveryFailedCount: 0,
      items: [
        {
          recipient: Number(withoutPlus(message.to)),
          status: statusOf(message, false),
          statusDatetime: rfc3339(message.updatedAt),
          ...(mms ? {} : { statusErrorCode: message.errorCode, messagePartCount: message.segments }),
          ...(sent && !mms ? { price: { amount: message.segments * partPrice, currency: 'EUR' } } : {}),
        },
      ],
    },
  };
}

/** A refusal as MessageBird answers it. */
export function failed(status: number, code: number, description: string, parameter: string | null): ApiAnswer {
  return json(status, { errors: [{ code, description, parameter }] });
}
