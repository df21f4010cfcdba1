import type { Account } from '../accounts.ts';
import { fieldsOf, isText, parseJson } from '../json-document.ts';
import type { LedgerMessage } from '../ledger.ts';
import {
  type ApiAnswer,
  type Callback,
  type Handled,
  type Happening,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  withoutPlus,
} from './define-dialect.ts';
import { signBody } from './vonage-signature.ts';
import { price, senderOf } from './vonage-sms.ts';

/** Vonage's Messages API, for SMS and MMS: https://developer.vonage.com/en/api/messages */

/** https://developer.vonage.com/api-errors/messages, with the HTTP status of an answer. */
const errors: Readonly<Record<RefusalReason, readonly [code: string, status: number, detail: string]>> = {
  invalid_number: ['1170', 422, 'Invalid or Missing Msisdn Param'],
  opted_out: ['1240', 422, 'User opted out of receiving messages'],
  blocked: ['1280', 422, 'Carrier blocked'],
  unsupported: ['1160', 422, 'Non-whitelisted destination'],
  sender: ['1120', 422, 'Illegal Sender Address'],
  throttled: ['1000', 429, 'Throttled'],
  funds: ['1070', 402, 'Partner quota exceeded'],
  auth: ['unauthorized', 401, 'Check your credentials are correct'],
  transient: ['1100', 422, 'Communication Failed'],
  invalid_message: ['1090', 422, 'Message too long'],
  expired: ['1360', 422, 'TTL was surpassed'],
  unknown: ['1330', 422, 'Unknown'],
};

const problemOf = (code: string, detail: string) => ({
  type: `https://developer.vonage.com/api-errors/messages#${code}`,
  title: code,
  detail,
  instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
});

function problem(status: number, code: string, detail: string): ApiAnswer {
  return json(status, problemOf(code, detail), { 'content-type': 'application/problem+json' });
}

/** In the API's own words. */
export function refuseMessage({ reason, code, status }: Refusal): Refused {
  const [usual, usualStatus, detail] = errors[reason];
  return { answer: problem(status ?? usualStatus, code ?? usual, detail), code: code ?? usual };
}

type Document = Readonly<Record<string, unknown>>;

/** What a document holds under its names, where that is a text. */
function textsOf(document: Document): Readonly<Record<string, string>> {
  const entries = Object.entries(document);
  return Object.fromEntries(entries.flatMap(([name, value]) => (isText(value) ? [[name, value]] : [])));
}

type Content = { readonly text: string; readonly media: readonly string[] };

/** The words and the pictures of a message, by its channel and type; null for those that the carrier does not know, and for others than they are for. */
function contentOf(document: Document): Content | null {
  const { channel, message_type: type, text = '' } = textsOf(document);
  if (channel === 'sms') return type === 'text' ? { text, media: [] } : null;
  if (channel !== 'mms' || (type !== 'image' && type !== 'content')) return null;
  const { image, content } = document;
  const listed: readonly unknown[] = type === 'image' ? [image] : Array.isArray(content) ? content : [];
  const files = listed.map((each) => textsOf(fieldsOf(each) ?? {}));
  if (files.length === 0 || files.some(({ url = '' }) => !URL.canParse(url))) return null;
  if (type === 'content' && files.some((file) => file['type'] !== 'image')) return null;
  if (files.some(({ caption }) => caption === '' || (caption?.length ?? 0) > 2_000)) return null;
  return { text: files.flatMap(({ caption = [] }) => caption).join('\n'), media: files.map(({ url = '' }) => url) };
}

