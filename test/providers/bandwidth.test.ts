import { bandwidth } from '@signalbox/engine/providers/bandwidth';
import type { OutboundSms, ProviderEvent } from '@signalbox/engine/providers/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCustomer, startCarrierCustomer } from './carrier-customer.ts';
import { connectStubbed } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const credentials = {
  bandwidth_account_id: '9900000',
  application_id: '93de2206-9669-4e07-948d-329f4b722ee2',
  user: 'api-user',
  password: 'the-password',
};
const ours = '+12025550100';
const theirs = '+12025550143';
const attempt = '00000000-0000-7000-8000-00000000000a';
const message: OutboundSms = {
  from: ours,
  to: theirs,
  body: 'Hello',
  media: [],
  reference: attempt,
  callbackUrl: 'https://signalbox.example.com/status',
};

/** A connection to an API that answers so; the requests that it made. */
function answering(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return connectStubbed(bandwidth, credentials, { status, body, headers });
}

/** What a failed message's code tells. */
function failed(errorCode: unknown): ProviderEvent | undefined {
  const rawBody = JSON.stringify([{ type: 'message-failed', errorCode, message: { id: '1', tag: attempt } }]);
  const url = 'https://signalbox.example.com/webhooks/bandwidth/1/status';
  return answering(200, {}).connection.read(webhookRequest({ address: 'status', url, rawBody }))[0];
}

describe('what is sent', () => {
  test('goes to the account’s own address, with its application, our reference and the addresses of files', async () => {
    const { connection, requests } = answering(202, { id: 'm1' });
    const media = [
      { url: 'https://signalbox.example.com/media/1', type: 'image/png', read: async () => new Uint8Array() },
    ];
    expect(await connection.send({ ...message, media }, 1_000)).toEqual({ kind: 'accepted', providerId: 'm1' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://messaging.bandwidth.com/api/v2/users/9900000/messages',
      headers: { authorization: `Basic ${Buffer.from('api-user:the-password').toString('base64')}` },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      applicationId: credentials.application_id,
      to: [theirs],
      from: ours,
      text: 'Hello',
      media: ['https://signalbox.example.com/media/1'],
      tag: attempt,
    });
  });

  const fieldErrors = (fieldName: string) => ({
    type: 'request-validation',
    description: 'Your request could not be accepted.',
    fieldErrors: [{ fieldName, description: "'+1' must be replaced with a valid E164 formatted telephone number" }],
  });
  test.each([
    [400, { type: 'request-validation', description: 'Your request could not be accepted' }, 'invalid_message'],
    [400, fieldErrors('to'), 'invalid_number'],
    [400, fieldErrors('to[0]'), 'invalid_number'],
    [400, fieldErrors('from'), 'sender'],
    [400, fieldErrors('applicationId'), 'auth'],
    [400, fieldErrors('constructor'), 'invalid_message'],
    [401, { type: 'unauthorized', description: 'Authentication Failed' }, 'auth'],
    [403, { type: 'forbidden', description: 'Access Denied' }, 'auth'],
    [404, { timestamp: '2019-09-09T19:02:19.253+0000', status: 404, error: 'Not Found' }, 'auth'],
    [415, { type: 'unsupported-content-type', description: 'Please use application/json' }, 'invalid_message'],
    [429, { type: 'max-message-queue-size-exceeded', description: 'The SMS queue is full' }, 'throttled'],
    [429, '<html>Too many</html>', 'throttled'],
    [400, { type: '__proto__', fieldErrors: 7 }, 'invalid_message'],
  ])('%i %j is refused as %3$s', async (status, body, errorClass) => {
    const outcome = await answering(status, body, { 'retry-after': '7' }).connection.send(message, 1_000);
    expect(outcome).toMatchObject({ kind: 'refused', errorClass, retryAfterMs: 7_000 });
  });

  test.each([
    [202, '<html>'],
    [202, { id: '' }],
    [200, { id: 'm1' }],
    [302, ''],
    [500, { type: 'internal-server-error' }],
    [503, ''],
  ])('%i %j leaves a doubt', async (status, body) => {
    expect(await answering(status, body).connection.send(message, 1_000)).toMatchObject({ kind: 'ambiguous' });
  });
});

