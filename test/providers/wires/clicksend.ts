import { clicksend } from '@signalbox/engine/providers/clicksend';
import type { WebhookRequest } from '@signalbox/engine/providers/provider';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubt, carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { webhookRequest } from '../webhook-request.ts';
import { type StartWire, unsignedWebhook as webhook } from '../wire.ts';

const ours = '+61422222222';
const theirs = '+61411111111';
const id = 'BF7AD270-0DE2-418B-B606-71D527D9C1AE';
const attempt = '00000000-0000-7000-8000-00000000000a';
const publicUrl = 'https://signalbox.example.com/webhooks/clicksend/1';

const asForm = (address: WebhookRequest['address'], fields: Readonly<Record<string, string>>): WebhookRequest =>
  webhookRequest({
    address,
    url: `${publicUrl}/${address}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    rawBody: new URLSearchParams(fields).toString(),
  });
const asJson = (address: WebhookRequest['address'], body: unknown): WebhookRequest =>
  webhookRequest({
    address,
    url: `${publicUrl}/${address}`,
    headers: { 'content-type': 'application/json' },
    rawBody: JSON.stringify(body),
  });

/** As the archived documentation lists the variables of what is pushed. */
const delivered = {
  timestamp_send: '1442381791',
  timestamp: '1442381792',
  message_id: id,
  status: 'Delivered',
  status_code: '201',
  status_text: 'Success: Message received on handset.',
  error_code: '',
  error_text: '',
  custom_string: attempt,
  user_id: '1',
  subaccount_id: '1',
  message_type: 'sms',
};
const failed = (error_text: string, error_code = '8') => ({
  ...delivered,
  status: 'Undelivered',
  status_code: '301',
  status_text: 'Failed',
  error_code,
  error_text,
});
const incoming = {
  timestamp: '1442398236',
  from: theirs,
  body: 'This is a test incoming SMS.',
  original_body: 'This is the original message.',
  original_message_id: 'F35B6DF1-0C9E-488F-954E-2F603B6192F5',
  to: ours,
  custom_string: attempt,
  user_id: '1',
  subaccount_id: '1',
  message_id: id,
};

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
  body: 'This is a test incoming SMS.',
  media: [],
  carrierWord: null,
} as const;

/** ClickSend as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const credentials = { username: 'owner@example.com', api_key: 'D83DED51-9E35-4D42-9BB9-0E34B7CA85AE' };
  const started = await startCarrierAccount(clicksend, credentials, { number: ours });
  const { carrier, account, taken, pictures, news, close } = started;
  return {
    account,
    stranger: { ...credentials, api_key: 'the-key-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'USD' },
    from: ours,
    to: theirs,
    refusals: carrierRefusals(
      carrier,
      'invalid_number',
      'blocked',
      'unsupported',
      'sender',
      'funds',
      'auth',
      'throttled',
      'invalid_message',
    ),
    doubts: [
      ...carrierDoubts(carrier),
      carrierDoubt(carrier, 'an error inside: transient', { reason: 'transient' }),
      carrierDoubt(carrier, 'an error inside: unknown', { reason: 'unknown' }),
    ],
    taken,
    pictures,
    webhooks: [
      webhook('a text', asForm('sms', incoming), heard),
      webhook('a text in JSON', asJson('sms', { ...incoming, timestamp: 1_442_398_236, user_id: 1 }), heard),
      webhook(
        'a text whose numbers lost their plus',
        asForm('sms', { ...incoming, from: '61411111111', to: '61422222222' }),
        heard,
      ),
      webhook('a text to a short code', asForm('sms', { ...incoming, to: '8084' }), { ...heard, to: '8084' }),
      webhook('a picture', asForm('sms', { ...incoming, _media_file_url: 'https://media.example.com/1.jpg' }), {
        ...heard,
        media: [{ url: 'https://media.example.com/1.jpg', type: '' }],
      }),
      webhook('a picture that nobody could fetch', asJson('sms', { ...incoming, _media_file_url: 'file:///1' }), heard),
      webhook('a receipt', asForm('status', delivered), receipt),
      webhook(
        'a receipt in JSON',
        asJson('status', { ...delivered, status_code: 201, error_code: null, error_text: null }),
        receipt,
      ),
      webhook('a receipt without our reference', asJson('status', { ...delivered, custom_string: null }), {
        ...receipt,
        reference: null,
      }),
      webhook(
        'a message on its way',
        asForm('status', {
          ...delivered,
          status: 'Sent',
          status_code: '200',
          status_text: 'Message sent to the network for delivery',
        }),
        { ...receipt, status: 'sent' },
      ),
      webhook(
        'a message in the queue',
        asForm('status', {
          ...delivered,
          status: 'Queued',
          status_code: '200',
          status_text: 'Message is queued for delivery',
        }),
        { ...receipt, status: 'accepted' },
      ),
      webhook(
        'a failure that is tried again',
        asForm('status', { ...failed('Temporary network error - will be retried', '16'), status_code: '300' }),
        { ...receipt, status: 'sent', errorCode: '16' },
      ),
      webhook('a failure', asForm('status', failed('Unknown subscriber. Number is inactive or invalid')), {
        ...receipt,
        status: 'failed',
        errorCode: '8',
        failure: 'invalid_number',
      }),
      webhook('someone who opted out', asForm('status', failed('Recipient has opted out', '')), {
        ...receipt,
        status: 'failed',
        errorCode: '301',
        failure: 'opted_out',
      }),
    ],
    unreadable: [
      asForm('status', { message_id: id }),
      ...['299', '', 'constructor', '__proto__'].map((status_code) => asForm('status', { ...delivered, status_code })),
      asForm('sms', delivered),
      asForm('status', incoming),
      asJson('sms', [7]),
      asJson('sms', { ...incoming, from: { number: theirs } }),
    ],
    lookup: [{ name: 'the history shows our reference', answer: 'found' }],
    price: [
      { to: theirs, price: { microUnits: 7_900n, currency: 'USD' } },
      { to: '+436641234567', price: null },
    ],
    poll: async () => {
      const { since, sent, came } = await news(theirs, 'Good morning');
      return {
        since,
        events: [
          { ...receipt, providerId: sent.sid, reference: sent.reference },
          { ...heard, providerId: came, body: 'Good morning' },
        ],
      };
    },
    close,
  };
};
