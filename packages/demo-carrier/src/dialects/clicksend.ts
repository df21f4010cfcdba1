import { messagesOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { fieldsOf, isText, parseJson } from '../json-document.ts';
import type { Ledger, LedgerMessage } from '../ledger.ts';
import { countSegments, isGsm } from '../segments.ts';
import { itemOf, receiptNumbers, receiptOf, textOf, unarranged } from './clicksend-wire.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  basic,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  uuidOf,
} from './define-dialect.ts';

const currency = {
  currency_name_short: 'USD',
  currency_prefix_d: '$',
  currency_prefix_c: '¢',
  currency_name_long: 'US Dollars',
} as const;

/** What is said of one message, in an answer of 200. */
const refusals: Readonly<Record<RefusalReason, string>> = {
  invalid_number: 'INVALID_RECIPIENT',
  opted_out: 'INVALID_RECIPIENT',
  blocked: 'THROTTLED',
  unsupported: 'COUNTRY_NOT_ENABLED',
  sender: 'INVALID_SENDER_ID',
  throttled: 'HTTP_TOO_MANY_REQUESTS',
  funds: 'INSUFFICIENT_CREDIT',
  auth: 'UNAUTHORIZED',
  transient: 'INTERNAL_ERROR',
  invalid_message: 'MISSING_REQUIRED_FIELDS',
  expired: 'INVALID_SCHEDULE',
  unknown: 'SOMETHING_IS_WRONG',
};
/** What is said of the whole request. */
const statuses: ReadonlyMap<string, readonly [status: number, message: string]> = new Map([
  ['UNAUTHORIZED', [401, 'Authorization failed.']],
  ['HTTP_TOO_MANY_REQUESTS', [429, 'Too many attempts.']],
]);

/** Within which the same words are not sent to the same person again. */
const sameWordsMs = 3_000;

/** ClickSend's REST API, version 3: https://developers.clicksend.com/docs/messaging/sms */
export const clicksend = defineDialect({
  name: 'clicksend',
  owns: (path) => /^\/v3\/((sms|mms)\/|account$|uploads$)/.test(path),
  accountId: /^[^:\p{Cc}]{1,100}$/u,
  credentials: ['api_key'],
  key: ({ sid, credentials }) => basic(sid, credentials['api_key'] ?? ''),
  caller: ({ header }) => header('authorization') ?? null,
  unauthorized: () => failed(401, 'UNAUTHORIZED', 'Authorization failed.'),
  tooLarge: failed(413, 'BAD_REQUEST', 'The request is too large.'),
  broken: failed(500, 'INTERNAL_SERVER_ERROR', 'Something is broken.'),
  refuse,
  messageId: (hex) => uuidOf(hex).toUpperCase(),
  handle(request, account, tools) {
    const { method, path, query } = request;
    if (method === 'POST' && path === '/v3/sms/send') return send(account, request, tools);
    if (method === 'POST' && path === '/v3/mms/send') return sendPicture(account, request);
    if (method === 'POST' && path === '/v3/uploads') return { answer: uploaded(request, tools) };
    if (method === 'POST' && path === '/v3/sms/price') return { answer: priced(request) };
    const asked = new URLSearchParams(query);
    if (method === 'GET' && path === '/v3/account')
      return {
        answer: done('Here is your account.', {
          username: account.sid,
          account_name: account.friendly_name,
          balance: (tools.balance(account) / 1_000_000).toFixed(6),
          country: 'AU',
          _currency: currency,
        }),
      };
    const rows = method === 'GET' ? rowsOf(path, asked, account, tools.ledger) : null;
    return { answer: rows === null ? failed(404, 'NOT_FOUND', 'Not found.') : paged(rows, asked) };
  },
  failureCode: (status, reason) => (reason === null ? unarranged[status] : receiptNumbers[reason]),
  receipts(message, { status, code, unheardOf, at }, { url }) {
    const receipt = {
      ...receiptOf({ ...message, status, errorCode: code, updatedAt: at }),
      message_type: kindOf(message),
    };
    return [posted(url, unheardOf ? { ...receipt, status_code: 299 } : receipt)];
  },
  texts: (message, { url }) => [posted(url, { ...textOf(message), user_id: 1, subaccount_id: 1 })],
});

const kindOf = ({ media }: LedgerMessage): 'sms' | 'mms' => (media.length > 0 ? 'mms' : 'sms');