/** Turns a document into a message, or says which of the API's rules it breaks. */
export function sendMessage(body: string, account: Account): Handled {
  const document = fieldsOf(parseJson(body)) ?? {};
  const { from = '', to = '', client_ref: reference, webhook_url: url } = textsOf(document);
  const broken = (code: string, detail: string): Handled => ({ answer: problem(422, code, detail), code });
  const content = contentOf(document);
  if (content === null) return broken('1020', 'Invalid channel, message_type or attachment');
  const { text, media } = content;
  if (from === '' || to === '' || (text === '' && media.length === 0)) return broken('1010', 'Missing params');
  if (!/^[1-9]\d{6,14}$/.test(to)) return broken('1170', errors.invalid_number[2]);
  if (media.length === 0 && text.length > 1_000) return broken('1090', errors.invalid_message[2]);
  if ((reference ?? '').length > 100) return broken('1020', 'Invalid client_ref');
  return {
    asked: {
      from: senderOf(account, from),
      to: `+${to}`,
      body: text,
      media,
      reference: reference ?? null,
      statusCallback: url ?? null,
    },
    accepted: ({ sid }) => json(202, { message_uuid: sid }),
  };
}

function told(url: string, account: Account, document: unknown, tools: Tools): Callback {
  const body = JSON.stringify(document);
  const token = signBody(body, account.credentials['signature_secret'] ?? '', {
    iat: Math.floor(tools.now() / 1_000),
    jti: tools.token(),
    iss: 'Vonage',
    api_key: account.sid,
    application_id: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
  });
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'user-agent': 'Vonage/MessagesHUB',
    },
    body,
  };
}

/** One receipt for a message, however many segments it has; charged when it was submitted. */
export function messageReceipts(
  message: LedgerMessage,
  { status, reason, code, unheardOf, at }: Happening,
  { url, account }: { readonly url: string; readonly account: Account },
  tools: Tools,
): Callback[] {
  const failed = status === 'failed' ? 'undeliverable' : 'rejected';
  const said = status === 'sent' ? 'submitted' : status === 'delivered' ? 'delivered' : failed;
  // A code of another API says nothing in this one.
  const named = Number(code) >= 1_000 ? String(code) : null;
  const [usual, , detail] = errors[reason ?? 'unknown'];
  return [
    told(
      url,
      account,
      {
        message_uuid: message.sid,
        to: withoutPlus(message.to),
        from: withoutPlus(message.from),
        timestamp: new Date(at).toISOString(),
        status: unheardOf ? 'dreaming' : said,
        channel: channelOf(message),
        ...(message.reference === null ? {} : { client_ref: message.reference }),
        ...(said === failed ? { error: problemOf(named ?? usual, detail) } : {}),
        ...(said === 'submitted'
          ? { usage: { currency: 'EUR', price: (message.segments * Number(price)).toFixed(4) } }
          : {}),
        destination: { network_code: '12345' },
        ...(message.media.length > 0 ? {} : { sms: { count_total: String(message.segments) } }),
      },
      tools,
    ),
  ];
}

const channelOf = ({ media }: LedgerMessage): string => (media.length > 0 ? 'mms' : 'sms');

/** A text from a phone, which the API has put together; of several pictures the first gives it its type. */
export function messageTexts(
  message: LedgerMessage,
  { url, account }: { readonly url: string; readonly account: Account },
  tools: Tools,
): Callback[] {
  const { sid, from, to, body, segments, createdAt } = message;
  const [first, ...more] = message.media.map((file) => ({ url: file.url, name: 'picture' }));
  const asMms = {
    message_type: 'image',
    image: { ...first, ...(body === '' ? {} : { caption: body }) },
    ...(more.length === 0 ? {} : { content: more.map((each) => ({ type: 'image', ...each })) }),
  };
  const asSms = {
    message_type: 'text',
    text: body,
    sms: { num_messages: String(segments), keyword: (body.split(/\s+/)[0] ?? '').toUpperCase() },
  };
  const document = {
    channel: channelOf(message),
    message_uuid: sid,
    to: withoutPlus(to),
    from: withoutPlus(from),
    timestamp: new Date(createdAt).toISOString(),
    ...(first === undefined ? asSms : asMms),
    usage: { currency: 'EUR', price: '0.0050' },
    origin: { network_code: '12345' },
  };
  return [told(url, account, document, tools)];
}
