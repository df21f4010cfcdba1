import { signBody } from '@signalbox/demo-carrier/dialects/vonage-signature';
import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { vonage } from '@signalbox/engine/providers/vonage';
import { startCarrierAccount } from './carrier-account.ts';
import { carrierDoubts, carrierRefusals } from './carrier-faults.ts';
import { messagesCredentials } from './vonage-account.ts';
import { bodyOf, cameAt, webhookRequest } from './webhook-request.ts';
import type { SignedWebhook, StartWire } from './wire.ts';

const { api_key: key, signature_secret: signatureSecret } = messagesCredentials;
const ours = '+447700900000';
const person = '+447700900001';
const publicUrl = 'https://signalbox.example.com/webhooks/vonage/1';
const reference = '00000000-0000-7000-8000-00000000000a';
const uuid = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab';

/** What the token of a request says, five seconds before it comes. */
const claims = {
  iat: cameAt.getTime() / 1_000 - 5,
  jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
  iss: 'Vonage',
  api_key: key,
};

/** A request as the API makes it, with a token over its body. */
export function messagesRequest(
  address: WebhookRequest['address'],
  rawBody: string,
  token = signBody(rawBody, signatureSecret, claims),
): WebhookRequest {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return webhookRequest({ address, url: `${publicUrl}/${address}`, headers, rawBody });
}

function webhook(
  name: string,
  address: WebhookRequest['address'],
  document: unknown,
  event: ProviderEvent,
): SignedWebhook {
  const rawBody = JSON.stringify(document);
  const request = messagesRequest(address, rawBody);
  const token = (by: string, more: object) =>
    messagesRequest(address, rawBody, signBody(rawBody, by, { ...claims, ...more }));
  return {
    name,
    request,
    events: [event],
    spoilt: {
      unsigned: [
        { ...request, header: () => undefined },
        { ...request, header: () => 'Bearer ' },
        { ...request, header: () => 'Bearer a.b.c' },
      ],
      foreign: [token('the-signature-secret-of-somebody-else', {}), token(signatureSecret, { api_key: 'somebody' })],
      changed: [
        { ...request, ...bodyOf(`${rawBody} `) },
        { ...request, ...bodyOf('') },
      ],
      stale: [
        { ...request, receivedAt: new Date(cameAt.getTime() + 26 * 3_600_000) },
        token(signatureSecret, { exp: claims.iat }),
        token(signatureSecret, { iat: claims.iat + 600 }),
        token(signatureSecret, { iat: undefined }),
      ],
    },
  };
}

const status = {
  message_uuid: uuid,
  to: '447700900001',
  from: '447700900000',
  timestamp: '2026-03-02T14:59:55Z',
  status: 'delivered',
  channel: 'sms',
  client_ref: reference,
};
const inbound = {
  channel: 'sms',
  message_uuid: uuid,
  to: '447700900000',
  from: '447700900001',
  timestamp: '2026-03-02T14:59:55Z',
  message_type: 'text',
  text: 'Hello 👋',
  sms: { num_messages: '1', keyword: 'HELLO' },
  usage: { currency: 'EUR', price: '0.0050' },
};
const { text: _text, ...wordless } = { ...inbound, channel: 'mms', message_type: 'image' };
const failed = (code: string, detail: string) => ({
  ...status,
  status: 'rejected',
  error: {
    type: `https://developer.vonage.com/api-errors/messages#${code}`,
    title: code,
    detail,
    instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
  },
});
const unconfirmed = {
  ...status,
  status: 'rejected',
  sms: {
    total_count: '2',
    segments: [{ timestamp: '2026-03-02T14:54:25Z', status: 'delivered' }],
  },
};
const heard = { kind: 'text', providerId: uuid, from: person, to: ours, media: [], carrierWord: null } as const;
const told = {
  kind: 'receipt',
  providerId: uuid,
  reference,
  errorCode: null,
  failure: null,
} as const;

const webhooks: Awaited<ReturnType<StartWire>>['webhooks'] = [
  webhook('a text', 'sms', inbound, { ...heard, body: 'Hello 👋' }),
  webhook(
    'a picture with words',
    'sms',
    { ...wordless, image: { url: 'https://api.nexmo.com/v3/media/1', name: '1.jpg', caption: 'Look' } },
    { ...heard, body: 'Look', media: [{ url: 'https://api.nexmo.com/v3/media/1', type: '' }] },
  ),
  webhook(
    'several pictures, of which the first is named twice',
    'sms',
    {
      ...wordless,
      image: { url: 'https://api.nexmo.com/v3/media/1', name: '1.jpg' },
      content: [
        { type: 'image', url: 'https://api.nexmo.com/v3/media/1' },
        { type: 'image', url: 'https://api.nexmo.com/v3/media/2', caption: 'Both' },
      ],
    },
    {
      ...heard,
      body: 'Both',
      media: [
        { url: 'https://api.nexmo.com/v3/media/1', type: '' },
        { url: 'https://api.nexmo.com/v3/media/2', type: '' },
      ],
    },
  ),
  webhook('a receipt of a picture', 'status', { ...status, channel: 'mms' }, { ...told, status: 'delivered' }),
  webhook(
    'a receipt with what it cost',
    'status',
    { ...status, status: 'submitted', usage: { currency: 'EUR', price: '0.0333' }, sms: { count_total: '2' } },
    { ...told, status: 'sent', cost: { microUnits: 33_300n, currency: 'EUR' } },
  ),
  webhook('a receipt', 'status', status, { ...told, status: 'delivered' }),
  webhook('a receipt of a person who wants nothing', 'status', failed('1240', 'Unsubscribed'), {
    ...told,
    status: 'undelivered',
    errorCode: '1240',
    failure: 'opted_out',
  }),
  webhook('a receipt of an error that says nothing', 'status', failed('1330', 'Unknown'), {
    ...told,
    status: 'undelivered',
    errorCode: '1330',
  }),
  webhook('a receipt of which a part was never confirmed', 'status', unconfirmed, {
    ...told,
    status: 'sent',
    failure: 'unknown',
  }),
];

/** Vonage's Messages API as the demo carrier speaks it. */
export const messagesWire: StartWire = async () => {
  const started = await startCarrierAccount(vonage, messagesCredentials, { number: ours });
  const { carrier, account, taken, pictures, close } = started;
  return {
    account,
    stranger: { ...messagesCredentials, api_secret: 'the-secret-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'EUR' },
    from: ours,
    to: person,
    refusals: carrierRefusals(
      carrier,
      'invalid_number',
      'opted_out',
      'blocked',
      'unsupported',
      'sender',
      'throttled',
      'funds',
      'auth',
      'transient',
      'invalid_message',
    ),
    doubts: carrierDoubts(carrier),
    taken,
    pictures,
    webhooks,
    unreadable: [
      messagesRequest('sms', JSON.stringify({ ...inbound, channel: 'whatsapp' })),
      messagesRequest('sms', JSON.stringify(wordless)),
      messagesRequest('status', JSON.stringify({ ...status, message_uuid: undefined })),
      ...['dreaming', 'constructor', '__proto__'].map((word) =>
        messagesRequest('status', JSON.stringify({ ...status, status: word })),
      ),
      ...(['sms', 'status'] as const).flatMap((address) =>
        ['', '{', '\u0000', '[]', 'null', '"text"'].map((body) => messagesRequest(address, body)),
      ),
    ],
    close,
  };
};
