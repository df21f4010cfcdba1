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

/** Vonage's Messages API, for SMS: https://developer.vonage.com/en/api/messages */

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

/** What the document of a request holds under its names, where that is a text. */
function textsOf(body: string): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsOf(parseJson(body)) ?? {});
  return Object.fromEntries(entries.flatMap(([name, value]) => (isText(value) ? [[name, value]] : [])));
}

/** Turns a document into a message, or says which of the API's rules it breaks. */
export function sendMessage(body: string, account: Account): Handled {
  const {
    channel,
    message_type: type,
    from = '',
    to = '',
    text = '',
    client_ref: reference,
    webhook_url: url,
  } = textsOf(body);
  const broken = (code: string, detail: string): Handled => ({ answer: problem(422, code, detail), code });
  if (channel !== 'sms' || type !== 'text') return broken('1020', 'Invalid channel or message_type');
  if (from === '' || to === '' || text === '') return broken('1010', 'Missing params');
  if (!/^[1-9]\d{6,14}$/.test(to)) return broken('1170', errors.invalid_number[2]);
  if (text.length > 1_000) return broken('1090', errors.invalid_message[2]);
  if ((reference ?? '').length > 100) return broken('1020', 'Invalid client_ref');
  return {
    asked: {
      from: senderOf(account, from),
      to: `+${to}`,
      body: text,
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
        channel: 'sms',
        ...(message.reference === null ? {} : { client_ref: message.reference }),
        ...(said === failed ? { error: problemOf(named ?? usual, detail) } : {}),
        ...(said === 'submitted'
          ? { usage: { currency: 'EUR', price: (message.segments * Number(price)).toFixed(4) } }
          : {}),
        destination: { network_code: '12345' },
        sms: { count_total: String(message.segments) },
      },
      tools,
    ),
  ];
}

/** A text from a phone, which the API has put together. */
export function messageTexts(
  { sid, from, to, body, segments, createdAt }: LedgerMessage,
  { url, account }: { readonly url: string; readonly account: Account },
  tools: Tools,
): Callback[] {
  const document = {
    channel: 'sms',
    message_uuid: sid,
    to: withoutPlus(to),
    from: withoutPlus(from),
    timestamp: new Date(createdAt).toISOString(),
    message_type: 'text',
    text: body,
    sms: { num_messages: String(segments), keyword: (body.split(/\s+/)[0] ?? '').toUpperCase() },
    usage: { currency: 'EUR', price: '0.0050' },
    origin: { network_code: '12345' },
  };
  return [told(url, account, document, tools)];
}
