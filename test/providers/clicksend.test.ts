import { clicksend } from '@signalbox/engine/providers/clicksend';
import type { OutboundSms, ProviderEvent } from '@signalbox/engine/providers/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCustomer, startCarrierCustomer } from './carrier-customer.ts';
import { type Answering, connectStubbed, type StubbedAnswer } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const credentials = { username: 'owner@example.com', api_key: 'D83DED51-9E35-4D42-9BB9-0E34B7CA85AE' };
const ours = '+61422222222';
const theirs = '+61411111111';
const attempt = '00000000-0000-7000-8000-00000000000a';
const id = 'BF7AD270-0DE2-418B-B606-71D527D9C1AE';
const message: OutboundSms = {
  from: ours,
  to: theirs,
  body: 'Hello',
  media: [],
  reference: attempt,
  callbackUrl: 'https://signalbox.example.com/status',
};

const connected = (answering: Answering) => connectStubbed(clicksend, credentials, answering);
const sending = (status: number, body: unknown, headers: StubbedAnswer['headers'] = {}) =>
  connected(() => ({ status, body, headers })).connection.send(message, 1_000);

/** An answer to a send, of which each part can be otherwise. */
const answered = (item: object, data: object = {}) => ({
  http_code: 200,
  response_code: 'SUCCESS',
  response_msg: 'Messages queued for delivery.',
  data: {
    total_price: 0.07,
    total_count: 1,
    queued_count: 1,
    messages: [{ direction: 'out', to: theirs, message_id: id, message_parts: 1, message_price: '0.0790', ...item }],
    _currency: { currency_name_short: 'AUD' },
    ...data,
  },
});

describe('what is sent', () => {
  test('is one message with our reference; its price is told', async () => {
    const { connection, requests } = connected(() => ({ status: 200, body: answered({ status: 'SUCCESS' }) }));
    expect(await connection.send(message, 1_000)).toEqual({
      kind: 'accepted',
      providerId: id,
      cost: { microUnits: 79_000n, currency: 'AUD' },
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://rest.clicksend.com/v3/sms/send' });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      messages: [{ to: theirs, from: ours, body: 'Hello', custom_string: attempt }],
    });
  });

  test.each([
    [{ message_price: 0.07 }, {}, 70_000n],
    [{ message_price: '0.0000' }, {}, 0n],
    [{ message_price: null }, {}, null],
    [{ message_price: 'free' }, {}, null],
    [{}, { _currency: undefined }, null],
    [{}, { _currency: { currency_name_short: 'credits' } }, null],
  ])('and accepted whatever the price %j %j looks like', async (item, data, price) => {
    const outcome = await sending(200, answered({ status: 'SUCCESS', ...item }, data));
    expect(outcome.kind).toBe('accepted');
    expect(outcome.kind === 'accepted' ? (outcome.cost?.microUnits ?? null) : undefined).toBe(price);
  });

  test.each([
    ['INVALID_RECIPIENT', 'invalid_number'],
    ['THROTTLED', 'blocked'],
    ['COUNTRY_NOT_ENABLED', 'unsupported'],
    ['INVALID_SENDER_ID', 'sender'],
    ['REGISTRATION_NEEDED', 'sender'],
    ['INSUFFICIENT_CREDIT', 'funds'],
    ['INVALID_CREDENTIALS', 'auth'],
    ['MISSING_CREDENTIALS', 'auth'],
    ['ACCOUNT_NOT_ACTIVATED', 'auth'],
    ['EMPTY_MESSAGE', 'invalid_message'],
    ['MISSING_REQUIRED_FIELDS', 'invalid_message'],
  ])('an answer of 200 is no more than its message: %s', async (status, errorClass) => {
    expect(await sending(200, answered({ status }))).toEqual({
      kind: 'refused',
      errorClass,
      code: status,
      retryAfterMs: null,
    });
  });

  test.each([
    [400, 'BAD_REQUEST', 'invalid_message'],
    [400, 'INVALID_RECIPIENT', 'invalid_number'],
    [401, 'UNAUTHORIZED', 'auth'],
    [403, 'FORBIDDEN', 'auth'],
    [429, 'HTTP_TOO_MANY_REQUESTS', 'throttled'],
  ])('%i %s is refused as %s', async (status, response_code, errorClass) => {
    const outcome = await sending(status, { http_code: status, response_code, data: null }, { 'retry-after': '39' });
    expect(outcome).toEqual({ kind: 'refused', errorClass, code: response_code, retryAfterMs: 39_000 });
  });

  test.each([
    [200, '<html>'],
    [200, answered({ status: 'SUCCESS', message_id: null })],
    [200, answered({ status: 'INTERNAL_ERROR' })],
    [200, answered({ status: 'SOMETHING_IS_WRONG' })],
    [200, answered({ status: 'constructor' })],
    [200, answered({ status: '__proto__' })],
    [200, answered({}, { messages: [], blocked_count: 1 })],
    [200, answered({}, { messages: [{ status: 'SUCCESS' }, { status: 'THROTTLED' }] })],
    [200, { http_code: 401, response_code: 'UNAUTHORIZED', data: null }],
    [201, answered({ status: 'SUCCESS' })],
    [500, { http_code: 500, response_code: 'INTERNAL_SERVER_ERROR' }],
  ])('%i %j leaves a doubt', async (status, body) => {
    expect(await sending(status, body)).toMatchObject({ kind: 'ambiguous' });
  });

  test('what would be cut off is not sent', async () => {
    const { connection, requests } = connected(() => ({ status: 200, body: answered({ status: 'SUCCESS' }) }));
    for (const body of ['€'.repeat(609), 'a'.repeat(1_225), 'я'.repeat(537)])
      expect(await connection.send({ ...message, body }, 1_000)).toMatchObject({ kind: 'refused', code: 'too_long' });
    expect(requests).toEqual([]);
  });
});

