import { z } from 'zod';
import { messageOf, messagesOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { parseJson } from '../json-document.ts';
import type { ErrorCode } from '../ledger.ts';
import { isGsm } from '../segments.ts';
import {
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  withoutPlus,
  withQuery,
} from './define-dialect.ts';
import { failed, isMms, messageResource, partPrice, rfc3339, signed, statusOf } from './messagebird-wire.ts';

/** https://developers.messagebird.com/api/sms-messaging/#send-outbound-sms */
const messageSchema = z.object({
  originator: z.string().default(''),
  body: z.string().default(''),
  recipients: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
  type: z.enum(['sms', 'flash']).default('sms'),
  datacoding: z.enum(['plain', 'unicode', 'auto']).default('plain'),
  reference: z.string().max(60).nullable().default(null),
  reportUrl: z.string().nullable().default(null),
});

/** https://developers.messagebird.com/api/mms-messaging */
const picturesSchema = z.object({
  originator: z.string().default(''),
  subject: z.string().max(256).nullable().default(null),
  body: z.string().max(2_000).default(''),
  mediaUrls: z.array(z.url()).min(1).max(10),
  recipients: z.array(z.union([z.string(), z.number()]).transform(String)).default([]),
  reference: z.string().max(60).nullable().default(null),
});

type Words = readonly [status: number, code: number, description: string, parameter: string | null];

/** https://developers.messagebird.com/api/#errors */
const refusals: Readonly<Record<RefusalReason, Words>> = {
  invalid_number: [422, 9, 'no (correct) recipients found', 'recipients'],
  opted_out: [422, 10, 'recipient has opted out', null],
  blocked: [422, 10, 'message is blocked', null],
  unsupported: [422, 10, 'no route to this country', null],
  sender: [422, 10, 'originator is invalid', 'originator'],
  throttled: [429, 429, 'too many requests', null],
  funds: [422, 25, 'not enough balance', null],
  auth: [401, 2, 'Request not allowed (incorrect access_key)', 'access_key'],
  transient: [500, 99, 'internal error', null],
  invalid_message: [422, 10, 'body is invalid', 'body'],
  expired: [422, 10, 'validity is invalid', 'validity'],
  unknown: [422, 21, 'bad request', null],
};

/** What status reports have as their code; there is none for what never happens on the way. */
const codes: Readonly<Record<RefusalReason, ErrorCode | null>> = {
  invalid_number: 1,
  opted_out: 103,
  blocked: 106,
  unsupported: 11,
  sender: null,
  throttled: 107,
  funds: null,
  auth: null,
  transient: 34,
  invalid_message: null,
  expired: null,
  unknown: null,
};

/** MessageBird's REST API. */
export const messagebird = defineDialect({
  name: 'messagebird',
  owns: (path) => path === '/balance' || /^\/(messages|mms)(\/|$)/.test(path),
  accountId: /^[\w-]{1,64}$/,
  credentials: ['access_key', 'signing_key'],
  key: ({ credentials }) => `AccessKey ${credentials['access_key'] ?? ''}`,
  caller: ({ header }) => header('authorization') ?? null,
  unauthorized: () => failed(...refusals.auth),
  tooLarge: failed(413, 21, 'request is too large', null),
  broken: failed(500, 99, 'internal error', null),
  refuse,
  messageId: (hex) => hex,
  handle({ method, path, query, body }, account, tools) {
    if (method === 'POST' && path === '/messages') return send(account, body);
    if (method === 'POST' && path === '/mms') return sendPictures(account, body);
    if (method !== 'GET') return { answer: failed(405, 21, 'method not allowed', null) };
    if (path === '/balance')
      return {
        answer: json(200, { payment: 'prepaid', type: 'euros', amount: tools.balance(account) / 1_000_000 }),
      };
    const [, list = '', id] = path.split('/');
    if (id === undefined)
      return { answer: json(200, listMessages(account, list === 'mms', new URLSearchParams(query), tools)) };
    const message = messageOf(account, tools.ledger, id);
    return {
      answer:
        message === undefined || isMms(message) !== (list === 'mms')
          ? failed(404, 20, 'message not found', null)
          : json(200, messageResource(message)),
    };
  },
  failureCode: (_status, reason) => (reason === null ? 34 : codes[reason]),
  receipts(message, { status, reason, code, unheardOf, at }, { url, account }, tools) {
    const report: Record<string, string> = {
      id: message.sid,
      mccmnc: '20408',
      messagePartCount: String(message.segments),
      'price[amount]': (message.segments * partPrice).toFixed(3),
      'price[currency]': 'EUR',
      recipient: withoutPlus(message.to),
      reference: message.reference ?? '',
      status: unheardOf ? 'dreaming' : statusOf({ status }, reason === 'expired'),
      statusDatetime: rfc3339(at),
      statusReason: status === 'delivered' ? 'successfully delivered' : 'pending DLR',
    };
    if (code !== null) report['statusErrorCode'] = String(code);
    return [signed({ method: 'GET', url: withQuery(url, report), headers: {}, body: '' }, signing(account, tools))];
  },
  texts(message, { url, number }, tools) {
    const at = message.createdAt;
    const originator = withoutPlus(message.from);
    if (isMms(message)) {
      // As the gateways have it that receive them: a document, unlike texts.
      const document = {
        id: message.sid,
        recipient: withoutPlus(message.to),
        originator,
        body: message.body,
        createdDatetime: rfc3339(at),
        mms: true,
        mediaUrls: message.media.map((file) => file.url),
      };
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST' as const, url, headers, body: JSON.stringify(document) };
      return [signed(request, signing(number.account, tools))];
    }
    const form = /^\d{3,8}$/.test(number.number)
      ? {
          message: message.body,
          mid: message.sid,
          originator,
          receive_datetime: rfc3339(at).slice(0, 19).replace(/\D/g, ''),
          shortcode: number.number,
        }
      : {
          body: message.body,
          createdDatetime: rfc3339(at),
          id: message.sid,
          originator,
          recipient: withoutPlus(message.to),
        };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    return [signed({ method: 'POST', url, headers, body }, signing(number.account, tools))];
  },
});

function signing({ credentials }: Account, tools: Tools): Parameters<typeof signed>[1] {
  return { key: credentials['signing_key'] ?? '', now: tools.now(), id: tools.token() };
}

function refuse({ reason, code: named, status: given }: Refusal): Refused {
  const [status, code, description, parameter] = refusals[reason];
  const said = named === undefined ? code : Number(named);
  return { answer: failed(given ?? status, said, description, parameter), code: String(said) };
}

function send(account: Account, body: string): Handled {
  const { success, data } = messageSchema.safeParse(parseJson(body));
  if (!success) return refuse({ reason: 'unknown' });
  const { originator, recipients, body: text, datacoding, reference, reportUrl } = data;
  const [recipient = ''] = recipients;
  if (recipients.length !== 1 || !/^\+?[1-9]\d{6,14}$/.test(recipient)) return refuse({ reason: 'invalid_number' });
  const own = numbersOf(account).find(({ number }) => withoutPlus(number) === withoutPlus(originator));
  if (own === undefined) return refuse({ reason: 'sender' });
  const inGsm = isGsm(text);
  if (text === '' || text.length > (inGsm ? 1_377 : 603)) return refuse({ reason: 'invalid_message' });
  if (reportUrl !== null && !URL.canParse(reportUrl)) return refuse({ reason: 'unknown' });
  return {
    asked: {
      from: own.number,
      to: `+${withoutPlus(recipient)}`,
      // What GSM-7 has no letter for does not get through as it was written.
      body: datacoding === 'plain' && !inGsm ? text.replace(/[^\p{ASCII}]/gu, '?') : text,
      reference,
      // Without a reference there are no status reports.
      statusCallback: reference === null ? null : reportUrl,
    },
    accepted: (message) => json(201, messageResource(message)),
  };
}

/** Of pictures alone; where receipts go is a setting of the account. */
function sendPictures(account: Account, body: string): Handled {
  const { success, data } = picturesSchema.safeParse(parseJson(body));
  if (!success) return refuse({ reason: 'unknown' });
  const { originator, recipients, mediaUrls, body: text, reference } = data;
  const [recipient = ''] = recipients;
  if (recipients.length !== 1 || !/^\+?1\d{10}$/.test(recipient)) return refuse({ reason: 'invalid_number' });
  const own = numbersOf(account).find(({ number }) => withoutPlus(number) === withoutPlus(originator));
  if (own === undefined) return refuse({ reason: 'sender' });
  return {
    asked: {
      from: own.number,
      to: `+${withoutPlus(recipient)}`,
      body: text,
      media: mediaUrls,
      reference,
      statusCallback: null,
    },
    accepted: (message) => json(201, messageResource(message)),
  };
}

/** A page of an account's texts, or of its messages with pictures, newest first. */
function listMessages(account: Account, mms: boolean, query: URLSearchParams, { ledger }: Tools): unknown {
  const limit = Number(query.get('limit') ?? 20);
  const offset = Number(query.get('offset') ?? 0);
  const since = Date.parse(query.get('from') ?? '1970-01-01T00:00:00+00:00');
  const matches = (name: string, value: string) => [null, value].includes(query.get(name));
  const found = messagesOf(account, ledger)
    .filter(
      (message) =>
        isMms(message) === mms &&
        message.createdAt >= since &&
        matches('recipient', withoutPlus(message.to)) &&
        matches('originator', withoutPlus(message.from)) &&
        matches('direction', message.origin === 'phone' ? 'mo' : 'mt'),
    )
    .reverse();
  const items = found.slice(offset, offset + limit).map(messageResource);
  return { offset, limit, count: items.length, totalCount: found.length, links: {}, items };
}