function done(message: string, data: unknown): ApiAnswer {
  return json(200, { http_code: 200, response_code: 'SUCCESS', response_msg: message, data });
}

function failed(status: number, code: string, message: string): ApiAnswer {
  return json(status, { http_code: status, response_code: code, response_msg: message, data: null });
}

/** A form, in which nothing stands for null. */
function posted(url: string, fields: Readonly<Record<string, string | number | null>>) {
  const form = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value ?? '')]);
  return {
    method: 'POST' as const,
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'ClickSend' },
    body: new URLSearchParams(form).toString(),
  };
}

/** What a request asks of the one message that it holds; null where it holds none, or several. */
function messageIn({ body }: ApiRequest): Readonly<Record<string, string>> | null {
  const messages = fieldsOf(parseJson(body))?.['messages'];
  const [first, ...more]: readonly unknown[] = Array.isArray(messages) ? messages : [];
  const message = fieldsOf(first);
  if (message === null || more.length > 0) return null;
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value ?? '')]));
}

/** The answer that says of its one message that it was not queued. */
function rejected(code: string, message: Readonly<Record<string, string>> = {}): Refused {
  const { to = '', body = '', from = '', custom_string = '' } = message;
  const item = {
    to,
    body,
    from,
    schedule: '',
    message_id: crypto.randomUUID().toUpperCase(),
    custom_string,
    status: code,
  };
  const data = {
    total_price: 0,
    total_count: 1,
    queued_count: 0,
    blocked_count: 0,
    messages: [item],
    _currency: currency,
  };
  return { answer: done('Messages queued for delivery.', data), code };
}

function send(account: Account, request: ApiRequest, { ledger, now }: Tools): Handled {
  const message = messageIn(request);
  if (message === null)
    return { answer: failed(400, 'BAD_REQUEST', 'The carrier takes one message.'), code: 'BAD_REQUEST' };
  const { to = '', from = '', body = '', custom_string = '' } = message;
  if (body === '') return rejected('EMPTY_MESSAGE', message);
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return rejected('INVALID_RECIPIENT', message);
  const sender = from === '' ? (numbersOf(account)[0]?.number ?? '') : from;
  const text = cut(body);
  const same = ledger
    .ofPhone(to)
    .some(
      ({ origin, accountSid, body: earlier, createdAt }) =>
        origin === 'api' && accountSid === account.sid && earlier === text && now() - createdAt < sameWordsMs,
    );
  if (same) return rejected('THROTTLED', message);
  return {
    asked: {
      from: sender,
      to,
      body: text,
      reference: custom_string === '' ? null : custom_string,
      statusCallback: null,
    },
    accepted: queued,
  };
}

function queued(taken: LedgerMessage): ApiAnswer {
  const item = itemOf(taken);
  return done('Messages queued for delivery.', {
    total_price: Number(item.message_price),
    total_count: 1,
    queued_count: 1,
    blocked_count: 0,
    messages: [item],
    _currency: currency,
  });
}

/** One picture for all messages of a request: https://developers.clicksend.com/docs/messaging/mms */
function sendPicture(account: Account, request: ApiRequest): Handled {
  const message = messageIn(request);
  if (message === null)
    return { answer: failed(400, 'BAD_REQUEST', 'The carrier takes one message.'), code: 'BAD_REQUEST' };
  const { to = '', from = '', body = '', subject = '', custom_string = '' } = message;
  const place = fieldsOf(parseJson(request.body))?.['media_file'];
  if (!isText(place) || !URL.canParse(place) || body === '' || subject === '')
    return rejected('MISSING_REQUIRED_FIELDS', message);
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return rejected('INVALID_RECIPIENT', message);
  return {
    asked: {
      from: from === '' ? (numbersOf(account)[0]?.number ?? '') : from,
      to,
      // What is longer is cut off, and nobody is told.
      body: body.slice(0, isGsm(body) ? 1_500 : 500),
      media: [place],
      reference: custom_string === '' ? null : custom_string,
      statusCallback: null,
    },
    accepted: queued,
  };
}

