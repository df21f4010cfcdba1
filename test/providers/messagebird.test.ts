import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { messagebird } from '@signalbox/engine/providers/messagebird';
import type { FailureClass, ReceiptStatus } from '@signalbox/engine/providers/provider';
import reference from 'messagebird/lib/testdata/webhook-signature-jwt-reference.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startCarrierCustomer } from './carrier-customer.ts';
import { connectStubbed, inTurn, type StubbedAnswer } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const credentials = messagebird.account.example;
const id = 'e8077d803532c0b5937c639b60216938';
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
  connectStubbed(messagebird, credentials, inTurn(...answers));
const taken = {
  status: 201,
  body: { id, recipients: { totalCount: 1, items: [{ recipient: 15550001234, status: 'sent' }] } },
};
const { connection } = answered(taken);

describe('the reference vectors of MessageBird’s package', () => {
  const vectors = z
    .array(
      z.object({
        name: z.string(),
        method: z.string(),
        secret: z.string().optional(),
        url: z.string(),
        payload: z.string().optional(),
        timestamp: z.coerce.date(),
        token: z.string(),
        valid: z.boolean(),
      }),
    )
    .parse(reference);
  const believed = ({ secret, method, url, payload = '', timestamp, token }: (typeof vectors)[number]) => {
    const signing_key = secret ?? 'the-signing-key-of-the-account';
    const request = webhookRequest({
      method,
      address: 'sms',
      url,
      headers: { 'messagebird-signature-jwt': token },
      rawBody: payload,
      receivedAt: timestamp,
    });
    return connectStubbed(messagebird, { ...credentials, signing_key }).connection.verify?.(request);
  };

  test('are all there', () => {
    expect(vectors).toHaveLength(44);
    expect(vectors.filter(({ valid }) => valid)).toHaveLength(24);
  });

  test.each(vectors)('$name', (vector) => {
    expect(believed(vector)).toBe(vector.valid);
  });

  test('hold for a minute, and for the few seconds by which clocks differ', () => {
    const [vector] = vectors;
    if (vector === undefined) throw new Error('there is none');
    const after = (seconds: number) =>
      believed({ ...vector, timestamp: new Date(vector.timestamp.getTime() + seconds * 1_000) });
    expect([-6, -5, 0, 64, 65, 300].map(after)).toEqual([false, true, true, true, false, false]);
  });
});

describe('sending', () => {
  test('is one request that replaces no letter and asks for reports with our reference', async () => {
    const { requests, connection: sending } = answered(taken);
    expect(await sending.send({ ...message, body: 'Grüße 👋' }, 1_000)).toEqual({ kind: 'accepted', providerId: id });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      url: 'https://rest.messagebird.com/messages',
      headers: { authorization: 'AccessKey the-access-key-of-the-account' },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      originator: '15550001000',
      recipients: ['15550001234'],
      body: 'Grüße 👋',
      datacoding: 'auto',
      reference: attempt,
      reportUrl: message.callbackUrl,
    });
  });

  test.each(['Salon', '38421'])('from %s is from that', async (from) => {
    const { requests, connection: sending } = answered(taken);
    await sending.send({ ...message, from }, 1_000);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ originator: from });
  });

  const error = (status: number, code: number, parameter: string | null = null): StubbedAnswer => ({
    status,
    body: { errors: [{ code, description: 'said', parameter }] },
  });
  const refused = (errorClass: string, code: string) => ({ kind: 'refused', errorClass, code, retryAfterMs: null });
  const doubt = (code: string) => ({ kind: 'ambiguous', code });
  test.each<readonly [string, StubbedAnswer, object]>([
    ['a wrong key', error(401, 2, 'access_key'), refused('auth', '2')],
    ['9 of recipients', error(422, 9, 'recipients'), refused('invalid_number', '9')],
    ['9 of an originator', error(422, 9, 'originator'), refused('sender', '9')],
    ['9 of a body', error(422, 9, 'body'), refused('invalid_message', '9')],
    ['9 of nothing', error(422, 9), refused('invalid_number', '9')],
    ['9 of what there is not', error(422, 9, '__proto__'), refused('invalid_number', '9')],
    ['10 of recipients', error(422, 10, 'recipients'), refused('invalid_number', '10')],
    ['10 of an originator', error(422, 10, 'originator'), refused('sender', '10')],
    ['10 of something else', error(422, 10, 'reportUrl'), refused('invalid_message', '10')],
    ['21', error(400, 21), refused('invalid_message', '21')],
    ['25', error(422, 25), refused('funds', '25')],
    ['98', error(422, 98), doubt('98')],
    ['99', error(400, 99), doubt('99')],
    ['a code of tomorrow', error(422, 4_711), refused('invalid_message', '4711')],
    ['a code under an error of the server', error(503, 9, 'recipients'), doubt('9')],
    ['no words', { status: 403, body: '' }, refused('auth', 'http_403')],
    ['an error of the server', { status: 500, body: '' }, doubt('http_500')],
    ['200 in the place of 201', { ...taken, status: 200 }, doubt('http_200')],
    ['no JSON', { status: 201, body: '<html>' }, doubt('unreadable_201')],
    ['nobody that it goes to', { status: 201, body: { id, recipients: { items: [] } } }, doubt('unreadable_201')],
    [
      'too many requests',
      { ...error(429, 99), headers: { 'retry-after': '2' } },
      { ...refused('throttled', '99'), retryAfterMs: 2_000 },
    ],
  ])('understands %s', async (_name, answer, outcome) => {
    expect(await answered(answer).connection.send(message, 1_000)).toEqual(outcome);
  });
});

