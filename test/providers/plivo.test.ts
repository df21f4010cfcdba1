import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { plivo } from '@signalbox/engine/providers/plivo';
import type { FailureClass, ReceiptStatus } from '@signalbox/engine/providers/provider';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startCarrierCustomer } from './carrier-customer.ts';
import { connectStubbed, inTurn, type StubbedAnswer } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const credentials = plivo.account.example;
const uuid = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';
const attempt = '00000000-0000-7000-8000-00000000000a';
const message = {
  from: businessNumber,
  to: person,
  body: 'Hello',
  media: [],
  reference: attempt,
  callbackUrl: `https://signalbox.example.com/status?attempt=${attempt}`,
};
const answered = (...answers: readonly [StubbedAnswer, ...StubbedAnswer[]]) =>
  connectStubbed(plivo, credentials, inTurn(...answers));
const taken = { status: 202, body: { api_id: 'a', message: 'message(s) queued', message_uuid: [uuid] } };
const { connection } = answered(taken);

describe('sending', () => {
  test('is one request in Plivo’s numbers, with our attempt in the address for receipts', async () => {
    const { requests, connection: sending } = answered(taken);
    expect(await sending.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: uuid });
    const [asked, ...more] = requests;
    expect(more).toEqual([]);
    expect(asked?.url).toBe(`https://api.plivo.com/v1/Account/${credentials['auth_id']}/Message/`);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      src: '15550001000',
      dst: '15550001234',
      text: 'Hello',
      type: 'sms',
      url: message.callbackUrl,
      method: 'POST',
    });
  });

  test.each([
    ['a name', 'Salon', 'Salon'],
    ['a short code', '38421', '38421'],
    ['a number', '+61491570156', '61491570156'],
  ])('from %s', async (_name, from, src) => {
    const { requests, connection: sending } = answered(taken);
    await sending.send({ ...message, from }, 1_000);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ src });
  });

  test('with pictures is an MMS', async () => {
    const { requests, connection: sending } = answered(taken);
    const picture = { url: 'https://media.example.com/1', type: 'image/png', read: async () => new Uint8Array() };
    await sending.send({ ...message, media: [picture] }, 1_000);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ type: 'mms', media_urls: [picture.url] });
  });

  const refused = (errorClass: string, code: string, retryAfterMs: number | null = null) => ({
    kind: 'refused',
    errorClass,
    code,
    retryAfterMs,
  });
  const doubt = (code: string) => ({ kind: 'ambiguous', code });
  test.each<readonly [string, StubbedAnswer, object]>([
    [
      'a number that is listed as invalid',
      { status: 202, body: { message_uuid: [], invalid_number: ['15550001234'] } },
      refused('invalid_number', 'invalid_number'),
    ],
    [
      'an id beside numbers that are listed as invalid',
      { status: 202, body: { message_uuid: [uuid], invalid_number: ['1'] } },
      { kind: 'accepted', providerId: uuid },
    ],
    [
      'several ids',
      { status: 202, body: { message_uuid: [uuid, 'second'] } },
      { kind: 'accepted', providerId: uuid, partIds: ['second'] },
    ],
    ['neither', { status: 202, body: { message_uuid: [] } }, doubt('unreadable_202')],
    ['ids of another kind', { status: 202, body: { message_uuid: 7, invalid_number: ['1'] } }, doubt('unreadable_202')],
    ['no JSON', { status: 202, body: '<html>' }, doubt('unreadable_202')],
    ['a redirect', { status: 302 }, doubt('http_302')],
    ['a timeout of the server', { status: 408 }, doubt('http_408')],
    ['an error of the server', { status: 500, body: { error: 'dst is invalid' } }, doubt('http_500')],
    ['a refusal without words', { status: 400 }, refused('invalid_message', 'http_400')],
    [
      'words that name nothing',
      { status: 400, body: { error: 'constructor' } },
      refused('invalid_message', 'http_400'),
    ],
    ['the receiver', { status: 400, body: { error: 'dst is not valid' } }, refused('invalid_number', 'http_400')],
    ['the sender', { status: 400, body: { error: 'invalid src' } }, refused('sender', 'http_400')],
    [
      'a caller ID of somebody else',
      { status: 400, body: { error: 'This caller ID is not allowed for outbound message' } },
      refused('sender', 'http_400'),
    ],
    [
      'a country that is not open',
      { status: 400, body: { error: 'destination country barred' } },
      refused('unsupported', 'http_400'),
    ],
    ['credentials', { status: 401, body: 'dst' }, refused('auth', 'http_401')],
    ['no such account', { status: 404, body: { error: 'not found' } }, refused('auth', 'http_404')],
    [
      'too many requests',
      { status: 429, body: { error: 'rate' }, headers: { 'retry-after': '7' } },
      refused('throttled', 'http_429', 7_000),
    ],
  ])('understands %s', async (_name, answer, outcome) => {
    expect(await answered(answer).connection.send(message, 1_000)).toEqual(outcome);
  });
});

