import { countSegments } from '@signalbox/nodes/text/segments';
import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { withoutPlus, withPlus } from './numbers.ts';
import { errorCodeOf, microUnits, outcomeOfSend, parseJson, refusedBy } from './outcomes.ts';
import { postForm } from './posts.ts';
import type {
  ErrorClass,
  FailureClass,
  OutboundSms,
  ProviderEvent,
  ReceiptStatus,
  SendOutcome,
  WebhookRequest,
} from './provider.ts';
import { type Account, amountSchema, currency, withoutQuery } from './vonage-account.ts';
import { httpRefusals, smsFailures, smsRefusals } from './vonage-errors.ts';
import { parametersOf } from './vonage-signature.ts';

/** Vonage's SMS API: https://developer.vonage.com/en/api/sms */

/** Sends a message, which Vonage takes apart. The API knows no pictures: one that has them does not go without them. */
export async function sendSms(
  { baseUrl, credentials }: Account,
  http: OutgoingClient,
  { from, to, body, media, reference, callbackUrl }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  if (media.length > 0)
    return { kind: 'refused', errorClass: 'unsupported', code: 'no_pictures_by_sms', retryAfterMs: null };
  const form = new URLSearchParams({
    api_key: credentials.api_key,
    api_secret: credentials.api_secret,
    from: withoutPlus(from),
    to: withoutPlus(to),
    text: body,
    // Of the other type, what GSM-7 cannot say arrives as question marks.
    type: countSegments(body).encoding === 'UCS-2' ? 'unicode' : 'text',
    'client-ref': reference,
    callback: withoutQuery(callbackUrl),
  });
  return outcomeOfSend(() => http.request(postForm(`${baseUrl}/sms/json`, {}, form, timeoutMs)), sendOutcome);
}

const partSchema = z.object({
  status: z.string(),
  'message-id': z.string().min(1).max(64).optional(),
  'message-price': amountSchema.optional().catch(undefined),
  'error-text': z.string().default(''),
});
const answerSchema = z.object({ messages: z.array(partSchema).min(1) });
type Part = z.infer<typeof partSchema>;

/** The answer is of 200 whatever it says, and holds an entry for each part. */
function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const parsed = answerSchema.safeParse(parseJson(answer.text));
  if (status === 200 && parsed.success) return partsOutcome(parsed.data.messages);
  const errorClass = httpRefusals.get(status);
  if (errorClass === undefined)
    return { kind: 'ambiguous', code: status === 200 ? 'unreadable_200' : `http_${status}` };
  return refusedBy(answer, errorClass);
}

/** One part that was taken cannot be called back: the message is accepted then. */
function partsOutcome(parts: readonly Part[]): SendOutcome {
  const taken = parts.filter(({ status }) => status === '0');
  const [providerId, ...partIds] = taken.flatMap(({ 'message-id': id }) => (id === undefined ? [] : [id]));
  if (providerId !== undefined) {
    const prices = taken.flatMap(({ 'message-price': price }) => (price === undefined ? [] : [microUnits(price)]));
    const cost = { microUnits: prices.reduce((sum, price) => sum + price, 0n), currency };
    return { kind: 'accepted', providerId, partIds, ...(prices.length === 0 ? {} : { cost }) };
  }
  const [refused] = parts;
  const errorClass = refused === undefined ? undefined : smsRefusals.get(refused.status);
  // What one part is in doubt of, the message is.
  const doubtful = parts.find(({ status }) => !smsRefusals.has(status));
  if (refused === undefined || errorClass === undefined || doubtful !== undefined)
    return { kind: 'ambiguous', code: doubtful?.status === '0' ? 'no_id' : (doubtful?.status.slice(0, 20) ?? 'empty') };
  const { status: code, 'error-text': why } = refused;
  return {
    kind: 'refused',
    errorClass: code === '3' ? classOfParameter(why) : errorClass,
    code,
    retryAfterMs: errorClass === 'throttled' ? waitMs(why) : null,
  };
}

