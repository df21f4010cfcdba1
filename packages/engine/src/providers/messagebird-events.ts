import { z } from 'zod';
import { type Form, fieldsOf } from './forms.ts';
import { failures } from './messagebird-errors.ts';
import { withPlus } from './numbers.ts';
import { errorCodeOf, microUnits, parseJson } from './outcomes.ts';
import type { FailureClass, InboundMedia, Money, ProviderEvent, ReceiptStatus, WebhookRequest } from './provider.ts';
import { receivedMedia } from './received-media.ts';

/** What MessageBird tells of messages: https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report */

/** MessageBird's ids. */
export const idSchema = z.string().min(1).max(64);
/** What a message cost, in the list. */
export const priceSchema = z.object({
  amount: z.number().min(0).max(1_000_000),
  currency: z.string().regex(/^[A-Za-z]{3}$/),
});
const receiptSchema = z.object({
  id: idSchema,
  reference: z.string().max(60).default(''),
  status: z.string().min(1).max(32),
  statusErrorCode: z.string().max(16).default(''),
});
const numberSchema = z.string().regex(/^\+?[^:]{3,20}$/);
/** To a number, and to a short code. */
const inboundSchema = z.union([
  z
    .object({
      id: idSchema,
      originator: numberSchema,
      recipient: numberSchema,
      body: z.string().max(10_000).default(''),
    })
    .transform(({ id, originator, recipient, body }) => ({ id, from: originator, to: recipient, body })),
  z
    .object({
      mid: idSchema,
      originator: numberSchema,
      shortcode: numberSchema,
      message: z.string().max(10_000).default(''),
    })
    .transform(({ mid, originator, shortcode, message }) => ({
      id: mid,
      from: originator,
      to: shortcode,
      body: message,
    })),
]);

/** What the statuses of the API leave a message at. */
export const statuses: ReadonlyMap<string, ReceiptStatus> = new Map(
  Object.entries<ReceiptStatus>({
    scheduled: 'accepted',
    sent: 'sent',
    buffered: 'sent',
    delivered: 'delivered',
    expired: 'undelivered',
    delivery_failed: 'undelivered',
  }),
);

/** Reads a status report; null for what is none. */
export function readReceipt(told: Form, attempt: string | null): ProviderEvent | null {
  const { data } = receiptSchema.safeParse(fieldsOf(told));
  if (data === undefined) return null;
  const reference = data.reference === '' ? attempt : data.reference;
  return receiptOf(data.id, reference, data.status, data.statusErrorCode, priceIn(told));
}

/** (unverified) Where a status report has what the message cost. */
function priceIn(told: Form): z.infer<typeof priceSchema> | null {
  const amount = told.get('price[amount]')?.[0] ?? '';
  const currency = told.get('price[currency]')?.[0];
  return amount === '' ? null : (priceSchema.safeParse({ amount: Number(amount), currency }).data ?? null);
}

/** A receipt; null where the status is none that anybody knows. */
export function receiptOf(
  providerId: string,
  reference: string | null,
  said: string,
  code: string,
  price: z.infer<typeof priceSchema> | null,
): ProviderEvent | null {
  const status = statuses.get(said.trim().toLowerCase());
  if (status === undefined) return null;
  const errorCode = errorCodeOf(code);
  const expired: FailureClass | null = said.trim().toLowerCase() === 'expired' ? 'expired' : null;
  return {
    kind: 'receipt',
    providerId,
    reference,
    status,
    errorCode,
    failure: (errorCode === null ? undefined : failures.get(errorCode)) ?? expired,
    ...(price === null ? {} : { cost: costOf(price) }),
  };
}

function costOf({ amount, currency }: z.infer<typeof priceSchema>): Money {
  return { microUnits: microUnits(amount), currency: currency.toUpperCase() };
}

/** Reads a text to a number or to a short code; null for what is none. */
export function readText(told: Form): ProviderEvent | null {
  const { data } = inboundSchema.safeParse(fieldsOf(told));
  return data === undefined ? null : textOf(data, mediaOf(told));
}

/** A text of a person. */
export function textOf(
  { id, from, to, body }: z.infer<typeof inboundSchema>,
  media: readonly InboundMedia[],
): ProviderEvent {
  return { kind: 'text', providerId: id, from: withPlus(from), to: withPlus(to), body, media, carrierWord: null };
}

/** (unverified) Each address under `mediaUrls`, `mediaUrls[]` or `mediaUrls[0]`, or all of them as an array in JSON; in any letters. */
function mediaOf(told: Form): InboundMedia[] {
  const urls = [...told]
    .filter(([name]) => /^mediaUrls(\[\d*\])?$/i.test(name))
    .flatMap(([, values]) => values)
    .flatMap((value) => z.array(z.string()).safeParse(parseJson(value)).data ?? [value]);
  return filesAt(urls);
}

/** The files at these addresses. */
export const filesAt = (urls: readonly string[]): InboundMedia[] => receivedMedia(urls.map((url) => ({ url })));

const word = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const documentSchema = z.record(z.string(), z.union([word, z.array(z.string()), z.null()]));

/** (unverified) What has pictures comes as a document in JSON, with the names that a form has; null for what is none. */
export function documentTold({ method, rawBody }: Pick<WebhookRequest, 'method' | 'rawBody'>): Form | null {
  if (method !== 'POST' || !rawBody.trimStart().startsWith('{')) return null;
  const { data } = documentSchema.safeParse(parseJson(rawBody));
  if (data === undefined) return null;
  return new Map(
    Object.entries(data).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'string' ? [value] : value] as const],
    ),
  );
}