describe('receipts', () => {
  const read = (form: Readonly<Record<string, string>>) =>
    connection.read(
      webhookRequest({
        address: 'status',
        url: 'https://signalbox.example.com/status',
        rawBody: new URLSearchParams({ MessageUUID: uuid, ...form }).toString(),
      }),
    );

  test.each<readonly [string, ReceiptStatus]>([
    ['queued', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
  ])('of %s leave a message %s', (Status, status) => {
    expect(read({ Status })).toMatchObject([{ kind: 'receipt', status, errorCode: null, failure: null }]);
  });

  test.each<readonly [string, FailureClass | null]>([
    ['10', 'invalid_message'],
    ['020', 'transient'],
    ['30', 'blocked'],
    ['040', 'sender'],
    ['50', 'invalid_number'],
    ['70', 'invalid_number'],
    ['80', 'transient'],
    ['90', 'unsupported'],
    ['100', 'blocked'],
    ['110', 'invalid_message'],
    ['200', 'opted_out'],
    ['201', 'sender'],
    ['300', 'transient'],
    ['420', 'expired'],
    ['900', 'funds'],
    ['910', 'auth'],
    ['1000', 'unknown'],
    ['12345', null],
    ['constructor', null],
  ])('with the error %s mean %s', (ErrorCode, failure) => {
    expect(read({ Status: 'failed', ErrorCode })).toMatchObject([{ errorCode: ErrorCode, failure }]);
  });

  test.each(['', 'free', '-1', '1e9'])('that cost %s tell of no cost', (TotalAmount) => {
    expect(read({ Status: 'sent', TotalAmount })[0]).not.toHaveProperty('cost');
  });
});

describe('texts', () => {
  const read = (form: Readonly<Record<string, string>>) =>
    connection.read(
      webhookRequest({
        address: 'sms',
        url: 'https://signalbox.example.com/sms',
        rawBody: new URLSearchParams({
          MessageUUID: uuid,
          From: '61491570156',
          To: '15550001000',
          Text: 'Hi',
          ...form,
        }).toString(),
      }),
    );

  test.each([
    ['61491570156', '+61491570156'],
    ['+61491570156', '+61491570156'],
    ['38421', '38421'],
    ['Salon', 'Salon'],
  ])('from %s are from %s', (From, from) => {
    expect(read({ From })).toMatchObject([{ from, to: '+15550001000' }]);
  });

  test.each([
    ['Stop', 'optout', { kind: 'stop', stated: true }],
    ['Enough of this', 'optout', { kind: 'stop', stated: true }],
    ['yes', 'optin', { kind: 'start', stated: true }],
    ['help', 'help', { kind: 'help', stated: true }],
    ['STOP', '', null],
    ['STOP', 'constructor', null],
    [' stop all ', undefined, { kind: 'stop', stated: false }],
    ['Unstop', undefined, { kind: 'start', stated: false }],
    ['info', undefined, { kind: 'help', stated: false }],
    ['Stop it!', undefined, null],
  ])('that say %s with the intent %s', (Text, intent, carrierWord) => {
    const form = intent === undefined ? { Text } : { Text, MessageIntent: intent };
    expect(read(form)).toMatchObject([{ carrierWord }]);
  });

  test('bring at most ten files, from the web alone', () => {
    const files = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`Media${index}`, `https://media.plivo.com/${index}`]),
    );
    expect(
      read({ Type: 'mms', ...files, Media3: 'file:///etc/passwd', Media11: 'https://media.plivo.com/11' }),
    ).toMatchObject([
      {
        media: [0, 1, 2, 4, 5, 6, 7, 8, 9, 10].map((index) => ({ url: `https://media.plivo.com/${index}`, type: '' })),
      },
    ]);
  });
});

