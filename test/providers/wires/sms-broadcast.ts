import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { smsBroadcast } from '@signalbox/engine/providers/sms-broadcast';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubt, carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { webhookRequest } from '../webhook-request.ts';
import { type SignedWebhook, type StartWire, unsignedWebhook } from '../wire.ts';

const credentials = { username: 'our-api-key', password: 'the-secret-of-the-key' };
const ours = '+61480000001';
const person = '+61400111222';
const publicUrl = 'https://signalbox.example.com/webhooks/sms-broadcast/1/the-key';
const reference = '3n8v1kq0zt5w7x2ybc4d';

function called(address: WebhookRequest['address'], query: string): WebhookRequest {
  return webhookRequest({ method: 'GET', address, url: `${publicUrl}/${address}?${query}` });
}

const webhook = (
  name: string,
  address: WebhookRequest['address'],
  query: string,
  event: ProviderEvent,
): SignedWebhook => unsignedWebhook(name, called(address, query), event);

/** SMS Broadcast as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const { carrier, account, close } = await startCarrierAccount(smsBroadcast, credentials, { number: ours });
  const heard = { kind: 'text', providerId: null, from: person, to: ours, media: [], carrierWord: null } as const;
  const receipt = { kind: 'receipt', providerId: reference, reference, errorCode: null } as const;
  return {
    account,
    stranger: { ...credentials, password: 'the-secret-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: null },
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
      'invalid_message',
    ),
    doubts: [...carrierDoubts(carrier), carrierDoubt(carrier, 'a failure of its own', { reason: 'transient' })],
    taken: () =>
      carrier.ledger.messages.map(({ reference: ref, body }) => ({ ids: [ref ?? ''], body, reference: ref })),
    webhooks: [
      webhook('a text', 'sms', 'to=61480000001&from=61400111222&message=Hello+%F0%9F%91%8B&ref=&smsref=2942264', {
        ...heard,
        body: 'Hello 👋',
      }),
      webhook('a text of a number without its country', 'sms', 'to=0480000001&from=400111222&message=STOP', {
        ...heard,
        body: 'STOP',
      }),
      webhook('a receipt', 'status', `to=61400111222&ref=${reference}&smsref=2942263&status=Delivered`, {
        ...receipt,
        status: 'delivered',
        failure: null,
      }),
      webhook(
        'a receipt of what came too late',
        'status',
        `to=61400111222&ref=${reference}&smsref=2942263&status=Expired`,
        { ...receipt, status: 'undelivered', failure: 'expired' },
      ),
      webhook(
        'a receipt of what did not arrive',
        'status',
        `to=61400111222&ref=${reference}&smsref=2942263&status=Failed`,
        { ...receipt, status: 'failed', failure: null },
      ),
    ],
    unreadable: [
      called('sms', 'to=61480000001&from=61400111222'),
      called('sms', 'to=61480000001&message=Hello'),
      called('status', `ref=${reference}`),
      called('status', 'status=Delivered&smsref=2942263'),
      ...['Dreaming', 'constructor', '__proto__', ''].map((status) =>
        called('status', `ref=${reference}&status=${status}`),
      ),
    ],
    close,
  };
};
