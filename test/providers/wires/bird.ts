import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { bird } from '@signalbox/engine/providers/bird';
import type { WebhookRequest } from '@signalbox/engine/providers/provider';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { webhookRequest } from '../webhook-request.ts';
import { type SignedWebhook, type StartWire, unsignedWebhook as webhook } from '../wire.ts';

const workspace = 'a1405560-c8d3-4b1a-877d-3f449ad95352';
const channel = '614208aa-b153-4d5d-9989-2fddfc0ce4c3';
const credentials = {
  bird_workspace: workspace,
  bird_channel: channel,
  channel_number: businessNumber,
  access_key: 'the-access-key-of-the-account',
};
const id = '96a0b5fa-a986-453d-be5c-3117f989f025';
const attempt = '00000000-0000-7000-8000-00000000000a';

/** An event as Bird's documents let one guess it. */
function posted(address: WebhookRequest['address'], event: string, payload: object): WebhookRequest {
  return webhookRequest({
    address,
    url: `https://signalbox.example.com/webhooks/bird/1/${address}`,
    headers: { 'content-type': 'application/json' },
    rawBody: JSON.stringify({ service: 'channels', event, payload }),
  });
}

const incoming = {
  id,
  channelId: channel,
  sender: { contact: { id: workspace, identifierKey: 'phonenumber', identifierValue: person } },
  receiver: { connector: { id: '86cc4dc0-3dc0-41b7-ac43-8ec829ead56f' } },
  body: { type: 'text', text: { text: 'Hello' } },
  parts: [{ platformReference: 'e8077d803532c0b5937c639b60216938' }],
  status: 'delivered',
  direction: 'incoming',
  lastStatusAt: '2026-03-02T14:59:50.736Z',
  createdAt: '2026-03-02T14:59:50.736Z',
  updatedAt: '2026-03-02T14:59:50.736Z',
};
const outgoing = {
  id,
  channelId: channel,
  receiver: { contacts: [{ identifierKey: 'phonenumber', identifierValue: person }] },
  body: { type: 'text', text: { text: 'Hello' } },
  reference: attempt,
  status: 'delivered',
  direction: 'outgoing',
};
const images = [{ mediaUrl: 'https://media.api.bird.com/1' }, { mediaUrl: 'https://media.api.bird.com/2' }];

const heard = {
  kind: 'text',
  providerId: id,
  from: person,
  to: businessNumber,
  body: 'Hello',
  media: [],
  carrierWord: null,
} as const;
const media = images.map(({ mediaUrl }) => ({ url: mediaUrl, type: '' }));
const receipt = {
  kind: 'receipt',
  providerId: id,
  reference: attempt,
  status: 'delivered',
  errorCode: null,
  failure: null,
} as const;

const webhooks: readonly [SignedWebhook, ...SignedWebhook[]] = [
  webhook('a text', posted('sms', 'sms.inbound', incoming), heard),
  webhook('a text at the other address', posted('status', 'sms.inbound', incoming), heard),
  webhook(
    'pictures with words',
    posted('sms', 'sms.inbound', { ...incoming, body: { type: 'image', image: { text: 'Look', images } } }),
    { ...heard, body: 'Look', media },
  ),
  webhook('pictures alone', posted('sms', 'sms.inbound', { ...incoming, body: { type: 'image', image: { images } } }), {
    ...heard,
    body: '',
    media,
  }),
  webhook('a receipt', posted('status', 'sms.outbound', outgoing), receipt),
  webhook(
    'a receipt of a failure at the SMS platform',
    posted('status', 'sms.outbound', {
      ...outgoing,
      status: 'delivery_failed',
      reason: 'details: opted out; reason: opted_out; code: 103',
      failure: { code: 15_001, source: { name: 'sms-messagebird', code: '103' } },
    }),
    { ...receipt, status: 'undelivered', errorCode: '103', failure: 'opted_out' },
  ),
  webhook(
    'a receipt of a failure at Bird',
    posted('status', 'sms.outbound', {
      ...outgoing,
      status: 'sending_failed',
      failure: { code: 12_003, source: { name: 'pre-processing', code: '103' } },
    }),
    { ...receipt, status: 'failed', errorCode: '12003', failure: 'unsupported' },
  ),
];

/** Bird as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const { carrier, account, taken, pictures, close } = await startCarrierAccount(bird, credentials, {
    number: businessNumber,
  });
  return {
    account,
    stranger: { ...credentials, access_key: 'the-access-key-of-nobody' },
    balance: null,
    from: businessNumber,
    to: person,
    refusals: carrierRefusals(carrier, 'invalid_number', 'sender', 'invalid_message', 'throttled', 'funds', 'auth'),
    doubts: carrierDoubts(carrier),
    taken,
    pictures,
    webhooks,
    unreadable: [
      posted('sms', 'sms.inbound', { ...incoming, id: '' }),
      posted('sms', 'sms.inbound', { ...incoming, channelId: workspace }),
      posted('sms', 'sms.inbound', { ...incoming, sender: {} }),
      posted('sms', 'sms.inbound', { ...incoming, body: { type: 'list', list: {} } }),
      ...['dreaming', 'constructor', '__proto__'].map((status) =>
        posted('status', 'sms.outbound', { ...outgoing, status }),
      ),
      posted('status', 'sms.interaction', {}),
    ],
    lookup: [{ name: 'the list holds our reference', answer: 'found' }],
    close,
  };
};
