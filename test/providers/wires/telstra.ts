import type { WebhookRequest } from '@signalbox/engine/providers/provider';
import { telstra } from '@signalbox/engine/providers/telstra';
import { z } from 'zod';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubt, carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { webhookRequest } from '../webhook-request.ts';
import { type SignedWebhook, type StartWire, unsignedWebhook } from '../wire.ts';

const ours = '+61401234567';
const theirs = '+61476543210';
const id = '1520b774-46b0-4415-a05f-7bcb1c032c59';
const tag = '00000000-0000-7000-8000-00000000000a';

function posted(address: WebhookRequest['address'], body: unknown): WebhookRequest {
  const url = `https://signalbox.example.com/webhooks/telstra/1/${address}`;
  return webhookRequest({
    address,
    url,
    headers: { 'content-type': 'application/json' },
    rawBody: JSON.stringify(body),
  });
}

/** The examples of the API's description. */
const status = {
  to: '0476543210',
  from: '0401234567',
  timestamp: '2022-11-10T05:06:42.823Z',
  messageId: id,
  status: 'delivered',
};
const reply = {
  to: '0476543210',
  from: '0401234567',
  timestamp: '2022-11-10T05:06:42.823Z',
  messageId: '75f263c0-60b5-11ed-8456-71ae4c63550d',
  messageContent: 'Hi, example message',
  multimedia: { fileName: 'image.jpeg', type: 'image/jpeg', payload: 'iVBORw0KGgo=' },
};
const webhook = (name: string, request: WebhookRequest, providerId: string): SignedWebhook =>
  unsignedWebhook(name, request, { kind: 'hint', providerId });

const optedOut = [
  { number: '+61400000001', at: new Date('2026-01-01T00:00:00.000Z') },
  { number: '+61400000002', at: new Date('2026-02-01T00:00:00.500Z') },
  { number: '+447700900123', at: new Date('2026-02-01T00:00:00.500Z') },
];

/** Telstra as the demo carrier speaks it: two messages have passed before. */
export const wire: StartWire = async () => {
  const credentials = { client_id: 'a-client', client_secret: 'the-secret-of-the-client' };
  const started = await startCarrierAccount(telstra, credentials, { number: ours, opt_out: 'carrier' });
  const { carrier, account, taken, pictures, quiet, news, close } = started;
  const url = account.baseUrl;
  const form = { ...credentials, grant_type: 'client_credentials', scope: 'messages:read messages:write' };
  const token = await fetch(`${url}/v2/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = z.object({ access_token: z.string() }).parse(await token.json());
  const sent = await fetch(`${url}/messaging/v3/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${access_token}`,
      'content-type': 'application/json',
      'content-language': 'en-au',
      'accept-charset': 'utf-8',
    },
    body: JSON.stringify({ to: '0476543210', from: '0401234567', messageContent: 'Hello', tags: [tag] }),
  });
  const { messageId } = z.object({ messageId: z.string() }).parse(await sent.json());
  const heard = carrier.text(theirs, ours, 'Stop');
  carrier.ledger.setBlocked(ours, theirs, false, 0);
  await quiet();
  for (const { number, at } of optedOut) carrier.ledger.setBlocked(ours, number, true, at.getTime());

  const text = { kind: 'text', from: theirs, to: ours, media: [] } as const;
  const receipt = { kind: 'receipt', status: 'delivered', errorCode: null, failure: null } as const;
  return {
    account,
    stranger: { ...credentials, client_secret: 'the-secret-of-nobody' },
    balance: null,
    from: ours,
    to: theirs,
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
    doubts: [...carrierDoubts(carrier), carrierDoubt(carrier, 'the network does not answer', { reason: 'transient' })],
    taken,
    pictures,
    webhooks: [
      webhook('a status', posted('status', status), id),
      webhook('a reply', posted('sms', reply), reply.messageId),
      webhook('a status with more in it', posted('status', { ...status, error: { code: 1 } }), id),
    ],
    unreadable: [
      posted('status', { ...status, messageId: undefined }),
      posted('status', { ...status, messageId: 7 }),
      posted('status', { ...status, messageId: '../virtual-numbers' }),
      posted('status', { status: 'delivered' }),
      posted('sms', [[reply]]),
    ],
    lookup: [{ name: 'the list shows tags', answer: 'found' }],
    optOuts: optedOut,
    confirm: [
      { providerId: messageId, events: [{ ...receipt, providerId: messageId, reference: tag }] },
      {
        providerId: heard,
        events: [{ ...text, providerId: heard, body: 'Stop', carrierWord: { kind: 'stop', stated: false } }],
      },
    ],
    poll: async () => {
      const { since, sent, came } = await news(theirs, 'Good morning');
      return {
        since,
        events: [
          { ...receipt, providerId: sent.sid, reference: sent.reference },
          { ...text, providerId: came, body: 'Good morning', carrierWord: null },
        ],
      };
    },
    close,
  };
};