describe('the balance', () => {
  test.each([
    [
      { payment: 'prepaid', type: 'credits', amount: 12.5 },
      { microUnits: 12_500_000n, currency: null },
    ],
    [
      { payment: 'prepaid', type: 'euros', amount: 0.1 },
      { microUnits: 100_000n, currency: 'EUR' },
    ],
    [
      { payment: 'prepaid', type: 'pounds', amount: 1 },
      { microUnits: 1_000_000n, currency: 'GBP' },
    ],
    [
      { payment: 'prepaid', type: 'dollars', amount: -1 },
      { microUnits: -1_000_000n, currency: 'USD' },
    ],
    [
      { payment: 'prepaid', type: 'AUD', amount: 1 },
      { microUnits: 1_000_000n, currency: 'AUD' },
    ],
    [{ payment: 'postpaid', type: 'euros', amount: 0 }, null],
  ])('of %o', async (body, balance) => {
    expect(await answered({ status: 200, body }).connection.check(1_000)).toEqual({ ok: true, balance });
  });

  test('of another answer is none', async () => {
    const answer = { status: 200, body: { payment: 'prepaid', type: 'euros', amount: 'much' } };
    expect(await answered(answer).connection.check(1_000)).toMatchObject({ ok: false, errorClass: 'transient' });
  });
});

describe('status reports', () => {
  const read = (query: Readonly<Record<string, string>>) =>
    connection.read(
      webhookRequest({
        method: 'GET',
        address: 'status',
        url: `https://signalbox.example.com/status?${new URLSearchParams({ attempt, id, ...query })}`,
      }),
    );

  test.each<readonly [string, ReceiptStatus, FailureClass | null]>([
    ['scheduled', 'accepted', null],
    ['sent', 'sent', null],
    ['buffered', 'sent', null],
    ['delivered', 'delivered', null],
    ['expired', 'undelivered', 'expired'],
    ['delivery_failed', 'undelivered', null],
  ])('of %s', (status, told, failure) => {
    expect(read({ status })).toMatchObject([{ kind: 'receipt', status: told, failure, errorCode: null }]);
  });

  test.each<readonly [string, string | null, FailureClass | null]>([
    ['1', '1', 'invalid_number'],
    ['27', '27', 'transient'],
    ['103', '103', 'opted_out'],
    ['106', '106', 'blocked'],
    ['107', '107', 'throttled'],
    ['4711', '4711', null],
    ['constructor', 'constructor', null],
    ['0', null, null],
    ['', null, null],
  ])('with the code %s', (statusErrorCode, errorCode, failure) => {
    expect(read({ status: 'delivery_failed', statusErrorCode })).toMatchObject([{ errorCode, failure }]);
  });

  test('go by the reference that they echo, and by the attempt in the address where they echo none', () => {
    expect(read({ status: 'sent', reference: 'another' })).toMatchObject([{ reference: 'another' }]);
    expect(read({ status: 'sent', reference: '' })).toMatchObject([{ reference: attempt }]);
  });

  test.each([{ 'price[amount]': '0.07' }, { 'price[amount]': 'free', 'price[currency]': 'EUR' }, {}])(
    'tell of no cost in %o',
    (price) => {
      expect(read({ status: 'sent', ...price })[0]).not.toHaveProperty('cost');
    },
  );
});

