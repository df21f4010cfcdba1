import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { messageOf, messagesOf } from '../account-messages.ts';
import { type Account, numbersOf } from '../accounts.ts';
import { parseJson } from '../json-document.ts';
import type { ErrorCode, LedgerMessage } from '../ledger.ts';
import {
  type ApiAnswer,
  type Callback,
  defineDialect,
  type Handled,
  json,
  type Refusal,
  type RefusalReason,
  type Refused,
  type Tools,
  uuidOf,
} from './define-dialect.ts';

/** https://docs.bird.com/api/channels-api/supported-channels/programmable-sms/sending-sms-messages */
const messageSchema = z.object({
  receiver: z.object({
    contacts: z.array(z.object({ identifierKey: z.literal('phonenumber').optional(), identifierValue: z.string() })),
  }),
  body: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.object({ text: z.string().min(1) }) }),
    z.object({
      type: z.literal('image'),
      image: z.object({
        text: z.string().default(''),
        images: z
          .array(z.object({ mediaUrl: z.url() }))
          .min(1)
          .max(10),
      }),
    }),
  ]),
  reference: z.string().nullable().default(null),
});

type Words = readonly [status: number, code: string, place: string];

const refusals: Readonly<Record<RefusalReason, Words>> = {
  invalid_number: [422, 'InvalidPayload', '.receiver.contacts[0].identifierValue'],
  opted_out: [422, 'ContactUnsubscribed', ''],
  blocked: [422, 'MessageBlocked', ''],
  unsupported: [422, 'UnsupportedDestination', ''],
  sender: [422, 'InvalidPayload', '.sender.connector'],
  throttled: [429, 'TooManyRequests', ''],
  funds: [402, 'InsufficientBalance', ''],
  auth: [403, 'AccessDenied', ''],
  transient: [500, 'InternalError', ''],
  invalid_message: [422, 'InvalidPayload', '.body'],
  expired: [422, 'InvalidPayload', '.validity'],
  unknown: [400, 'InvalidPayload', ''],
};

/** Bird's code with that of its SMS platform, where it has one: https://docs.bird.com/api/channels-api/message-status-and-interactions */
const failureCodes: Readonly<Record<RefusalReason, readonly [bird: number, platform: string | null]>> = {
  invalid_number: [15_005, '1'],
  opted_out: [15_001, '103'],
  blocked: [15_001, '106'],
  unsupported: [12_003, null],
  sender: [11_001, null],
  throttled: [15_001, '107'],
  funds: [12_001, null],
  auth: [12_001, null],
  transient: [15_001, '34'],
  invalid_message: [11_002, null],
  expired: [15_001, '27'],
  unknown: [15_001, null],
};

const below = /^\/workspaces\/([\w-]{36})\/channels\/([\w-]{36})(?:\/messages(?:\/([\w-]{36}))?)?$/;

/** Bird's Channels API, for channels of SMS. */
export const bird = defineDialect({
  name: 'bird',
  owns: (path) => path.startsWith('/workspaces/'),
  accountId: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  credentials: ['access_key', 'bird_workspace'],
  key: ({ sid, credentials }) =>
    `${credentials['bird_workspace'] ?? ''} ${sid} AccessKey ${credentials['access_key'] ?? ''}`,
  caller: ({ path, header }) => {
    const [, workspace = '', channel = ''] = below.exec(path) ?? [];
    return `${workspace} ${channel} ${header('authorization') ?? ''}`;
  },
  unauthorized: () => failed(401, 'Unauthorized', ''),
  tooLarge: failed(413, 'PayloadTooLarge', ''),
  broken: failed(500, 'InternalError', ''),
  refuse,
  messageId: uuidOf,
  handle({ method, path, query, body }, account, tools) {
    const [, , , id] = below.exec(path) ?? [];
    const ofMessages = path.includes('/messages');
    if (method === 'POST' && ofMessages && id === undefined) return send(account, body);
    if (method !== 'GET') return { answer: failed(405, 'MethodNotAllowed', '') };
    if (!ofMessages)
      return { answer: json(200, { id: account.sid, platformId: 'sms-messagebird', name: 'SMS', status: 'active' }) };
    if (id === undefined) return { answer: json(200, listMessages(account, new URLSearchParams(query), tools)) };
    const message = messageOf(account, tools.ledger, id);
    return { answer: message === undefined ? failed(404, 'NotFound', '') : json(200, resource(message)) };
  },
  failureCode: (_status, reason): ErrorCode => failureCodes[reason ?? 'transient'][0],
  receipts(message, { status, reason, code, unheardOf, at }, { url, account }, tools) {
    const failed = status === 'failed' || status === 'undelivered';
    const [usual, platform] = failureCodes[reason ?? 'transient'];
    const source = platform === null ? { name: 'pre-processing' } : { name: 'sms-messagebird', code: platform };
    const payload = {
      ...resource(message),
      status: unheardOf ? 'dreaming' : statusOf(status),
      ...(failed ? { reason: 'not delivered', failure: { code: code ?? usual, source } } : {}),
      lastStatusAt: new Date(at).toISOString(),
    };
    return [posted(url, account, { service: 'channels', event: 'sms.outbound', payload }, tools)];
  },
  texts(message, { url, number }, tools) {
    const event = { service: 'channels', event: 'sms.inbound', payload: resource(message) };
    return [posted(url, number.account, event, tools)];
  },
});