test.each([
  [4303, 'failed', 'invalid_number'],
  [4406, 'failed', 'invalid_number'],
  [4720, 'undelivered', 'invalid_number'],
  [4721, 'undelivered', 'invalid_number'],
  [4775, 'undelivered', 'opted_out'],
  [4470, 'failed', 'blocked'],
  [4482, 'failed', 'blocked'],
  [4770, 'undelivered', 'blocked'],
  [4772, 'undelivered', 'blocked'],
  [4799, 'undelivered', 'blocked'],
  [4404, 'failed', 'unsupported'],
  [4700, 'undelivered', 'unsupported'],
  [4302, 'failed', 'sender'],
  [4403, 'failed', 'sender'],
  [4405, 'failed', 'sender'],
  [4481, 'failed', 'sender'],
  [4740, 'undelivered', 'sender'],
  [4773, 'undelivered', 'sender'],
  [4774, 'undelivered', 'sender'],
  [4795, 'undelivered', 'sender'],
  [4780, 'undelivered', 'throttled'],
  [4781, 'undelivered', 'throttled'],
  [4785, 'undelivered', 'throttled'],
  [4493, 'failed', 'auth'],
  [4702, 'undelivered', 'transient'],
  [5100, 'failed', 'transient'],
  [5220, 'failed', 'transient'],
  [5500, 'failed', 'transient'],
  [5600, 'undelivered', 'transient'],
  [4360, 'failed', 'expired'],
  [9902, 'sent', 'unknown'],
  [9999, 'sent', 'unknown'],
  ['9902', 'sent', 'unknown'],
  [4499, 'failed', null],
  [5999, 'failed', null],
  ['constructor', 'failed', null],
])('the code %s leaves a message %s: %s', (code, status, failure) => {
  expect(failed(code)).toMatchObject({ kind: 'receipt', status, errorCode: String(code), failure });
});

test.each([undefined, 0, null, { code: 1 }])('a failure of the code %j says no more than that', (code) => {
  expect(failed(code)).toMatchObject({ kind: 'receipt', status: 'failed', failure: null });
});

test('a look-up asks for what went from us to the person, from a minute before on', async () => {
  const since = new Date('2026-03-02T15:00:00Z');
  const { connection, requests } = answering(200, { totalCount: 0, pageInfo: {}, messages: [] });
  expect(await connection.lookup?.({ ...message, hasMedia: false, since }, 1_000)).toEqual([]);
  expect(Object.fromEntries(new URL(requests[0]?.url ?? '').searchParams)).toEqual({
    sourceTn: ours,
    destinationTn: theirs,
    messageDirection: 'OUTBOUND',
    fromDateTime: '2026-03-02T14:59:00.000Z',
    limit: '1',
  });
  // The numbers are to be percent-encoded: a plus would be a space.
  expect(requests[0]?.url).toContain('sourceTn=%2B12025550100');
});

describe('at the carrier', () => {
  let customer: CarrierCustomer;
  beforeEach(async () => {
    customer = await startCarrierCustomer(bandwidth, credentials, { number: ours });
  });
  afterEach(() => customer.close());
  const told = () => customer.callbacks().flatMap((request) => customer.connection.read(request));

  test('its receipts are understood, with our reference', async () => {
    const outcome = await customer.connection.send(message, 1_000);
    await customer.quiet();
    const receipt = {
      kind: 'receipt',
      providerId: outcome.kind === 'accepted' ? outcome.providerId : '',
      reference: attempt,
    };
    expect(told()).toEqual([
      { ...receipt, status: 'sent', errorCode: null, failure: null },
      { ...receipt, status: 'delivered', errorCode: null, failure: null },
    ]);
  });

  test.each([
    'invalid_number',
    'opted_out',
    'blocked',
    'unsupported',
    'sender',
    'throttled',
    'auth',
    'transient',
    'invalid_message',
    'expired',
    'unknown',
  ] as const)('and why a message did not arrive: %s', async (reason) => {
    customer.carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason, count: 1 });
    await customer.connection.send(message, 1_000);
    await customer.quiet();
    expect(told().at(-1)).toMatchObject({ failure: reason });
  });

  test('a callback of a type that nobody knows is kept, not refused', async () => {
    customer.carrier.addFault({ kind: 'receipt_unknown', count: 1 });
    await customer.connection.send(message, 1_000);
    await customer.quiet();
    expect(new Set(told().map(({ kind }) => kind))).toEqual(new Set(['unknown']));
  });

  test('a text from a phone is understood', async () => {
    const body = 'Ça va, Zoë? 👋';
    const providerId = customer.carrier.text(theirs, ours, body);
    await customer.quiet();
    expect(told()).toEqual([{ kind: 'text', providerId, from: theirs, to: ours, body, media: [], carrierWord: null }]);
  });

  test('what is wrong with a request is said by its fields', async () => {
    const { connection } = customer;
    expect(await connection.send({ ...message, to: '+1' }, 1_000)).toMatchObject({ errorClass: 'invalid_number' });
    expect(await connection.send({ ...message, from: '+12025550199' }, 1_000)).toMatchObject({ errorClass: 'sender' });
    const long = { ...message, body: 'a'.repeat(2_049) };
    expect(await connection.send(long, 1_000)).toMatchObject({ errorClass: 'invalid_message' });
  });
});