/** Which parameter is wrong stands in the words alone: only the recipient's is the recipient's fault. */
function classOfParameter(why: string): ErrorClass {
  const [, named] = /\b(from|text|type|ttl|callback|client-ref)\b/i.exec(why) ?? [];
  if (named === undefined) return 'invalid_number';
  return named.toLowerCase() === 'from' ? 'sender' : 'invalid_message';
}

/** `…please wait [ 250 ] and retry`, in milliseconds; not every wording says. */
function waitMs(why: string): number | null {
  const [, wait] = /wait \[\s*(\d{1,6})\s*\]/.exec(why) ?? [];
  return Number(wait ?? 0) || null;
}

const receiptSchema = z.object({
  messageId: z.string().min(1).max(64),
  status: z.string().min(1).max(32),
  'err-code': z.string().max(16).default(''),
  'client-ref': z.string().min(1).max(100).optional().catch(undefined),
  price: amountSchema.optional().catch(undefined),
});
const inboundSchema = z.object({
  messageId: z.string().min(1).max(64),
  msisdn: z.string().min(1).max(32),
  to: z.string().min(1).max(32),
  // Of a binary one nobody knows the words.
  type: z.enum(['text', 'unicode']),
  text: z.string().max(2_000).default(''),
});
const partOfSchema = z
  .object({
    concat: z.literal('true'),
    'concat-ref': z.string().min(1).max(64),
    'concat-total': z.coerce.number().int().min(2).max(255),
    'concat-part': z.coerce.number().int().min(1).max(255),
  })
  .refine((part) => part['concat-part'] <= part['concat-total']);

/** https://developer.vonage.com/messaging/sms/guides/delivery-receipts; a message of which nobody will know is no failed one. */
const statuses: ReadonlyMap<string, { readonly status: ReceiptStatus; readonly failure: FailureClass | null }> =
  new Map([
    ['accepted', { status: 'sent', failure: null }],
    ['buffered', { status: 'sent', failure: null }],
    ['delivered', { status: 'delivered', failure: null }],
    ['unknown', { status: 'sent', failure: 'unknown' }],
    ['expired', { status: 'undelivered', failure: 'expired' }],
    ['failed', { status: 'undelivered', failure: null }],
    ['rejected', { status: 'failed', failure: null }],
  ]);

/** Reads a text, or a part of one, or a receipt for a part. */
export function readSms(request: WebhookRequest): ProviderEvent {
  const given = Object.fromEntries(parametersOf(request) ?? []);
  return (request.address === 'status' ? readReceipt(given) : readText(given)) ?? { kind: 'unknown' };
}

function readReceipt(given: Readonly<Record<string, string>>): ProviderEvent | null {
  const parsed = receiptSchema.safeParse(given);
  const told = parsed.success ? statuses.get(parsed.data.status.trim().toLowerCase()) : undefined;
  if (!parsed.success || told === undefined) return null;
  const { messageId, 'err-code': code, 'client-ref': reference, price } = parsed.data;
  const errorCode = errorCodeOf(code);
  const failed = told.status === 'undelivered' || told.status === 'failed';
  const known = failed && errorCode !== null ? (smsFailures.get(errorCode) ?? null) : null;
  return {
    kind: 'receipt',
    providerId: messageId,
    reference: reference ?? null,
    status: told.status,
    errorCode,
    failure: told.failure ?? known,
    ...(price === undefined ? {} : { cost: { microUnits: microUnits(price), currency } }),
  };
}

function readText(given: Readonly<Record<string, string>>): ProviderEvent | null {
  const parsed = inboundSchema.safeParse(given);
  if (!parsed.success) return null;
  const { messageId, msisdn, to, text } = parsed.data;
  // Of a part that says wrongly which it is, the words are better read alone than not at all.
  const part = partOfSchema.safeParse(given);
  return {
    kind: 'text',
    providerId: messageId,
    from: withPlus(msisdn),
    to: withPlus(to),
    body: text,
    media: [],
    carrierWord: null,
    ...(part.success
      ? {
          part: {
            reference: part.data['concat-ref'],
            index: part.data['concat-part'],
            of: part.data['concat-total'],
          },
        }
      : {}),
  };
}
