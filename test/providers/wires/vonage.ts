import { signParameters } from '@signalbox/demo-carrier/dialects/vonage-signature';
import { partIdsOf } from '@signalbox/demo-carrier/dialects/vonage-sms';
import type { ErrorClass, ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { vonage } from '@signalbox/engine/providers/vonage';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubt, carrierDoubts, carrierRefusal } from '../carrier-faults.ts';
import { cameAt, webhookRequest } from '../webhook-request.ts';
import type { SignedWebhook, StartWire } from '../wire.ts';

const key = 'a1b2c3d4';
const secret = 'the-secret-of-the-key';
const signatureSecret = 'the-signature-secret-of-the-account';
const ours = '+447700900000';
const person = '+447700900001';
const publicUrl = 'https://signalbox.example.com/webhooks/vonage/1';
const reference = '00000000-0000-7000-8000-00000000000a';

/** The three ways in which an account can be set to be called. */
type How = 'GET' | 'POST' | 'POST-JSON';
type Parameters = Readonly<Record<string, string>>;

const contentTypes = { POST: 'application/x-www-form-urlencoded', 'POST-JSON': 'application/json' } as const;

/** Parameters on their way, as they are. */
function called(address: WebhookRequest['address'], how: How, parameters: Parameters): WebhookRequest {
  const url = `${publicUrl}/${address}`;
  const form = new URLSearchParams(parameters).toString();
  if (how === 'GET') return webhookRequest({ method: 'GET', address, url: `${url}?${form}` });
  const headers = { 'content-type': contentTypes[how] };
  return webhookRequest({ address, url, headers, rawBody: how === 'POST' ? form : JSON.stringify(parameters) });
}

const sign = (parameters: Parameters, by = signatureSecret) => signParameters(parameters, by, 'sha256');

function webhook(
  name: string,
  address: WebhookRequest['address'],
  how: How,
  parameters: Parameters,
  event: ProviderEvent,
): SignedWebhook {
  const signed = sign(parameters);
  const { sig: _sig, ...unsigned } = signed;
  const { msisdn: _msisdn, ...less } = signed;
  const request = called(address, how, signed);
  const later = (minutes: number): WebhookRequest => ({
    ...request,
    receivedAt: new Date(cameAt.getTime() + minutes * 60_000),
  });
  const { timestamp: _timestamp, ...timeless } = parameters;
  return {
    name,
    request,
    events: [event],
    spoilt: {
      unsigned: [called(address, how, unsigned), called(address, how, { ...signed, sig: '' })],
      foreign: [
        called(address, how, sign(parameters, 'the-signature-secret-of-somebody-else')),
        called(address, how, signParameters(parameters, signatureSecret, 'md5hash')),
      ],
      changed: [
        called(address, how, { ...signed, messageId: 'another' }),
        called(address, how, { ...signed, more: '1' }),
        called(address, how, less),
        called(address, how, { ...signed, timestamp: String(Number(signed['timestamp']) + 1) }),
      ],
      stale: [later(26 * 60), later(-6), called(address, how, sign(timeless))],
    },
  };
}

/** What every request of the API says of itself, five seconds before it comes. */
const made = {
  'api-key': key,
  'message-timestamp': '2026-03-02 14:59:55',
  timestamp: String(cameAt.getTime() / 1_000 - 5),
  nonce: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
};
const text = {
  ...made,
  msisdn: '447700900001',
  to: '447700900000',
  messageId: '0A0000000123ABCD1',
  text: 'Hello',
  type: 'text',
  keyword: 'HELLO',
};
const receipt = {
  ...made,
  msisdn: '447700900001',
  to: '447700900000',
  'network-code': '12345',
  messageId: '0A0000001234567B',
  price: '0.03330000',
  status: 'delivered',
  scts: '2603021459',
  'err-code': '0',
  'client-ref': reference,
};
const heard = {
  kind: 'text',
  providerId: '0A0000000123ABCD1',
  from: person,
  to: ours,
  body: 'Hello',
  media: [],
  carrierWord: null,
} as const;
const told = {
  kind: 'receipt',
  providerId: '0A0000001234567B',
  reference,
  status: 'delivered',
  errorCode: null,
  failure: null,
  cost: { microUnits: 33_300n, currency: 'EUR' },
} as const;

