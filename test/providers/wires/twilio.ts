import { accountSid, businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { signForm } from '@signalbox/demo-carrier/signature';
import type { ErrorClass, ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { twilio } from '@signalbox/engine/providers/twilio';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubts, carrierRefusal } from '../carrier-faults.ts';
import { bodyOf, webhookRequest, withoutHeaders } from '../webhook-request.ts';
import type { SignedWebhook, StartWire } from '../wire.ts';

const token = 'the-token-of-the-account';
const publicUrl = 'https://signalbox.example.com/webhooks/twilio/1';

function signed(
  address: WebhookRequest['address'],
  form: Record<string, string>,
  { secret = token, attempt = '' } = {},
): WebhookRequest {
  const url = `${publicUrl}/${address}${attempt === '' ? '' : `?attempt=${attempt}`}`;
  const signature = signForm(secret, url, form);
  const headers = { 'x-twilio-signature': signature };
  return webhookRequest({ address, url, headers, rawBody: new URLSearchParams(form).toString() });
}

function webhook(
  name: string,
  address: WebhookRequest['address'],
  form: Record<string, string>,
  event: ProviderEvent,
  attempt = '',
): SignedWebhook {
  const request = signed(address, form, { attempt });
  const more = request.url.includes('?') ? '&' : '?';
  return {
    name,
    request,
    events: [event],
    spoilt: {
      unsigned: withoutHeaders(request),
      foreign: [signed(address, form, { attempt, secret: 'the-token-of-another-account' })],
      changed: [
        { ...request, url: `${request.url}${more}x=1` },
        { ...request, ...bodyOf(`${request.rawBody}&x=1`) },
      ],
    },
  };
}

/** Twilio as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const credentials = { account_sid: accountSid, auth_token: token };
  const started = await startCarrierAccount(twilio, credentials, { number: businessNumber });
  const { carrier, account, taken, pictures, news, close } = started;
  const sid = `SM${'0'.repeat(32)}`;
  const attempt = '00000000-0000-7000-8000-00000000000a';
  const refusal = (errorClass: ErrorClass, code: number, status?: number) =>
    carrierRefusal(carrier, errorClass, { code, status });
  const text = { MessageSid: sid, From: person, To: businessNumber, Body: 'Hello', NumMedia: '0' };
  const picture = { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/media/1', MediaContentType0: 'image/jpeg' };
  const heard = { kind: 'text', providerId: sid, from: person, to: businessNumber, media: [] } as const;
  const receipt = { kind: 'receipt', providerId: sid, reference: null, errorCode: null, failure: null } as const;
  const ofOneSegment = { microUnits: 8_300n, currency: 'USD' };
  return {
    account,
    stranger: { ...credentials, auth_token: 'the-token-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'USD' },
    from: businessNumber,
    to: person,
    refusals: [
      refusal('invalid_number', 21_211),
      refusal('opted_out', 21_610),
      refusal('unsupported', 21_408),
      refusal('sender', 21_606),
      refusal('invalid_message', 21_617),
      refusal('throttled', 20_429, 429),
      refusal('auth', 20_003, 401),
    ],
    doubts: carrierDoubts(carrier),
    taken,
    pictures,
    webhooks: [
      webhook('a text', 'sms', text, { ...heard, body: 'Hello', carrierWord: null }),
      webhook(
        'a text that the carrier acts on, with a picture',
        'sms',
        { ...text, ...picture, Body: 'Stop', OptOutType: 'STOP' },
        {
          ...heard,
          body: 'Stop',
          media: [{ url: 'https://api.twilio.com/media/1', type: 'image/jpeg' }],
          carrierWord: { kind: 'stop', stated: true },
        },
      ),
      webhook(
        'a receipt',
        'status',
        { MessageSid: sid, MessageStatus: 'delivered' },
        { ...receipt, status: 'delivered' },
      ),
      webhook(
        'a receipt with our reference',
        'status',
        { MessageSid: sid, MessageStatus: 'undelivered', ErrorCode: '21610' },
        { ...receipt, status: 'undelivered', reference: attempt, errorCode: '21610', failure: 'opted_out' },
        attempt,
      ),
    ],
    unreadable: [
      signed('sms', { MessageSid: sid }),
      ...['dreaming', 'constructor', '__proto__'].map((MessageStatus) =>
        signed('status', { MessageSid: sid, MessageStatus }),
      ),
      ...(['sms', 'status'] as const).flatMap((address) =>
        ['', '{', '\u0000', '%E0%A4%A', 'a=b&a=c', '[]'].map((body) => ({ ...signed(address, {}), ...bodyOf(body) })),
      ),
    ],
    lookup: [{ name: 'the list holds the text', answer: 'found' }],
    poll: async () => {
      const { since, sent, came } = await news(person, 'Good morning');
      return {
        since,
        events: [
          { ...receipt, providerId: sent.sid, status: 'delivered', cost: ofOneSegment },
          { ...heard, providerId: came, body: 'Good morning', carrierWord: null },
        ],
      };
    },
    costOf: async () => {
      const { sent } = await news(person, 'Good morning');
      return { providerId: sent.sid, cost: ofOneSegment };
    },
    close,
  };
};
