import { bandwidth } from '@signalbox/engine/providers/bandwidth';
import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { webhookRequest } from '../webhook-request.ts';
import { type SignedWebhook, type StartWire, unsignedWebhook } from '../wire.ts';

const application = '93de2206-9669-4e07-948d-329f4b722ee2';
const ours = '+12345678901';
const theirs = '+12345678902';
const id = '14762070468292kw2fuqty55yp2b2';
const attempt = '00000000-0000-7000-8000-00000000000a';

function posted(address: WebhookRequest['address'], body: unknown): WebhookRequest {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'BandwidthAPI/v2' };
  const url = `https://signalbox.example.com/webhooks/bandwidth/1/${address}`;
  return webhookRequest({ address, url, headers, rawBody: JSON.stringify(body) });
}

/** As in https://dev.bandwidth.com/docs/messaging/webhooks */
const outgoing = (type: string, more: object = {}, tag: string | undefined = attempt) => ({
  type,
  time: '2016-09-14T18:20:16Z',
  description: 'ok',
  to: theirs,
  ...more,
  message: {
    id,
    time: '2016-09-14T18:20:16Z',
    to: [theirs],
    from: ours,
    text: '',
    applicationId: application,
    owner: ours,
    direction: 'out',
    segmentCount: 1,
    ...(tag === undefined ? {} : { tag }),
  },
});
const incoming = (more: object = {}) => ({
  type: 'message-received',
  time: '2016-09-14T18:20:16Z',
  description: 'Incoming message received',
  to: ours,
  message: {
    id,
    time: '2016-09-14T18:20:16Z',
    to: [ours],
    from: theirs,
    text: 'Hey, check this out!',
    applicationId: application,
    owner: ours,
    direction: 'in',
    segmentCount: 1,
    ...more,
  },
});

const receipt = {
  kind: 'receipt',
  providerId: id,
  reference: attempt,
  status: 'delivered',
  errorCode: null,
  failure: null,
} as const;
const heard = {
  kind: 'text',
  providerId: id,
  from: theirs,
  to: ours,
  body: 'Hey, check this out!',
  media: [],
  carrierWord: null,
} as const;

function webhook(
  name: string,
  address: WebhookRequest['address'],
  body: unknown,
  events: readonly ProviderEvent[],
): SignedWebhook {
  return unsignedWebhook(name, posted(address, body), ...events);
}

const picture = 'https://messaging.bandwidth.com/api/v2/users/9900000/media/14762070468292kw2fuqty55yp2b2/0/bw.png';

/** Bandwidth as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const credentials = {
    bandwidth_account_id: '9900000',
    application_id: application,
    user: 'api-user',
    password: 'the-password',
  };
  const { carrier, account, taken, pictures, close } = await startCarrierAccount(bandwidth, credentials, {
    number: ours,
  });
  return {
    account,
    stranger: { ...credentials, password: 'the-password-of-nobody' },
    balance: null,
    from: ours,
    to: theirs,
    refusals: carrierRefusals(carrier, 'invalid_number', 'sender', 'invalid_message', 'throttled', 'auth'),
    doubts: carrierDoubts(carrier),
    taken,
    pictures,
    webhooks: [
      webhook('a text', 'sms', [incoming()], [heard]),
      webhook(
        'a text with a picture',
        'sms',
        [incoming({ media: [picture] })],
        [{ ...heard, media: [{ url: picture, type: '' }] }],
      ),
      webhook('a text to several', 'sms', [incoming({ to: ['+12345678903', ours], owner: ours })], [heard]),
      webhook(
        'a list of several',
        'status',
        [outgoing('message-sending'), outgoing('message-sent'), outgoing('message-delivered'), incoming()],
        [{ ...receipt, status: 'accepted' }, { ...receipt, status: 'sent' }, receipt, heard],
      ),
      webhook(
        'a receipt without a tag',
        'status',
        [outgoing('message-delivered', {}, '')],
        [{ ...receipt, reference: null }],
      ),
      webhook('a message that was read', 'status', [outgoing('message-read')], [receipt]),
      webhook(
        'a failure',
        'status',
        [outgoing('message-failed', { description: 'forbidden to country', errorCode: 4432 })],
        [{ ...receipt, status: 'failed', errorCode: '4432', failure: 'unsupported' }],
      ),
      webhook(
        'someone who opted out',
        'status',
        [outgoing('message-failed', { description: 'destination-rejected-due-to-user-opt-out', errorCode: 4775 })],
        [{ ...receipt, status: 'undelivered', errorCode: '4775', failure: 'opted_out' }],
      ),
      webhook(
        'a receipt that never came',
        'status',
        [outgoing('message-failed', { description: 'delivery-receipt-expired', errorCode: 9902 })],
        [{ ...receipt, status: 'sent', errorCode: '9902', failure: 'unknown' }],
      ),
      webhook(
        'what is known among what is not',
        'status',
        [{ type: 'suggestion-response' }, outgoing('message-sent')],
        [{ kind: 'unknown' }, { ...receipt, status: 'sent' }],
      ),
      webhook('an empty list', 'status', [], []),
    ],
    unreadable: [
      posted('status', outgoing('message-delivered')),
      ...['message-dreaming', 'constructor', '__proto__', ''].map((type) => posted('status', [outgoing(type)])),
      posted('status', [{ type: 'message-delivered' }]),
      posted('sms', [{ type: 'message-received', message: { id, text: 'Hello' } }]),
      posted('sms', [[incoming()]]),
    ],
    lookup: [{ name: 'the list holds neither texts nor tags', answer: 'cannot_tell' }],
    close,
  };
};
