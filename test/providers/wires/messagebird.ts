import { createHash, createHmac } from 'node:crypto';
import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { messagebird } from '@signalbox/engine/providers/messagebird';
import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubt, carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { bodyOf, cameAt, webhookRequest, withoutHeaders } from '../webhook-request.ts';
import type { SignedWebhook, StartWire } from '../wire.ts';

const keys = { access_key: 'the-access-key-of-the-account', signing_key: 'the-signing-key-of-the-account' };
const publicUrl = 'https://signalbox.example.com/webhooks/messagebird/1';
const id = 'e8077d803532c0b5937c639b60216938';
const attempt = '00000000-0000-7000-8000-00000000000a';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed with `key` by the algorithm that `alg` is called, or said to be signed by `said`. */
function token(claims: object, key: string, alg: 'sha256' | 'sha512' = 'sha256', said?: string): string {
  const names = { sha256: 'HS256', sha512: 'HS512' };
  const signed = `${encoded({ alg: said ?? names[alg], typ: 'JWT' })}.${encoded(claims)}`;
  return `${signed}.${createHmac(alg, key).update(signed).digest('base64url')}`;
}

const issued = cameAt.getTime() / 1_000 - 10;

function claimsOf(url: string, rawBody: string): object {
  return {
    iss: 'MessageBird',
    nbf: issued,
    exp: issued + 60,
    jti: '59a244dc-e9ad-4e23-9778-371faa238f72',
    url_hash: sha256(url),
    ...(rawBody === '' ? {} : { payload_hash: sha256(rawBody) }),
  };
}

function asked(
  method: string,
  address: WebhookRequest['address'],
  query: string,
  rawBody: string,
  jwt?: (claims: object) => string,
): WebhookRequest {
  const url = `${publicUrl}/${address}${query}`;
  const claims = claimsOf(url, rawBody);
  const made = jwt === undefined ? token(claims, keys.signing_key) : jwt(claims);
  return webhookRequest({ method, address, url, headers: { 'messagebird-signature-jwt': made }, rawBody });
}

function webhook(
  name: string,
  [method, address, query, rawBody]: readonly ['GET' | 'POST', WebhookRequest['address'], string, string],
  event: ProviderEvent,
  alg: 'sha256' | 'sha512' = 'sha256',
): SignedWebhook {
  const withToken = (jwt: (claims: object) => string) => asked(method, address, query, rawBody, jwt);
  const without = (claim: string) =>
    withToken((claims) => token({ ...claims, [claim]: undefined }, keys.signing_key, alg));
  const request = withToken((claims) => token(claims, keys.signing_key, alg));
  const more = `${request.url}${query === '' ? '?' : '&'}x=1`;
  return {
    name,
    request,
    events: [event],
    spoilt: {
      unsigned: [
        ...withoutHeaders(request),
        withToken((claims) => `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`),
        withToken((claims) => token(claims, keys.signing_key, alg, 'none')),
        withToken((claims) => token(claims, keys.signing_key, alg, 'RS256')),
        withToken((claims) => token(claims, keys.signing_key, alg, 'constructor')),
        without('iss'),
        without('nbf'),
        without('exp'),
        without('url_hash'),
        ...(rawBody === '' ? [] : [without('payload_hash')]),
        withToken((claims) => token({ ...claims, iss: 'Somebody' }, keys.signing_key, alg)),
      ],
      foreign: [withToken((claims) => token(claims, 'the-signing-key-of-another', alg))],
      changed: [
        { ...request, url: more },
        { ...request, ...bodyOf(`${rawBody}&x=1`) },
        ...(rawBody === '' ? [] : [{ ...request, ...bodyOf('') }]),
        withToken((claims) => token({ ...claims, payload_hash: sha256('x=1') }, keys.signing_key, alg)),
      ],
      stale: [
        { ...request, receivedAt: new Date(cameAt.getTime() + 60_000) },
        { ...request, receivedAt: new Date(cameAt.getTime() - 60_000) },
      ],
    },
  };
}

const heard = {
  kind: 'text',
  providerId: id,
  from: person,
  to: businessNumber,
  body: 'Hello & more',
  media: [],
  carrierWord: null,
} as const;
const receipt = {
  kind: 'receipt',
  providerId: id,
  reference: attempt,
  status: 'delivered',
  errorCode: null,
  failure: null,
} as const;

