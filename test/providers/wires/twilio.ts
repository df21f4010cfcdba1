import { accountSid, businessNumber, person, startFixture } from '@signalbox/demo-carrier/carrier-fixture';
import { signForm } from '@signalbox/demo-carrier/signature';
import type { WebhookRequest } from '@signalbox/engine/providers/provider';
import type { Wire } from './wire.ts';

const token = 'the-token-of-the-account';
const publicUrl = 'https://signalbox.example.com/webhooks/twilio/1';

function signed(address: WebhookRequest['address'], form: Record<string, string>): WebhookRequest {
  const url = `${publicUrl}/${address}`;
  const signature = signForm(token, url, form);
  return {
    method: 'POST',
    address,
    url,
    query: new URLSearchParams(),
    header: (name) => (name === 'x-twilio-signature' ? signature : undefined),
    rawBody: new URLSearchParams(form).toString(),
  };
}

/** Twilio as the demo carrier speaks it. */
export async function wire(): Promise<Wire> {
  const fixture = await startFixture({ auth_token: token });
  const sid = `SM${'0'.repeat(32)}`;
  const refuse = (code: number, status?: number) => () =>
    void fixture.carrier.addFault({ kind: 'refuse', count: 1, code, ...(status === undefined ? {} : { status }) });
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
    doubts: (['accept_then_reset', 'accept_then_500', 'accept_then_timeout', 'drop', 'hang'] as const).map((kind) => ({
      name: kind,
      arrange: () => void fixture.carrier.addFault({ kind, count: 1, ms: 1_500 }),
    })),
    accepted: () => fixture.carrier.ledger.messages.map((message) => message.sid),
    signed: [
      {
        kind: 'text',
        request: signed('sms', { MessageSid: sid, From: person, To: businessNumber, Body: 'Hello', NumMedia: '0' }),
      },
      { kind: 'receipt', request: signed('status', { MessageSid: sid, MessageStatus: 'delivered' }) },
    ],
    close: fixture.close,
  };
}
