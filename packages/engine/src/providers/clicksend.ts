import { countSegments } from '@signalbox/nodes/text/segments';
import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { failureOf, statusInHistory, statusOf } from './clicksend-errors.ts';
import {
  amount,
  answerSchema,
  currencySchema,
  messageId,
  moneyOf,
  type Send,
  sendOutcome,
  sendPicture,
  unsent,
} from './clicksend-send.ts';
import { createFormReader, fieldsOf } from './forms.ts';
import { withPlus } from './numbers.ts';
import { basicAuthorization, checkBalance, documentOf, microUnits, outcomeOfSend, parseJson } from './outcomes.ts';
import { pictures } from './pictures.ts';
import {
  type ConnectedAs,
  type Connection,
  defineProvider,
  type ListedMessage,
  type LookupAnswer,
  type LookupQuery,
  type Money,
  type ProviderEvent,
} from './provider.ts';
import { receivedMedia } from './received-media.ts';

const fields = z.object({
  username: z
    .string()
    .regex(/^[^:\p{Cc}]{1,100}$/u)
    .meta({
      ui: { label: 'API user name', help: 'In ClickSend’s dashboard under its API credentials.', control: 'text' },
    }),
  api_key: z
    .string()
    .min(1)
    .max(100)
    .meta({ ui: { label: 'API key', help: 'Beside the user name.', control: 'text' } }),
  mms_subject: z
    .string()
    .trim()
    .min(1)
    .max(20)
    .default('Message')
    .meta({
      ui: {
        label: 'Subject of messages with pictures',
        help: 'ClickSend wants one. Some phones show it above the text.',
        control: 'text',
      },
    }),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** What ClickSend cuts off without a word. */
const mostSegments = 8;

/** ClickSend's REST API, version 3: https://developers.clicksend.com/docs/messaging/sms */
export const clicksend = defineProvider({
  type: 'clicksend',
  title: 'ClickSend',
  baseUrl: 'https://rest.clicksend.com',
  account: {
    fields,
    identity: 'username',
    secrets: ['api_key'],
    example: {
      username: 'owner@example.com',
      api_key: '01234567-89AB-CDEF-0123-456789ABCDEF',
      mms_subject: 'Message',
    },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  // What is sent through the API passes its opt-out lists by.
  capabilities: { media: true, signed: false, answersOptOuts: false, polls: true },
  unverified:
    'ClickSend signs nothing and does not document what its rules send: replies and receipts are read as its lists show them, and a picture that came may be a link in the text.',
  limits: {
    textLength: { gsm7: 1_224, ucs2: 536 },
    // No length of its own is documented for the string: what we send fits.
    reference: 36,
    // https://developers.clicksend.com/docs/messaging/mms; of GIFs
    // https://learn.microsoft.com/dotnet/api/azure.connectors.sdk.clicksendsms.models.sendmmsinput. Which countries an account has is its own.
    media: { files: 1, bytes: 250_000, types: { ...pictures(250_000), 'image/gif': 100_000 } },
  },
  webhooks: { methods: ['POST'], acknowledgement: { contentType: 'text/plain', body: 'OK' } },
  demo: { known: ({ api_key }) => ({ api_key }) },
  connect(account, http): Connection {
    const readForm = createFormReader();
    return {
      async send({ from, to, body, media, reference }, timeoutMs) {
        const message = { to, from, body, custom_string: reference };
        const [picture, ...more] = media;
        if (picture !== undefined) {
          if (more.length > 0) return unsent('invalid_message', 'one_picture');
          const { mms_subject: subject } = account.credentials;
          const send: Send = (path, sent, ms) => ask(account, http, path, ms, sent);
          return sendPicture(send, { ...message, subject }, picture, timeoutMs);
        }
        if (countSegments(body).segments > mostSegments) return unsent('invalid_message', 'too_long');
        const messages = [message];
        return outcomeOfSend(() => ask(account, http, '/v3/sms/send', timeoutMs, { messages }), sendOutcome);
      },
      lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
      check: (timeoutMs) =>
        checkBalance(
          () => ask(account, http, '/v3/account', timeoutMs),
          (text) => {
            const { balance, _currency } = accountSchema.parse(JSON.parse(text)).data;
            return { microUnits: microUnits(balance), currency: _currency.currency_name_short };
          },
        ),
      poll: (since, timeoutMs) => poll(account, http, since, timeoutMs),
      price: (to, timeoutMs) => price(account, http, to, timeoutMs),
      read({ address, rawBody }) {
        const json = parseJson(rawBody);
        const entries: readonly unknown[] = Array.isArray(json) ? json : [json ?? fieldsOf(readForm(rawBody))];
        const readEntry = address === 'status' ? readReceipt : readText;
        const events = entries.map((entry) => readEntry(entry) ?? { kind: 'unknown' as const });
        return events.length === 0 ? [{ kind: 'unknown' }] : events;
      },
    };
  },
});

/** Numbers come as text as well, and what there is none of as null. */
const word = z.union([z.string(), z.number()]).transform(String);
const wordOrNone = word
  .nullable()
  .optional()
  .catch(null)
  .transform((value) => value ?? '');
const accountSchema = z.object({ data: z.object({ balance: amount, _currency: currencySchema }) });
const pageSchema = z.object({
  data: z.object({ last_page: z.coerce.number().int(), data: z.array(z.unknown()) }),
});
const momentSchema = z.object({ timestamp: word.optional(), timestamp_send: word.optional() });
const historySchema = z.object({
  message_id: messageId,
  custom_string: wordOrNone,
  date: z.coerce.number(),
  status: wordOrNone,
  status_code: wordOrNone,
});
const receiptSchema = z.object({
  message_id: messageId,
  status_code: word,
  status: wordOrNone,
  status_text: wordOrNone,
  error_code: wordOrNone,
  error_text: wordOrNone,
  custom_string: wordOrNone,
});
const textSchema = z.object({
  message_id: messageId,
  from: z.string().regex(/^[^:]{1,32}$/),
  to: z.string().min(3).max(32),
  body: z.string().max(10_000).nullable().default(''),
  // (unverified) As messages with pictures have it in the lists.
  _media_file_url: z.string().nullable().optional().catch(null),
});

/** A GET, or a POST of what is given. @throws OutgoingError for whatever the network does. */
function ask(
  { baseUrl, credentials }: Account,
  http: OutgoingClient,
  path: string,
  timeoutMs: number,
  body?: unknown,
): Promise<OutgoingAnswer> {
  return http.request({
    method: body === undefined ? 'GET' : 'POST',
    url: baseUrl + path,
    headers: {
      authorization: basicAuthorization(credentials.username, credentials.api_key),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  });
}

const mostPages = 20;

/** One page of a list; rows of no known form are left to whoever reads them. @throws Error where it cannot be read. */
async function page(
  account: Account,
  http: OutgoingClient,
  [path, query]: readonly [path: string, query: Readonly<Record<string, string>>],
  number: number,
  timeoutMs: number,
): Promise<z.infer<typeof pageSchema>['data']> {
  const asked = new URLSearchParams({ ...query, page: String(number), limit: '100' });
  const answer = await ask(account, http, `${path}?${asked}`, timeoutMs);
  return documentOf(answer, pageSchema, `ClickSend's list ${path}`).data;
}

/**
 * The history shows our reference; a number is the only thing that it is searched by, and that of messages with pictures by nothing: where it
 * has more pages than are read it cannot tell. @throws Error where it cannot be read.
 */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  { to, hasMedia, reference, since }: LookupQuery,
  timeoutMs: number,
): Promise<LookupAnswer> {
  const dated = { date_from: String(Math.floor(since.getTime() / 1_000) - 60) };
  const list = hasMedia
    ? (['/v3/mms/history', dated] as const)
    : (['/v3/sms/history', { ...dated, order_by: 'date:desc', q: `to:${to}` }] as const);
  const found: ListedMessage[] = [];
  let last = 1;
  for (let number = 1; number <= Math.min(last, mostPages); number += 1) {
    const { data, last_page } = await page(account, http, list, number, timeoutMs);
    last = last_page;
    for (const row of data) {
      const { success, data: message } = historySchema.safeParse(row);
      if (!success || message.custom_string !== reference) continue;
      const { message_id: providerId, date, status_code, status } = message;
      found.push({ providerId, createdAt: new Date(date * 1_000), status: statusInHistory(status_code, status) });
    }
  }
  return hasMedia && found.length === 0 && last > mostPages ? 'cannot_tell' : found;
}

/** Seconds since 1970; 0 where a row does not say. */
function momentOf(row: unknown): number {
  const { success, data } = momentSchema.safeParse(row);
  return success ? Number(data.timestamp ?? data.timestamp_send ?? 0) : 0;
}

/**
 * Rows of `since` or later out of a list that holds everything that nobody marked as read. No page says in which order, so that it is read from
 * both ends for as long as there is something new.
 */
async function unread(account: Account, http: OutgoingClient, path: string, since: Date, timeoutMs: number) {
  const earliest = Math.floor(since.getTime() / 1_000);
  const rows: unknown[] = [];
  /** Keeps what is new on a page; false where nothing is. */
  const keep = (data: readonly unknown[]): boolean => {
    const recent = data.filter((row) => momentOf(row) >= earliest);
    rows.push(...recent);
    return recent.length > 0;
  };
  const read = (number: number) => page(account, http, [path, {}], number, timeoutMs);
  const first = await read(1);
  let front = 1;
  let more = keep(first.data);
  while (more && front < Math.min(first.last_page, mostPages)) {
    front += 1;
    more = keep((await read(front)).data);
  }
  let back = first.last_page;
  more = true;
  while (more && back > front && first.last_page - back < mostPages) {
    more = keep((await read(back)).data);
    back -= 1;
  }
  return rows;
}

/** Texts and receipts out of the lists of what is unread, oldest first; they stay unread. @throws Error where one cannot be read. */
async function poll(account: Account, http: OutgoingClient, since: Date, timeoutMs: number): Promise<ProviderEvent[]> {
  const texts = await unread(account, http, '/v3/sms/inbound', since, timeoutMs);
  const receipts = await unread(account, http, '/v3/sms/receipts', since, timeoutMs);
  const read = [
    ...texts.map((row) => ({ at: momentOf(row), event: readText(row) })),
    ...receipts.map((row) => ({ at: momentOf(row), event: readReceipt(row) })),
  ];
  return read.sort((a, b) => a.at - b.at).flatMap(({ event }) => (event === null ? [] : [event]));
}

/** What a text of one segment would cost. @throws Error where it cannot be asked. */
async function price(account: Account, http: OutgoingClient, to: string, timeoutMs: number): Promise<Money | null> {
  const answer = await ask(account, http, '/v3/sms/price', timeoutMs, { messages: [{ to, body: 'Signalbox' }] });
  const { messages, _currency } = documentOf(answer, answerSchema, "ClickSend's prices").data;
  const [message] = messages;
  return message?.status === 'SUCCESS' && message.message_parts === 1
    ? moneyOf(message.message_price, _currency?.currency_name_short)
    : null;
}

function readReceipt(entry: unknown): ProviderEvent | null {
  const { success, data } = receiptSchema.safeParse(entry);
  if (!success) return null;
  const { message_id: providerId, status_code: code, error_code, custom_string } = data;
  const words = `${data.status} ${data.status_text} ${data.error_text}`;
  const status = statusOf(code, words);
  if (status === null) return null;
  const wrong = code === '300' || status === 'failed';
  return {
    kind: 'receipt',
    providerId,
    reference: custom_string === '' ? null : custom_string,
    status,
    errorCode: wrong ? error_code.slice(0, 32) || code : null,
    failure: status === 'failed' ? failureOf(words) : null,
  };
}

function readText(entry: unknown): ProviderEvent | null {
  const { success, data } = textSchema.safeParse(entry);
  if (!success) return null;
  const { message_id: providerId, from, to, body, _media_file_url: url } = data;
  return {
    kind: 'text',
    providerId,
    // They come in E.164; the plus may get lost on the way, as in a form that was not encoded.
    from: withPlus(from),
    to: withPlus(to),
    body: body ?? '',
    media: typeof url === 'string' ? receivedMedia([{ url }]) : [],
    carrierWord: null,
  };
}