test.each([
  ['301', 'Unknown failure', 'failed', null],
  ['301', 'Unknown subscriber. Number is inactive or invalid', 'failed', 'invalid_number'],
  ['301', 'Unidentified Subscriber. Number is invalid or network routing issue.', 'failed', 'invalid_number'],
  ['301', 'Illegal Subscriber. Rejection due to failed authentication or filtering.', 'failed', 'blocked'],
  ['301', 'Rejection due to subscription, handset or network not supporting SMS.', 'failed', 'unsupported'],
  ['301', 'Absent Subscriber. Phone is out of range or switched off.', 'failed', 'transient'],
  ['301', 'Memory Capacity Exceeded.', 'failed', 'transient'],
  ['301', 'Rejection due to recipient network error or congestion.', 'failed', 'transient'],
  ['301', 'Rejected by the recipient network.', 'failed', 'blocked'],
  ['301', 'Network timeout when delivering message', 'failed', 'transient'],
  ['301', 'Network routing error', 'failed', 'transient'],
  ['301', 'Anti-spam rejection by recipient network', 'failed', 'blocked'],
  ['301', 'Message delivery receipt expired', 'failed', 'expired'],
  ['301', 'Message is cancelled', 'canceled', null],
  ['300', 'Temporary network error - will be retried', 'sent', null],
  ['201', 'Message delivered to the handset', 'delivered', null],
])('a receipt of %s "%s" is read by its words', (status_code, error_text, status, failure) => {
  // The numbers of the two editions: neither has any say.
  for (const error_code of ['8', '9', '19', '20']) {
    const rawBody = JSON.stringify({ message_id: id, status_code, error_code, error_text });
    const { connection } = connected(() => ({ status: 200, body: '' }));
    const request = webhookRequest({ address: 'status', url: 'https://signalbox.example.com/status', rawBody });
    expect(connection.read(request)).toMatchObject([{ kind: 'receipt', status, failure }]);
  }
});