const webhooks: readonly [SignedWebhook, ...SignedWebhook[]] = [
  webhook(
    'a text to a number',
    [
      'POST',
      'sms',
      '',
      `id=${id}&recipient=15550001000&originator=15550001234&body=Hello+%26+more&createdDatetime=2026-03-02T14%3A59%3A50%2B00%3A00`,
    ],
    heard,
  ),
  webhook(
    'a text to a short code, signed by another algorithm',
    [
      'POST',
      'sms',
      '',
      `mid=${id}&shortcode=38421&originator=15550001234&message=Hello+%26+more&receive_datetime=20260302145950`,
    ],
    { ...heard, to: '38421' },
    'sha512',
  ),
  webhook(
    'pictures',
    [
      'POST',
      'sms',
      '',
      `id=${id}&recipient=%2B15550001000&originator=%2B15550001234&body=Hello+%26+more&mediaUrls%5B%5D=https%3A%2F%2Fmedia.messagebird.com%2F1&mediaUrls%5B%5D=https%3A%2F%2Fmedia.messagebird.com%2F2`,
    ],
    {
      ...heard,
      media: [
        { url: 'https://media.messagebird.com/1', type: '' },
        { url: 'https://media.messagebird.com/2', type: '' },
      ],
    },
  ),
  webhook(
    'pictures in a document',
    [
      'POST',
      'sms',
      '',
      JSON.stringify({
        id,
        recipient: '15550001000',
        originator: '15550001234',
        body: 'Hello & more',
        createdDatetime: '2026-03-02T14:59:50+00:00',
        mms: true,
        mediaUrls: ['https://media.messagebird.com/1'],
      }),
    ],
    { ...heard, media: [{ url: 'https://media.messagebird.com/1', type: '' }] },
  ),
  webhook(
    'a picture without words, in other letters',
    [
      'POST',
      'sms',
      '',
      `id=${id}&recipient=15550001000&originator=15550001234&mediaURLs=https%3A%2F%2Fmedia.messagebird.com%2F1`,
    ],
    { ...heard, body: '', media: [{ url: 'https://media.messagebird.com/1', type: '' }] },
  ),
  webhook(
    'a status report with what it cost',
    [
      'GET',
      'status',
      `?attempt=${attempt}&id=${id}&reference=${attempt}&recipient=15550001234&status=delivered&statusReason=successfully+delivered&statusDatetime=2026-03-02T14%3A59%3A50%2B00%3A00&mccmnc=20408&price%5Bamount%5D=0.0760&price%5Bcurrency%5D=EUR`,
      '',
    ],
    { ...receipt, cost: { microUnits: 76_000n, currency: 'EUR' } },
  ),
  webhook(
    'a status report of somebody who had opted out',
    [
      'GET',
      'status',
      `?id=${id}&reference=${attempt}&recipient=15550001234&status=delivery_failed&statusErrorCode=103&statusDatetime=2026-03-02T14%3A59%3A50%2B00%3A00`,
      '',
    ],
    { ...receipt, status: 'undelivered', errorCode: '103', failure: 'opted_out' },
  ),
  webhook(
    'a status report of a text whose time ran out',
    ['GET', 'status', `?id=${id}&reference=${attempt}&recipient=15550001234&status=expired`, ''],
    { ...receipt, status: 'undelivered', failure: 'expired' },
  ),
];

/** MessageBird as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const started = await startCarrierAccount(messagebird, keys, { number: businessNumber });
  const { carrier, account, taken, pictures, news, close } = started;
  return {
    account,
    stranger: { ...keys, access_key: 'the-access-key-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'EUR' },
    from: businessNumber,
    to: person,
    refusals: carrierRefusals(carrier, 'invalid_number', 'sender', 'invalid_message', 'throttled', 'funds', 'auth'),
    doubts: [
      ...carrierDoubts(carrier),
      carrierDoubt(carrier, 'an error that MessageBird calls its own', { code: 98, status: 422 }),
    ],
    taken,
    pictures,
    webhooks,
    unreadable: [
      asked('POST', 'sms', '', `id=${id}`),
      asked('POST', 'sms', '', JSON.stringify({ id, mms: true, mediaUrls: [{}] })),
      asked('POST', 'sms', '', `id=${id}&mid=${id}&originator=15550001234&shortcode=1`),
      ...['dreaming', 'constructor', '__proto__'].map((status) =>
        asked('GET', 'status', `?id=${id}&reference=${attempt}&status=${status}`, ''),
      ),
      asked('GET', 'status', '', `id=${id}&status=delivered`),
    ],
    lookup: [{ name: 'the list holds our reference', answer: 'found' }],
    poll: async () => {
      const { since, sent, came } = await news(person, 'Good morning');
      return {
        since,
        events: [
          {
            ...receipt,
            providerId: sent.sid,
            reference: sent.reference,
            cost: { microUnits: BigInt(sent.segments * 70_000), currency: 'EUR' },
          },
          { ...heard, providerId: came, body: 'Good morning' },
        ],
      };
    },
    close,
  };
};