/** Makes of a file one that goes with a message, for ten minutes: https://developers.clicksend.com/docs/other/uploads. The carrier leaves it as it is. */
function uploaded({ query, body }: ApiRequest, { keep }: Tools): ApiAnswer {
  const content = fieldsOf(parseJson(body))?.['content'];
  if (new URLSearchParams(query).get('convert') !== 'mms' || !isText(content) || content === '')
    return failed(400, 'BAD_REQUEST', 'There is nothing to convert.');
  const bytes = new Uint8Array(Buffer.from(content, 'base64'));
  const place = keep(bytes, 'image/png');
  return done('File uploaded.', { name: 'file', type: 'image/png', size: bytes.length, _url: place });
}

const mostParts = 8;

/** A text of more parts is cut off, and nobody is told. */
function cut(body: string): string {
  if (countSegments(body) <= mostParts) return body;
  let [fits, tooLong] = [0, body.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (countSegments(body.slice(0, middle)) <= mostParts) fits = middle;
    else tooLong = middle;
  }
  return body.slice(0, fits);
}

function priced(request: ApiRequest): ApiAnswer {
  const message = messageIn(request);
  if (message === null) return failed(400, 'BAD_REQUEST', 'The carrier takes one message.');
  const { to = '', body = '', from = '' } = message;
  const status = !/^\+[1-9]\d{6,14}$/.test(to)
    ? 'INVALID_RECIPIENT'
    : to.startsWith('+43')
      ? 'COUNTRY_NOT_ENABLED'
      : 'SUCCESS';
  const parts = status === 'SUCCESS' ? countSegments(body) : 0;
  const price = (parts * 0.0079).toFixed(4);
  const item = { to, body, from, schedule: '', message_parts: parts, message_price: price, custom_string: '', status };
  return done('Here is some pricing.', {
    total_price: Number(price),
    total_count: 1,
    queued_count: parts === 0 ? 0 : 1,
    blocked_count: parts === 0 ? 1 : 0,
    messages: [item],
    _currency: currency,
  });
}

function refuse({ reason, code: named, status: given }: Refusal): Refused {
  const code = named ?? refusals[reason];
  const [status, message] = statuses.get(code) ?? [200, ''];
  if ((given ?? status) === 200) return rejected(code);
  return { answer: failed(given ?? status, code, message), code };
}

/** The rows of a list; null where there is none of that name. Nobody marks anything as read here. */
function rowsOf(path: string, asked: URLSearchParams, account: Account, ledger: Ledger): readonly unknown[] | null {
  const ours = messagesOf(account, ledger);
  const outgoing = ours.filter(({ origin }) => origin !== 'phone');
  if (path === '/v3/sms/inbound')
    return ours
      .filter(({ origin }) => origin === 'phone')
      .map(textOf)
      .reverse();
  if (path === '/v3/sms/receipts') return outgoing.filter(({ status }) => status !== 'queued').map(receiptOf);
  const [, history] = /^\/v3\/(sms|mms)\/history$/.exec(path) ?? [];
  if (history === undefined) return null;
  const matches = searchOf(asked);
  const found = outgoing
    .filter((message) => kindOf(message) === history && matches(message))
    .map((message) => ({ ...itemOf(message), ...historyOf(message) }));
  return asked.get('order_by') === 'date:desc' ? found.reverse() : found;
}

function historyOf(message: LedgerMessage) {
  const over = message.status !== 'queued';
  const { status_code, status_text } = receiptOf(message);
  return {
    status: over ? 'Completed' : 'Queued',
    status_code: over ? status_code : null,
    status_text: over ? status_text : null,
  };
}

/** One field and its value in `q`, and the time in seconds. */
function searchOf(asked: URLSearchParams): (message: LedgerMessage) => boolean {
  const [, field = '', value = ''] = /^(\w+):(.*)$/.exec(asked.get('q') ?? '') ?? [];
  const from = Number(asked.get('date_from') ?? 0) * 1_000;
  return ({ to, from: sender, createdAt }) =>
    createdAt >= from && (field === '' || (field === 'to' ? to === value : field === 'from' && sender === value));
}

function paged(rows: readonly unknown[], asked: URLSearchParams): ApiAnswer {
  const limit = Math.min(100, Math.max(15, Number(asked.get('limit')) || 15));
  const page = Math.max(1, Number(asked.get('page')) || 1);
  return done('Here are your data.', {
    total: rows.length,
    per_page: limit,
    current_page: page,
    last_page: Math.ceil(rows.length / limit),
    data: rows.slice((page - 1) * limit, page * limit),
  });
}