const longPart = { ...text, concat: 'true', 'concat-ref': '08B5', 'concat-total': '2', 'concat-part': '2' };

const webhooks: Awaited<ReturnType<StartWire>>['webhooks'] = [
  webhook('a text', 'sms', 'GET', text, heard),
  webhook(
    'a text of other letters, with what signatures replace',
    'sms',
    'POST-JSON',
    { ...text, type: 'unicode', text: 'Ça va & = 👋', keyword: 'ÇA' },
    { ...heard, body: 'Ça va & = 👋' },
  ),
  webhook('a part of a long text', 'sms', 'POST', longPart, {
    ...heard,
    part: { reference: '08B5', index: 2, of: 2 },
  }),
  webhook('a text to a short code', 'sms', 'POST', { ...text, to: '54321' }, { ...heard, to: '54321' }),
  webhook('a receipt', 'status', 'GET', receipt, told),
  webhook(
    'a receipt of a person who wants nothing',
    'status',
    'POST',
    { ...receipt, status: 'failed', 'err-code': '4' },
    { ...told, status: 'undelivered', errorCode: '4', failure: 'opted_out' },
  ),
  webhook(
    'a receipt of what nobody will know',
    'status',
    'POST-JSON',
    { ...receipt, status: 'unknown', 'err-code': '1' },
    { ...told, status: 'sent', errorCode: '1', failure: 'unknown' },
  ),
  webhook(
    'a receipt without a price or our reference',
    'status',
    'POST',
    { ...made, msisdn: '447700900001', to: 'AcmeInc', messageId: '0B', status: 'expired', 'err-code': '' },
    {
      kind: 'receipt',
      providerId: '0B',
      reference: null,
      status: 'undelivered',
      errorCode: null,
      failure: 'expired',
    },
  ),
];

const unreadable: Awaited<ReturnType<StartWire>>['unreadable'] = [
  called('sms', 'POST', sign({ ...text, type: 'binary', data: 'abc123', udh: '050003CC0201' })),
  called('sms', 'GET', sign(made)),
  called('status', 'GET', sign(made)),
  ...['dreaming', 'constructor', '__proto__'].flatMap((status) =>
    (['GET', 'POST', 'POST-JSON'] as const).map((how) => called('status', how, sign({ ...receipt, status }))),
  ),
  ...['', '{', '[]', 'null', '{"messageId":{}}', '{"messageId":["0B"],"status":["delivered"]}'].map((rawBody) =>
    webhookRequest({
      address: 'status',
      url: `${publicUrl}/status`,
      headers: { 'content-type': 'application/json' },
      rawBody,
    }),
  ),
];

/** Vonage's SMS API as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const credentials = {
    api_key: key,
    api_secret: secret,
    signature_secret: signatureSecret,
    signature_method: 'sha256',
    api: 'sms',
  };
  const { carrier, account, close } = await startCarrierAccount(vonage, credentials, { number: ours });
  const refuse = (errorClass: ErrorClass, code: number) => carrierRefusal(carrier, errorClass, { code });
  return {
    account,
    stranger: { ...credentials, api_secret: 'the-secret-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'EUR' },
    from: ours,
    to: person,
    refusals: [
      refuse('invalid_number', 6),
      refuse('invalid_number', 33),
      refuse('blocked', 7),
      refuse('unsupported', 29),
      refuse('sender', 15),
      refuse('throttled', 1),
      refuse('funds', 9),
      refuse('auth', 4),
      refuse('transient', 10),
      refuse('invalid_message', 12),
    ],
    doubts: [...carrierDoubts(carrier), carrierDoubt(carrier, 'an error inside', { reason: 'unknown' })],
    taken: () =>
      carrier.ledger.messages.map((message) => ({
        ids: partIdsOf(message),
        body: message.body,
        reference: message.reference,
      })),
    webhooks,
    unreadable,
    close,
  };
};
