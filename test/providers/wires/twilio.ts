import { accountSid, businessNumber, person, startFixture } from '@signalbox/demo-carrier/carrier-fixture';
import { signForm } from '@signalbox/demo-carrier/signature';
import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
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
  return {
    method: 'POST',
    address,
    url,
    query: new URL(url).searchParams,
    header: (name) => (name === 'x-twilio-signature' ? signature : undefined),
    rawBody: new URLSearchParams(form).toString(),
    receivedAt: new Date('2026-03-02T15:00:00Z'),
  };
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
      unsigned: [
        { ...request, header: () => undefined },
        { ...request, header: () => '' },
      ],
      foreign: [signed(address, form, { attempt, secret: 'the-token-of-another-account' })],
      changed: [
        { ...request, url: `${request.url}${more}x=1` },
        { ...request, rawBody: `${request.rawBody}&x=1` },
      ],
    },
  };
}

/** Twilio as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const fixture = await startFixture({ auth_token: token });
  const sid = `SM${'0'.repeat(32)}`;
  const attempt = '00000000-0000-7000-8000-00000000000a';
  const refuse = (code: number, status?: number) => () =>
    void fixture.carrier.addFault({ kind: 'refuse', count: 1, code, ...(status === undefined ? {} : { status }) });
  const text = { MessageSid: sid, From: person, To: businessNumber, Body: 'Hello', NumMedia: '0' };
  const picture = { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/media/1', MediaContentType0: 'image/jpeg' };
  const heard = { kind: 'text', providerId: sid, from: person, to: businessNumber, media: [] } as const;
  const receipt = { kind: 'receipt', providerId: sid, reference: null, errorCode: null, optedOut: false } as const;
  return {
    account: { credentials: { account_sid: accountSid, auth_token: token }, baseUrl: fixture.url },
    from: businessNumber,
    to: person,
    refusals: [
      { errorClass: 'invalid_number', arrange: refuse(21_211) },
      { errorClass: 'opted_out', arrange: refuse(21_610) },
      { errorClass: 'unsupported', arrange: refuse(21_408) },
      { errorClass: 'sender', arrange: refuse(21_606) },
      { errorClass: 'invalid_message', arrange: refuse(21_617) },
      { errorClass: 'throttled', arrange: refuse(20_429, 429) },
      { errorClass: 'auth', arrange: refuse(20_003, 401) },
    ],
    doubts: [
      {
        name: 'accept_then_reset',
        arrange: () => void fixture.carrier.addFault({ kind: 'accept_then_reset', count: 1 }),
      },
      { name: 'accept_then_500', arrange: () => void fixture.carrier.addFault({ kind: 'accept_then_500', count: 1 }) },
      {
        name: 'accept_then_timeout',
        arrange: () => void fixture.carrier.addFault({ kind: 'accept_then_timeout', count: 1, ms: 1_500 }),
      },
      { name: 'drop', arrange: () => void fixture.carrier.addFault({ kind: 'drop', count: 1 }) },
      { name: 'hang', arrange: () => void fixture.carrier.addFault({ kind: 'hang', count: 1, ms: 1_500 }) },
    ],
    taken: () =>
      fixture.carrier.ledger.messages.map((message) => ({ ids: [message.sid], body: message.body, reference: null })),
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
        { ...receipt, status: 'undelivered', reference: attempt, errorCode: '21610', optedOut: true },
        attempt,
      ),
    ],
    unreadable: [
      signed('sms', { MessageSid: sid }),
      ...['dreaming', 'constructor', '__proto__'].map((MessageStatus) =>
        signed('status', { MessageSid: sid, MessageStatus }),
      ),
      ...(['sms', 'status'] as const).flatMap((address) =>
        ['', '{', '\u0000', '%E0%A4%A', 'a=b&a=c', '[]'].map((rawBody) => ({ ...signed(address, {}), rawBody })),
      ),
    ],
    lookup: [{ name: 'the list holds the text', answer: 'found' }],
    close: fixture.close,
  };
};