describe('lists', () => {
  const pageOf = (data: readonly object[], last_page = 1) => ({
    http_code: 200,
    data: { total: data.length, current_page: 1, last_page, data },
  });
  const numberOf = (url: string) => Number(new URL(url).searchParams.get('page'));

  test('a look-up finds our reference in the history of the number, on whatever page', async () => {
    const row = { direction: 'out', to: theirs, status_code: null, status: 'Completed', date: 1_772_463_600 };
    const { connection, requests } = connected(({ url }) => ({
      status: 200,
      body: pageOf(
        [{ ...row, message_id: `M${numberOf(url)}`, custom_string: numberOf(url) === 2 ? attempt : 'other' }],
        3,
      ),
    }));
    const since = new Date('2026-03-02T15:00:00.500Z');
    expect(await connection.lookup?.({ ...message, hasMedia: false, since }, 1_000)).toEqual([
      { providerId: 'M2', createdAt: new Date('2026-03-02T15:00:00Z'), status: 'sent' },
    ]);
    expect(Object.fromEntries(new URL(requests[0]?.url ?? '').searchParams)).toEqual({
      date_from: String(Date.parse('2026-03-02T14:59:00Z') / 1_000),
      order_by: 'date:desc',
      q: `to:${theirs}`,
      page: '1',
      limit: '100',
    });
  });

  const days = Array.from({ length: 6 }, (_, index) => 1_772_000_000 + index * 1_000);
  const since = new Date(days[3] === undefined ? 0 : days[3] * 1_000);
  test.each([
    ['the oldest', days],
    ['the newest', days.toReversed()],
  ])('what is unread is read from both ends: with %s first', async (_name, moments) => {
    const { connection, requests } = connected(({ url }) => {
      const timestamp = moments[numberOf(url) - 1];
      const text = { message_id: `T${timestamp}`, from: theirs, to: ours, body: 'Hi', timestamp: String(timestamp) };
      return { status: 200, body: url.includes('/inbound') ? pageOf([text], moments.length) : pageOf([]) };
    });
    const events: readonly ProviderEvent[] = (await connection.poll?.(since, 1_000)) ?? [];
    expect(events.map((event) => (event.kind === 'text' ? event.providerId : event.kind))).toEqual(
      days.slice(3).map((timestamp) => `T${timestamp}`),
    );
    // Each list is asked for no more than is new in it, and nothing is marked as read.
    expect(requests.filter(({ url }) => url.includes('/inbound')).length).toBeLessThanOrEqual(5);
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('a price of several segments is none of one', async () => {
    const body = answered({ status: 'SUCCESS', message_parts: 2 });
    expect(await connected(() => ({ status: 200, body })).connection.price?.(theirs, 1_000)).toBeNull();
  });
});

describe('at the carrier', () => {
  let customer: CarrierCustomer;
  beforeEach(async () => {
    customer = await startCarrierCustomer(clicksend, credentials, { number: ours });
  });
  afterEach(() => customer.close());
  const told = () => customer.callbacks().flatMap((request) => customer.connection.read(request));

  test('its receipts are understood, with our reference', async () => {
    const outcome = await customer.connection.send(message, 1_000);
    await customer.quiet();
    expect(outcome).toMatchObject({ kind: 'accepted', cost: { microUnits: 7_900n, currency: 'USD' } });
    const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
    const receipt = { kind: 'receipt', providerId, reference: attempt, errorCode: null, failure: null };
    expect(told()).toEqual([
      { ...receipt, status: 'sent' },
      { ...receipt, status: 'delivered' },
    ]);
  });

  test.each([
    ['invalid_number', 'invalid_number'],
    ['blocked', 'blocked'],
    ['unsupported', 'unsupported'],
    ['transient', 'transient'],
    ['expired', 'expired'],
    ['unknown', null],
  ] as const)('and why a message did not arrive: %s', async (reason, failure) => {
    customer.carrier.addFault({ kind: 'receipt_status', outcome: 'failed', reason, count: 1 });
    await customer.connection.send(message, 1_000);
    await customer.quiet();
    expect(told().at(-1)).toMatchObject({ status: 'failed', failure });
  });

  test('a text from a phone is understood, and told once more by its list', async () => {
    const body = 'Ça va, Zoë? 👋 & more=less';
    const providerId = customer.carrier.text(theirs, ours, body);
    await customer.quiet();
    const text = { kind: 'text', providerId, from: theirs, to: ours, body, media: [], carrierWord: null };
    expect(told()).toEqual([text]);
    expect(await customer.connection.poll?.(new Date(Date.now() - 5_000), 1_000)).toEqual([text]);
  });

  test('the same words to the same person are blocked, not throttled', async () => {
    expect(await customer.connection.send(message, 1_000)).toMatchObject({ kind: 'accepted' });
    const again = { ...message, reference: '00000000-0000-7000-8000-00000000000b' };
    expect(await customer.connection.send(again, 1_000)).toMatchObject({
      kind: 'refused',
      errorClass: 'blocked',
      code: 'THROTTLED',
    });
    expect(customer.carrier.ledger.messages).toHaveLength(1);
  });

  test('a text of eight parts arrives whole', async () => {
    for (const body of ['€'.repeat(608), 'a'.repeat(1_224), 'я'.repeat(536)])
      expect(await customer.connection.send({ ...message, body }, 1_000)).toMatchObject({ kind: 'accepted' });
    expect(customer.carrier.ledger.messages.map(({ body }) => body.length)).toEqual([608, 1_224, 536]);
  });
});