describe('the list', () => {
  const query = { ...message, hasMedia: false, since: new Date('2026-03-02T15:00:00Z') };
  const page = (numbers: readonly string[], next: string | null = null): StubbedAnswer => ({
    status: 200,
    body: { meta: { next }, objects: numbers.map((to_number) => ({ to_number, message_uuid: uuid })) },
  });

  test('says that nothing went to a number', async () => {
    const { requests, connection: looking } = answered(
      page(['15550009999'], '/v1/Account/x/Message/?offset=20'),
      page([]),
    );
    expect(await looking.lookup?.(query, 1_000)).toEqual([]);
    expect(requests.map(({ url }) => new URL(url).searchParams.get('message_time__gte'))).toEqual([
      '2026-03-02 14:59:00',
      null,
    ]);
  });

  test.each([
    ['holds the number', [page(['15550001234'])] as const],
    ['holds numbers that nobody can read', [page(['155XXXXX234'])] as const],
    ['does not end', [page([], '/v1/Account/x/Message/?offset=20')] as const],
  ])('cannot tell where it %s', async (_name, answers) => {
    const { requests, connection: looking } = answered(...answers);
    expect(await looking.lookup?.(query, 1_000)).toBe('cannot_tell');
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  test('leads nowhere else', async () => {
    const { connection: looking } = answered(page([], '@elsewhere.example.com/'));
    await expect(looking.lookup?.(query, 1_000)).rejects.toThrow();
  });
});

test('a price is asked for a country, and not for a number of none', async () => {
  const { requests, connection: asking } = answered({
    status: 200,
    body: { message: { outbound: { rate: '0.00350' } } },
  });
  expect(await asking.price?.('+4915123456789', 1_000)).toEqual({ microUnits: 3_500n, currency: 'USD' });
  expect(new URL(requests[0]?.url ?? '').searchParams.get('country_iso')).toBe('DE');
  expect(await asking.price?.('+88312345678', 1_000)).toBeNull();
  expect(requests).toHaveLength(1);
});

test('the carrier’s own requests are believed and understood', async () => {
  const customer = await startCarrierCustomer(plivo, credentials, { number: businessNumber, opt_out: 'carrier' });
  try {
    const { carrier, connection: ours, callbackUrl, told } = customer;
    const sent = await ours.send({ ...message, body: 'Grüße 👋', callbackUrl }, 5_000);
    const { providerId } = z.object({ providerId: z.string() }).parse(sent);
    const receipts = await told('status', 2);
    expect(receipts.map((request) => ours.verify?.(request))).toEqual([true, true]);
    const receipt = { kind: 'receipt', providerId, reference: attempt, errorCode: null, failure: null };
    const cost = { microUnits: 5_500n, currency: 'USD' };
    expect(receipts.flatMap((request) => ours.read(request))).toEqual([
      { ...receipt, status: 'sent', cost },
      { ...receipt, status: 'delivered', cost },
    ]);
    for (const body of ['Ça va, Zoë? 👋 & more=less', 'Stop']) carrier.text(person, businessNumber, body);
    const texts = await told('sms', 2);
    expect(texts.map((request) => ours.verify?.(request))).toEqual([true, true]);
    expect(texts.flatMap((request) => ours.read(request))).toMatchObject([
      { kind: 'text', from: person, to: businessNumber, body: 'Ça va, Zoë? 👋 & more=less', carrierWord: null },
      { kind: 'text', body: 'Stop', carrierWord: { kind: 'stop', stated: true } },
    ]);
    carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason: 'opted_out', count: 1 });
    await ours.send({ ...message, to: '+15550004321', callbackUrl }, 5_000);
    const [, , , failed] = await told('status', 4);
    expect(failed === undefined ? [] : ours.read(failed)).toMatchObject([
      { status: 'undelivered', errorCode: '200', failure: 'opted_out' },
    ]);
  } finally {
    await customer.close();
  }
});
