import { z } from 'zod';
import { messageOf, messagesOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { parseJson } from '../json-document.ts';
import type { LedgerMessage } from '../ledger.ts';
import { isGsm } from '../segments.ts';
import {
  type ApiAnswer,
  basic,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  uuidOf,
  withoutPlus,
} from './define-dialect.ts';
import { plivoTime, signedPost } from './plivo-wire.ts';
import { readTwiml } from './twiml.ts';

/** https://www.plivo.com/docs/messaging/api/messages */
const messageSchema = z.object({
  src: z.string().default(''),
  dst: z.string().default(''),
  text: z.string().default(''),
  url: z.string().optional(),
  method: z.enum(['GET', 'POST']).default('POST'),
  type: z.enum(['sms', 'mms']).default('sms'),
  media_urls: z.array(z.url()).max(10).default([]),
});

/** https://www.plivo.com/docs/messaging/troubleshooting/error-codes */
const codes: Readonly<Record<RefusalReason, string>> = {
  invalid_number: '50',
  opted_out: '200',
  blocked: '30',
  unsupported: '90',
  sender: '40',
  throttled: '429',
  funds: '900',
  auth: '910',
  transient: '20',
  invalid_message: '110',
  expired: '420',
  unknown: '1000',
};

/** What a refusal says, with the status that it comes under. */
const refusals: Readonly<Record<RefusalReason, readonly [status: number, error: string]>> = {
  invalid_number: [400, 'dst parameter is not a valid phone number'],
  opted_out: [400, 'message blocked because the person has opted out'],
  blocked: [400, 'message rejected as spam'],
  unsupported: [400, 'destination country barred'],
  sender: [400, 'src parameter is not a number of this account'],
  throttled: [429, 'too many requests'],
  funds: [402, 'insufficient credit'],
  auth: [401, 'authentication failed'],
  transient: [500, 'server error'],
  invalid_message: [400, 'text parameter is missing or too long'],
  expired: [400, 'message_expiry parameter is invalid'],
  unknown: [400, 'request is invalid'],
};

/** In US dollars for a unit; null where nothing is offered. */
const rates: Readonly<Record<string, string | null>> = { US: '0.00550', AU: '0.03990', GB: '0.04150', AT: null };
const unitRate = 0.0055;

const intents = { STOP: 'optout', START: 'optin', HELP: 'help' } as const;

/** Plivo's Messaging API. */
export const plivo = defineDialect({
  name: 'plivo',
  owns: (path) => path.startsWith('/v1/Account/'),
  accountId: /^[MS]A[A-Z0-9]{10,30}$/,
  credentials: ['auth_token'],
  key: ({ sid, credentials }) => basic(sid, credentials['auth_token'] ?? ''),
  caller: ({ header }) => header('authorization') ?? null,
  unauthorized: () => failed(401, 'authentication failed'),
  tooLarge: failed(413, 'request is too large'),
  broken: failed(500, 'server error'),
  refuse,
  messageId: uuidOf,
  handle({ method, path, query, body }, account, tools) {
    const root = `/v1/Account/${account.sid}/`;
    const below = path.startsWith(root) ? path.slice(root.length) : null;
    const asked = new URLSearchParams(query);
    if (method === 'POST' && below === 'Message/') return send(account, body);
    if (method !== 'GET') return { answer: failed(405, 'method not allowed') };
    if (below === '') return { answer: ok({ ...accountOf(account, tools), api_id: tools.token() }) };
    if (below === 'Message/') return { answer: ok(listMessages(account, path, asked, tools)) };
    if (below === 'Pricing/') return { answer: pricing(asked.get('country_iso') ?? '') };
    const id = /^Message\/([0-9a-f-]{36})\/$/.exec(below ?? '')?.[1] ?? '';
    const message = messageOf(account, tools.ledger, id);
    return { answer: message === undefined ? failed(404, 'not found') : ok(record(message)) };
  },
  failureCode: (status, reason) => (reason === null ? (status === 'failed' ? '300' : '80') : codes[reason]),
  receipts(message, { status, code, unheardOf, at }, { url, account }, tools) {
    const form: Record<string, string> = {
      DeliveryReportTime: status === 'sent' ? '' : plivoTime(at),
      From: withoutPlus(message.from),
      MCC: '310',
      MNC: '004',
      MessageTime: plivoTime(message.createdAt),
      MessageUUID: message.sid,
      ParentMessageUUID: message.sid,
      PartInfo: '1 of 1',
      PowerpackUUID: '',
      QueuedTime: plivoTime(message.createdAt),
      SentTime: plivoTime(message.sentAt ?? at),
      Sequence: status === 'sent' ? '1' : '2',
      Status: unheardOf ? 'dreaming' : status,
      To: withoutPlus(message.to),
      TotalAmount: (message.segments * unitRate).toFixed(5),
      TotalRate: unitRate.toFixed(5),
      Type: message.media.length === 0 ? 'sms' : 'mms',
      Units: String(message.segments),
      requester_ip: '127.0.0.1',
    };
    if (code !== null) form['ErrorCode'] = String(code).padStart(3, '0');
    return [signedPost(account.credentials, url, form, tools.token())];
  },
  texts(message, { url, number, optOutType }, tools) {
    const form = {
      From: withoutPlus(message.from),
      MessageIntent: optOutType === null ? '' : intents[optOutType],
      MessageUUID: message.sid,
      PowerpackUUID: '',
      Text: message.body,
      To: withoutPlus(message.to),
      TotalAmount: '0.00000',
      TotalRate: '0.00000',
      Type: 'sms',
      Units: String(message.segments),
    };
    const pictures = Object.fromEntries(message.media.map(({ url: picture }, index) => [`Media${index}`, picture]));
    // Where the customer answers STOP itself, Plivo knows of no such words and says nothing of them.
    const { MessageIntent: _none, ...silent } = form;
    const told = number.account.opt_out === 'carrier' ? form : silent;
    return [signedPost(number.account.credentials, url, { ...told, ...pictures }, tools.token())];
  },
  replies: readTwiml,
});

function ok(body: unknown): ApiAnswer {
  return json(200, body);
}

function failed(status: number, error: string): ApiAnswer {
  return json(status, { api_id: '97ceeb52-58b6-11e1-86da-77300b68f8bb', error });
}

function refuse({ reason, code, status }: Refusal): Refused {
  const [usual, error] = refusals[reason];
  return { answer: failed(status ?? usual, error), code: code ?? codes[reason] };
}

function send(account: Account, body: string): Handled {
  const { success, data } = messageSchema.safeParse(parseJson(body));
  if (!success) return refuse({ reason: 'unknown' });
  const { src, dst, text, url, type, media_urls: media } = data;
  if (!/^\+?[1-9]\d{6,14}$/.test(dst)) return refuse({ reason: 'invalid_number' });
  const own = numbersOf(account).find(({ number }) => withoutPlus(number) === withoutPlus(src));
  if (own === undefined) return refuse({ reason: 'sender' });
  // Whatever GSM-7 has no letter for is sent in UCS-2, of which fewer fit.
  const most = isGsm(text) ? 1_600 : 737;
  if (text.length > most || (text === '' && type === 'sms')) return refuse({ reason: 'invalid_message' });
  if (type === 'mms' && media.length === 0) return refuse({ reason: 'invalid_message' });
  if (url !== undefined && !URL.canParse(url)) return refuse({ reason: 'unknown' });
  return {
    asked: {
      from: own.number,
      to: `+${withoutPlus(dst)}`,
      body: text,
      reference: null,
      statusCallback: url ?? null,
      media: type === 'mms' ? media : [],
    },
    accepted: ({ sid }) =>
      json(202, { api_id: sid.replace(/^.{8}/, '7ff5505c'), message: 'message(s) queued', message_uuid: [sid] }),
  };
}

/** Without the text, which Plivo does not keep there. */
function record(message: LedgerMessage): Record<string, unknown> {
  return {
    error_code: message.errorCode === null ? null : String(message.errorCode).padStart(3, '0'),
    from_number: withoutPlus(message.from),
    message_direction: message.origin === 'phone' ? 'inbound' : 'outbound',
    message_state: message.status,
    message_time: plivoTime(message.createdAt),
    message_type: 'sms',
    message_uuid: message.sid,
    powerpackID: null,
    resource_uri: `/v1/Account/${message.accountSid}/Message/${message.sid}/`,
    to_number: withoutPlus(message.to),
    total_amount: (message.segments * unitRate).toFixed(5),
    total_rate: unitRate.toFixed(5),
    units: message.segments,
  };
}

/** A page of an account's messages, newest first. */
function listMessages(account: Account, path: string, query: URLSearchParams, { ledger }: Tools): unknown {
  const limit = Math.min(20, Number(query.get('limit') ?? 20));
  const offset = Number(query.get('offset') ?? 0);
  const since = Date.parse(`${query.get('message_time__gte') ?? '1970-01-01'}Z`);
  const direction = query.get('message_direction');
  const found = messagesOf(account, ledger)
    .filter(
      (message) =>
        message.createdAt >= since &&
        (direction === null || (message.origin === 'phone' ? 'inbound' : 'outbound') === direction),
    )
    .reverse();
  const more = new URLSearchParams(query);
  more.set('offset', String(offset + limit));
  return {
    meta: {
      limit,
      next: found.length > offset + limit ? `${path}?${more}` : null,
      offset,
      previous: null,
      total_count: found.length,
    },
    objects: found.slice(offset, offset + limit).map(record),
  };
}

/** https://www.plivo.com/docs/account/api/pricing */
function pricing(country: string): ApiAnswer {
  const rate = rates[country];
  if (rate === undefined) return failed(404, 'not found');
  const message = { inbound: { rate: '0.00000' }, outbound: { rate }, outbound_networks_list: [] };
  return ok({ country, country_iso: country, message });
}

function accountOf(account: Account, tools: Tools): Record<string, unknown> {
  return {
    account_type: 'standard',
    auth_id: account.sid,
    auto_recharge: false,
    billing_mode: 'prepaid',
    cash_credits: (tools.balance(account) / 1_000_000).toFixed(5),
    name: account.friendly_name,
    resource_uri: `/v1/Account/${account.sid}/`,
    timezone: 'UTC',
  };
}
