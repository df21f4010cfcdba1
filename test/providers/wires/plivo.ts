import { createHmac } from 'node:crypto';
import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { plivo } from '@signalbox/engine/providers/plivo';
import type { ProviderEvent, WebhookRequest } from '@signalbox/engine/providers/provider';
import { startCarrierAccount } from '../carrier-account.ts';
import { carrierDoubts, carrierRefusals } from '../carrier-faults.ts';
import { bodyOf, webhookRequest, withoutHeaders } from '../webhook-request.ts';
import type { SignedWebhook, StartWire } from '../wire.ts';

const authId = 'MAA1B2C3D4E5F6G7H8I9';
const token = 'the-token-of-the-account';
const publicUrl = 'https://signalbox.example.com/webhooks/plivo/1';
const nonce = '05429567804466091622';
const uuid = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';
const attempt = '00000000-0000-7000-8000-00000000000a';

type Given = { readonly secret?: string; readonly header?: string };

/** A request with a signature over `text`, as it is written out in each case below. */
function signed(
  method: 'GET' | 'POST',
  address: WebhookRequest['address'],
  query: string,
  rawBody: string,
  text: string,
  { secret = token, header = 'x-plivo-signature-v3' }: Given = {},
): WebhookRequest {
  const signature = createHmac('sha256', secret).update(`${publicUrl}/${address}${text}.${nonce}`).digest('base64');
  return webhookRequest({
    method,
    address,
    url: `${publicUrl}/${address}${query}`,
    headers: { [header]: signature, 'x-plivo-signature-v3-nonce': nonce },
    rawBody,
  });
}

function webhook(name: string, parts: Parameters<typeof signed>, event: ProviderEvent): SignedWebhook {
  const [method, address, query, rawBody, text, given] = parts;
  const request = signed(method, address, query, rawBody, text, given);
  const bare = `${publicUrl}/${address}`;
  const moreQuery = `${request.url}${query === '' ? '?' : '&'}x=1`;
  // What the second scheme signs: the address alone.
  const secondScheme = createHmac('sha256', token)
    .update(bare + nonce)
    .digest('base64');
  const headers = (changed: Readonly<Record<string, string>>) => ({
    ...request,
    header: (header: string) => changed[header] ?? request.header(header),
  });
  return {
    name,
    request,
    events: [event],
    spoilt: {
      unsigned: [
        ...withoutHeaders(request),
        { ...request, header: (header) => (header.endsWith('nonce') ? undefined : request.header(header)) },
        {
          ...request,
          header: (header) =>
            header === 'x-plivo-signature-v2'
              ? secondScheme
              : header === 'x-plivo-signature-v2-nonce'
                ? nonce
                : undefined,
        },
      ],
      foreign: [
        signed(method, address, query, rawBody, text, { ...given, secret: 'the-token-of-another-account' }),
        headers({ 'x-plivo-signature-v3': secondScheme, 'x-plivo-signature-ma-v3': secondScheme }),
      ],
      changed: [
        { ...request, url: moreQuery },
        { ...request, url: `https://signalbox.example.org/webhooks/plivo/1/${address}${query}` },
        { ...request, method: method === 'GET' ? 'PUT' : 'GET' },
        headers({ 'x-plivo-signature-v3-nonce': `${nonce}1` }),
        ...(method === 'POST' ? [{ ...request, ...bodyOf(`${rawBody}&x=1`) }] : []),
      ],
    },
  };
}

const heard = {
  kind: 'text',
  providerId: uuid,
  from: person,
  to: businessNumber,
  body: 'Hello',
  media: [],
  carrierWord: null,
} as const;
const receipt = {
  kind: 'receipt',
  providerId: uuid,
  reference: null,
  status: 'delivered',
  errorCode: null,
  failure: null,
} as const;
const cost = { microUnits: 5_500n, currency: 'USD' };