function posted(url: string, account: Account, event: object, tools: Tools): Callback {
  const body = JSON.stringify(event);
  const key = account.credentials['signing_key'];
  const moment = String(Math.floor(tools.now() / 1_000));
  const signature = (secret: string) =>
    createHmac('sha256', secret)
      .update(Buffer.concat([Buffer.from(`${moment}\n${url}\n`), createHash('sha256').update(body).digest()]))
      .digest('base64');
  const proof = key === undefined ? {} : { 'messagebird-signature': signature(key) };
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'messagebird-request-id': tools.token(),
      'messagebird-request-timestamp': moment,
      ...proof,
    },
    body,
  };
}

function failed(status: number, code: string, place: string): ApiAnswer {
  const details = place === '' ? {} : { details: { [place]: ['is not valid'] } };
  return json(status, { code, message: 'The request was refused.', ...details });
}

function refuse({ reason, code: named, status: given }: Refusal): Refused {
  const [status, code, place] = refusals[reason];
  return { answer: failed(given ?? status, named ?? code, place), code: named ?? code };
}

function send(account: Account, text: string): Handled {
  const { success, data } = messageSchema.safeParse(parseJson(text));
  if (!success) return refuse({ reason: 'invalid_message' });
  const { receiver, body, reference } = data;
  const [to, ...others] = receiver.contacts;
  if (to === undefined || others.length > 0) return refuse({ reason: 'invalid_number' });
  const [own] = numbersOf(account);
  if (own === undefined) return refuse({ reason: 'sender' });
  return {
    asked: {
      from: own.number,
      to: to.identifierValue,
      body: body.type === 'text' ? body.text.text : body.image.text,
      reference,
      media: body.type === 'text' ? [] : body.image.images.map(({ mediaUrl }) => mediaUrl),
      statusCallback: null,
    },
    accepted: (message) => json(202, resource(message)),
  };
}

function statusOf(status: LedgerMessage['status']): string {
  if (status === 'queued') return 'accepted';
  if (status === 'undelivered') return 'delivery_failed';
  if (status === 'failed') return 'sending_failed';
  return status === 'received' ? 'delivered' : status;
}

/** The message of a channel, as it is sent and as it comes in. */
function resource(message: LedgerMessage): Record<string, unknown> {
  const incoming = message.origin === 'phone';
  const contact = (identifierValue: string) => ({
    id: '32cf5eee-f940-422c-ab8c-5f753aad5efd',
    identifierKey: 'phonenumber',
    identifierValue,
  });
  const connector = { id: '86cc4dc0-3dc0-41b7-ac43-8ec829ead56f' };
  return {
    id: message.sid,
    channelId: message.accountSid,
    sender: incoming ? { contact: contact(message.from) } : { connector },
    receiver: incoming ? { connector } : { contacts: [contact(message.to)] },
    body:
      message.media.length === 0
        ? { type: 'text', text: { text: message.body } }
        : {
            type: 'image',
            image: { text: message.body, images: message.media.map(({ url }) => ({ mediaUrl: url })) },
          },
    reference: message.reference,
    parts: [{ platformReference: message.sid.replaceAll('-', '') }],
    status: statusOf(message.status),
    direction: incoming ? 'incoming' : 'outgoing',
    lastStatusAt: new Date(message.updatedAt).toISOString(),
    createdAt: new Date(message.createdAt).toISOString(),
    updatedAt: new Date(message.updatedAt).toISOString(),
  };
}

/** A page of a channel's messages, newest first. */
function listMessages(account: Account, query: URLSearchParams, { ledger }: Tools): unknown {
  const limit = Math.min(100, Number(query.get('limit') ?? 10));
  const from = Number(query.get('pageToken') ?? 0);
  const since = Date.parse(query.get('startAt') ?? '1970-01-01T00:00:00Z');
  const direction = query.get('direction');
  const found = messagesOf(account, ledger)
    .filter(
      (message) =>
        message.createdAt >= since &&
        (direction === null || (message.origin === 'phone' ? 'incoming' : 'outgoing') === direction),
    )
    .reverse();
  const rest = found.length > from + limit ? { nextPageToken: String(from + limit) } : {};
  return { results: found.slice(from, from + limit).map(resource), ...rest };
}
