import { countSegments } from '@signalbox/nodes/text/segments';
import { z } from 'zod';
import type { OutgoingAnswer } from '../http/outgoing.ts';
import { classOfRefusal, refusals } from './clicksend-errors.ts';
import { microUnits, outcomeOfSend, parseJson, refusedBy, refuses } from './outcomes.ts';
import type { ErrorClass, Money, OutboundMedia, SendOutcome } from './provider.ts';

/** How ClickSend takes messages: texts as https://developers.clicksend.com/docs/messaging/sms says, pictures as …/docs/messaging/mms. */

/** An amount, as text or as a number. */
export const amount = z.union([z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/), z.number()]);
export const currencySchema = z.object({ currency_name_short: z.string().regex(/^[A-Z]{3}$/) });
export const messageId = z.string().min(1).max(100);
/** What is said of the one message of a request. */
export const answerSchema = z.object({
  data: z.object({
    messages: z
      .array(
        z.object({
          status: z.string().min(1).max(100),
          message_id: messageId.nullable().optional().catch(null),
          message_price: amount.nullable().optional().catch(null),
          message_parts: z.int().nullable().optional().catch(null),
        }),
      )
      .length(1),
    _currency: currencySchema.nullable().optional().catch(null),
  }),
});
const errorSchema = z.object({ response_code: z.string().min(1).max(100) });
const uploadedSchema = z.object({ data: z.object({ _url: z.url({ protocol: /^https?$/ }).max(4_096) }) });

/** What certainly did not go out, by us. */
export function unsent(errorClass: ErrorClass, code: string): SendOutcome {
  return { kind: 'refused', errorClass, code, retryAfterMs: null };
}

/** An answer of 200 says nothing yet: what became of the message stands with the message. */
export function sendOutcome(response: OutgoingAnswer): SendOutcome {
  const { status } = response;
  if (status === 200) {
    const answer = answerSchema.safeParse(parseJson(response.text));
    const [message] = answer.success ? answer.data.data.messages : [];
    if (!answer.success || message === undefined) return { kind: 'ambiguous', code: 'unreadable_200' };
    const { status: code, message_id: providerId } = message;
    if (code === 'SUCCESS' && typeof providerId === 'string') {
      const cost = moneyOf(message.message_price, answer.data.data._currency?.currency_name_short);
      return { kind: 'accepted', providerId, ...(cost === null ? {} : { cost }) };
    }
    const errorClass = refusals.get(code);
    return errorClass === undefined ? { kind: 'ambiguous', code } : unsent(errorClass, code);
  }
  return refuses(status) ? refusalOf(response) : { kind: 'ambiguous', code: `http_${status}` };
}

function refusalOf(response: OutgoingAnswer): SendOutcome {
  const { status, text } = response;
  const code = errorSchema.safeParse(parseJson(text)).data?.response_code ?? `http_${status}`;
  return refusedBy(response, classOfRefusal(status, code), code);
}

/** A price in a currency; null where either is missing. */
export function moneyOf(price: string | number | null | undefined, currency: string | undefined): Money | null {
  if (price === null || price === undefined || currency === undefined) return null;
  const cost = microUnits(price);
  return cost < 0n ? null : { microUnits: cost, currency };
}

/** Posts a document to a path of the API. @throws OutgoingError for whatever the network does. */
export type Send = (path: string, document: unknown, timeoutMs: number) => Promise<OutgoingAnswer>;

/** What ClickSend cuts off without a word. */
const mostCharacters: Readonly<Record<'GSM-7' | 'UCS-2', number>> = { 'GSM-7': 1_500, 'UCS-2': 500 };

/**
 * Sends a message with a picture. JPEGs and GIFs it fetches, from an address that ends as such; PNGs have to be brought to be made into one
 * that it sends. Whatever becomes of that, nothing has gone out yet; it takes its part of the time.
 */
export async function sendPicture(
  send: Send,
  message: Readonly<Record<'to' | 'from' | 'body' | 'subject' | 'custom_string', string>>,
  picture: OutboundMedia,
  timeoutMs: number,
): Promise<SendOutcome> {
  const { body } = message;
  if (body.length > mostCharacters[countSegments(body).encoding]) return unsent('invalid_message', 'too_long');
  const startedAt = performance.now();
  const place = picture.type === 'image/png' ? await upload(send, picture, timeoutMs) : picture.url;
  if (typeof place !== 'string') return place;
  const leftMs = timeoutMs - (performance.now() - startedAt);
  if (leftMs <= 0) return unsent('transient', 'upload_late');
  return outcomeOfSend(() => send('/v3/mms/send', { media_file: place, messages: [message] }, leftMs), sendOutcome);
}

/** Where ClickSend has a picture for some minutes, or why it has none: https://developers.clicksend.com/docs/other/uploads */
async function upload(send: Send, { read }: OutboundMedia, timeoutMs: number): Promise<string | SendOutcome> {
  const bytes = await read().catch(() => null);
  if (bytes === null) return unsent('transient', 'unreadable_media');
  try {
    const answer = await send('/v3/uploads?convert=mms', { content: Buffer.from(bytes).toString('base64') }, timeoutMs);
    const place = answer.status === 200 ? uploadedSchema.safeParse(parseJson(answer.text)).data?.data._url : undefined;
    if (place !== undefined) return place;
    return refuses(answer.status) ? refusalOf(answer) : unsent('transient', `upload_${answer.status}`);
  } catch {
    return unsent('transient', 'upload_failed');
  }
}