/** Requests as Plivo's documents write them, with what is signed of each written out. */
const webhooks: readonly [SignedWebhook, ...SignedWebhook[]] = [
  webhook(
    'a text',
    [
      'POST',
      'sms',
      '',
      `From=15550001234&To=15550001000&Type=sms&Text=Hello&MessageUUID=${uuid}&Units=1&TotalRate=0.00000&TotalAmount=0.00000`,
      `?From15550001234MessageUUID${uuid}TextHelloTo15550001000TotalAmount0.00000TotalRate0.00000TypesmsUnits1`,
    ],
    heard,
  ),
  webhook(
    'a text asked for by GET',
    [
      'GET',
      'sms',
      `?To=15550001000&From=15550001234&Type=sms&Text=Caf%C3%A9+%26+more%3D1&MessageUUID=${uuid}`,
      '',
      `?From=15550001234&MessageUUID=${uuid}&Text=Café & more=1&To=15550001000&Type=sms`,
    ],
    { ...heard, body: 'Café & more=1' },
  ),
  webhook(
    'a picture message, signed with the token of the main account',
    [
      'POST',
      'sms',
      '',
      `From=15550001234&To=15550001000&Type=mms&Body=Look&MessageUUID=${uuid}&MediaCount=2&Media1=https%3A%2F%2Fmedia.plivo.com%2F2&Media0=https%3A%2F%2Fmedia.plivo.com%2F1`,
      `?BodyLookFrom15550001234Media0https://media.plivo.com/1Media1https://media.plivo.com/2MediaCount2MessageUUID${uuid}To15550001000Typemms`,
      { header: 'x-plivo-signature-ma-v3' },
    ],
    {
      ...heard,
      body: 'Look',
      media: [
        { url: 'https://media.plivo.com/1', type: '' },
        { url: 'https://media.plivo.com/2', type: '' },
      ],
    },
  ),
  webhook(
    'a text that Plivo acts on',
    [
      'POST',
      'sms',
      '',
      `From=15550001234&To=15550001000&Type=sms&Text=Stop&MessageUUID=${uuid}&MessageIntent=optout`,
      `?From15550001234MessageIntentoptoutMessageUUID${uuid}TextStopTo15550001000Typesms`,
    ],
    { ...heard, body: 'Stop', carrierWord: { kind: 'stop', stated: true } },
  ),
  webhook(
    'a receipt with our reference and what it cost',
    [
      'POST',
      'status',
      `?z=2&attempt=${attempt}`,
      `MessageUUID=${uuid}&To=15550001234&From=15550001000&Status=delivered&Units=1&TotalAmount=0.00550&ErrorCode=000&Sequence=2&ParentMessageUUID=${uuid}&PartInfo=1+of+1`,
      `?attempt=${attempt}&z=2.ErrorCode000From15550001000MessageUUID${uuid}ParentMessageUUID${uuid}PartInfo1 of 1Sequence2StatusdeliveredTo15550001234TotalAmount0.00550Units1`,
    ],
    { ...receipt, reference: attempt, cost },
  ),
  webhook(
    'the receipt of a part, which is its message’s',
    [
      'POST',
      'status',
      '',
      `MessageUUID=00000000-7f1d-11e1-8ea7-1231380bc196&Status=sent&TotalAmount=0.00550&ParentMessageUUID=${uuid}&PartInfo=2+of+3`,
      `?MessageUUID00000000-7f1d-11e1-8ea7-1231380bc196ParentMessageUUID${uuid}PartInfo2 of 3StatussentTotalAmount0.00550`,
    ],
    { ...receipt, status: 'sent', cost },
  ),
  webhook(
    'a receipt of somebody who had opted out, asked for by GET',
    [
      'GET',
      'status',
      `?attempt=${attempt}&MessageUUID=${uuid}&Status=failed&ErrorCode=200`,
      '',
      `?ErrorCode=200&MessageUUID=${uuid}&Status=failed&attempt=${attempt}`,
    ],
    { ...receipt, status: 'failed', reference: attempt, errorCode: '200', failure: 'opted_out' },
  ),
];

/** Plivo as the demo carrier speaks it. */
export const wire: StartWire = async () => {
  const credentials = { auth_id: authId, auth_token: token };
  const started = await startCarrierAccount(plivo, credentials, { number: businessNumber });
  const { carrier, account, taken, pictures, close } = started;
  const unread = (address: WebhookRequest['address'], rawBody: string) => signed('POST', address, '', rawBody, '');
  return {
    account,
    stranger: { ...credentials, auth_token: 'the-token-of-nobody' },
    balance: { microUnits: 100_000_000n, currency: 'USD' },
    from: businessNumber,
    to: person,
    refusals: carrierRefusals(
      carrier,
      'invalid_number',
      'sender',
      'unsupported',
      'invalid_message',
      'throttled',
      'funds',
      'auth',
    ),
    doubts: carrierDoubts(carrier),
    taken,
    pictures,
    webhooks,
    unreadable: [
      unread('sms', `MessageUUID=${uuid}`),
      unread('sms', `From=15550001234&To=15550001000&Type=whatsapp&Body=Hi&MessageUUID=${uuid}`),
      ...['dreaming', 'constructor', '__proto__'].map((status) =>
        unread('status', `MessageUUID=${uuid}&Status=${status}`),
      ),
      signed('GET', 'status', '', `MessageUUID=${uuid}&Status=delivered`, ''),
      signed('GET', 'sms', '?Text=Hello', '', '?Text=Hello'),
    ],
    lookup: [{ name: 'the list holds no texts', answer: 'cannot_tell' }],
    price: [
      { to: '+12025550143', price: { microUnits: 5_500n, currency: 'USD' } },
      { to: '+61491570156', price: { microUnits: 39_900n, currency: 'USD' } },
      { to: '+436641234567', price: null },
      { to: '+33612345678', price: null },
    ],
    close,
  };
};