test.each([
  ['mediaUrls=https%3A%2F%2Fm.example.com%2F1', ['https://m.example.com/1']],
  ['mediaUrls%5B0%5D=https%3A%2F%2Fm.example.com%2F1', ['https://m.example.com/1']],
  ['mediaUrls=%5B%22https%3A%2F%2Fm.example.com%2F1%22%2C%22file%3A%2F%2F%2Fa%22%5D', ['https://m.example.com/1']],
  ['mediaUrls=', []],
])('pictures are read from %s', (listed, urls) => {
  const rawBody = `id=${id}&recipient=15550001000&originator=15550001234&${listed}`;
  const url = 'https://signalbox.example.com/sms';
  expect(connection.read(webhookRequest({ address: 'sms', url, rawBody }))).toMatchObject([
    { kind: 'text', body: '', media: urls.map((each) => ({ url: each, type: '' })) },
  ]);
});

describe('the list', () => {
  const item = (reference: string | null) => ({
    id,
    direction: 'mt',
    originator: 'Salon',
    body: 'Hello',
    reference,
    createdDatetime: '2026-03-02T15:00:01+00:00',
    recipients: { items: [{ recipient: 15_550_001_234, status: 'delivered', statusDatetime: null, price: {} }] },
  });
  const page = (totalCount: number, ...items: readonly object[]): StubbedAnswer => ({
    status: 200,
    body: { totalCount, items },
  });
  const query = { ...message, hasMedia: false, since: new Date('2026-03-02T15:00:00Z') };
  const found = [{ providerId: id, createdAt: new Date('2026-03-02T15:00:01Z'), status: 'delivered' }];

  test('is read over pages, for the person and from a moment on', async () => {
    const { requests, connection: looking } = answered(page(3, item(null), item('another')), page(3, item(attempt)));
    expect(await looking.lookup?.(query, 1_000)).toEqual(found);
    expect(requests.map(({ url }) => Object.fromEntries(new URL(url).searchParams))).toEqual(
      [0, 2].map((offset) => ({
        recipient: '15550001234',
        direction: 'mt',
        from: '2026-03-02T14:59:00+00:00',
        limit: '100',
        offset: String(offset),
      })),
    );
  });

  test('that shrinks is at its end, and one without end cannot tell what it does not hold', async () => {
    expect(await answered(page(3, item(null)), page(3)).connection.lookup?.(query, 1_000)).toEqual([]);
    expect(await answered(page(9_999, item(null))).connection.lookup?.(query, 1_000)).toBe('cannot_tell');
  });
});

test('the carrier’s own requests are believed and understood', async () => {
  const customer = await startCarrierCustomer(messagebird, credentials, { number: businessNumber });
  try {
    const { carrier, connection: ours, callbackUrl, told } = customer;
    const sent = await ours.send({ ...message, body: 'Grüße 👋', callbackUrl }, 5_000);
    const { providerId } = z.object({ providerId: z.string() }).parse(sent);
    expect(carrier.ledger.messages.map(({ body }) => body)).toEqual(['Grüße 👋']);
    const reports = await told('status', 2);
    expect(reports.map((request) => [request.method, ours.verify?.(request)])).toEqual([
      ['GET', true],
      ['GET', true],
    ]);
    const receipt = { kind: 'receipt', providerId, reference: attempt, errorCode: null, failure: null };
    const cost = { microUnits: 70_000n, currency: 'EUR' };
    expect(reports.flatMap((request) => ours.read(request))).toEqual([
      { ...receipt, status: 'sent', cost },
      { ...receipt, status: 'delivered', cost },
    ]);
    carrier.text(person, businessNumber, 'Ça va, Zoë? 👋 & more=less');
    const texts = await told('sms', 1);
    expect(texts.map((request) => ours.verify?.(request))).toEqual([true]);
    expect(texts.flatMap((request) => ours.read(request))).toMatchObject([
      { kind: 'text', from: person, to: businessNumber, body: 'Ça va, Zoë? 👋 & more=less', carrierWord: null },
    ]);
    carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason: 'opted_out', count: 1 });
    await ours.send({ ...message, to: '+15550004321', callbackUrl }, 5_000);
    const [, , , failed] = await told('status', 4);
    expect(failed === undefined ? [] : ours.read(failed)).toMatchObject([
      { status: 'undelivered', errorCode: '103', failure: 'opted_out' },
    ]);
  } finally {
    await customer.close();
  }
});
