import { createHash, createHmac } from 'node:crypto';
import { businessNumber, person } from '@signalbox/demo-carrier/carrier-fixture';
import { bird } from '@signalbox/engine/providers/bird';
import type { FailureClass, ReceiptStatus } from '@signalbox/engine/providers/provider';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startCarrierCustomer } from './carrier-customer.ts';
import { connectStubbed, inTurn, type StubbedAnswer } from './stub-client.ts';
import { cameAt, webhookRequest } from './webhook-request.ts';

const signingKey = 'the-signing-key-of-the-subscription';
const credentials = { ...bird.account.example, channel_number: businessNumber, signing_key: '' };
const channel = '614208aa-b153-4d5d-9989-2fddfc0ce4c3';
const id = '96a0b5fa-a986-453d-be5c-3117f989f025';
const attempt = '00000000-0000-7000-8000-00000000000a';
const message = {
  from: businessNumber,
  to: person,
  body: 'Hello',
  media: [],
  reference: attempt,
  callbackUrl: `https://signalbox.example.com/status?attempt=${attempt}`,
};
const connected = (changed: Readonly<Record<string, string>> = {}, ...answers: readonly StubbedAnswer[]) => {
  const [first = { status: 202, body: { id } }, ...rest] = answers;
  return connectStubbed(bird, { ...credentials, ...changed }, inTurn(first, ...rest));
};
const url = 'https://signalbox.example.com/webhooks/bird/1/status';
const posted = (event: unknown, headers: Readonly<Record<string, string>> = {}, receivedAt = cameAt) =>
  webhookRequest({ address: 'status', url, headers, rawBody: JSON.stringify(event), receivedAt });

describe('sending', () => {
  test('is one request to the channel, with our reference', async () => {
    const { requests, connection } = connected();
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: id });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: `https://api.bird.com/workspaces/a1405560-c8d3-4b1a-877d-3f449ad95352/channels/${channel}/messages`,
      headers: { authorization: 'AccessKey the-access-key-of-the-account' },
    });
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      receiver: { contacts: [{ identifierKey: 'phonenumber', identifierValue: person }] },
      body: { type: 'text', text: { text: 'Hello' } },
      reference: attempt,
    });
  });

  test('from a number that is not the channel’s is none', async () => {
    const { requests, connection } = connected();
    expect(await connection.send({ ...message, from: '+15550009999' }, 1_000)).toMatchObject({
      kind: 'refused',
      errorClass: 'sender',
    });
    expect(requests).toEqual([]);
  });

  test.each([
    ['Look', { type: 'image', image: { images: [{ mediaUrl: 'https://m.example.com/1' }], text: 'Look' } }],
    ['', { type: 'image', image: { images: [{ mediaUrl: 'https://m.example.com/1' }] } }],
  ])('with pictures and “%s” is an image', async (body, image) => {
    const { requests, connection } = connected();
    const media = [{ url: 'https://m.example.com/1', type: 'image/png', read: async () => new Uint8Array() }];
    await connection.send({ ...message, body, media }, 1_000);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ body: image });
  });

  const error = (status: number, details: object): StubbedAnswer => ({
    status,
    body: { code: 'InvalidPayload', message: 'said', details },
  });
  const refused = (errorClass: string, code = 'InvalidPayload') => ({
    kind: 'refused',
    errorClass,
    code,
    retryAfterMs: null,
  });
  const doubt = (code: string) => ({ kind: 'ambiguous', code });
  test.each<readonly [string, StubbedAnswer, object]>([
    ['the receiver', error(422, { '.receiver.contacts[0].identifierValue': [] }), refused('invalid_number')],
    ['the sender', error(400, { '.sender.connector': [] }), refused('sender')],
    ['the body', error(422, { '.body.text': [] }), refused('invalid_message')],
    ['the receiver, to a stranger', error(403, { '.receiver': [] }), refused('auth')],
    ['no channel', { status: 404, body: { code: 'NotFound' } }, refused('auth', 'NotFound')],
    [
      'details of another kind',
      { status: 422, body: { code: 7, details: 'x' } },
      refused('invalid_message', 'http_422'),
    ],
    ['no words', { status: 401, body: '' }, refused('auth', 'http_401')],
    [
      'too many requests',
      { status: 429, body: '', headers: { 'retry-after': '3' } },
      { ...refused('throttled', 'http_429'), retryAfterMs: 3_000 },
    ],
    ['200 in the place of 202', { status: 200, body: { id } }, doubt('http_200')],
    ['no id', { status: 202, body: {} }, doubt('unreadable_202')],
    ['no JSON', { status: 202, body: '<html>' }, doubt('unreadable_202')],
    ['a conflict', { status: 409, body: {} }, doubt('http_409')],
    ['an error of the server', error(500, { '.receiver': [] }), doubt('http_500')],
  ])('understands %s', async (_name, answer, outcome) => {
    expect(await connected({}, answer).connection.send(message, 1_000)).toEqual(outcome);
  });
});

describe('events', () => {
  const payload = { id, channelId: channel, direction: 'outgoing', reference: attempt, status: 'delivered' };
  const { connection } = connected();

  test.each<readonly [string, ReceiptStatus]>([
    ['accepted', 'accepted'],
    ['processing', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['sending_failed', 'failed'],
    ['delivery_failed', 'undelivered'],
  ])('of %s leave a message %s', (status, told) => {
    expect(connection.read(posted({ payload: { ...payload, status } }))).toMatchObject([{ status: told }]);
  });

  test.each<readonly [object, string | null, FailureClass | null]>([
    [{ code: 15_005, source: { name: 'sms-messagebird', code: '1' } }, '1', 'invalid_number'],
    [{ code: 15_005 }, '15005', 'invalid_number'],
    [{ code: 15_001, source: { name: 'sms-messagebird', code: '4711' } }, '4711', 'transient'],
    [{ code: 14_000, source: { name: 'accounting', code: '1' } }, '14000', null],
    [{ code: 'constructor' }, 'constructor', null],
    [{}, null, null],
  ])('with the failure %o', (failure, errorCode, told) => {
    const event = { payload: { ...payload, status: 'delivery_failed', failure } };
    expect(connection.read(posted(event))).toMatchObject([{ errorCode, failure: told }]);
  });

  test('are read by other names where the account has others, and by nothing that is no name of theirs', () => {
    const { connection: other } = connected({
      path_channel: 'channel',
      path_id: 'data.0.message',
      path_status: 'data.0.state',
      path_reference: 'data.0.ref',
      path_direction: 'way',
    });
    const event = { channel, way: 'outgoing', data: [{ message: id, state: 'sent', ref: attempt }] };
    expect(other.read(posted(event))).toMatchObject([{ providerId: id, status: 'sent', reference: attempt }]);
    expect(other.read(posted({ payload }))).toEqual([{ kind: 'unknown' }]);
    const { connection: odd } = connected({ path_id: 'payload.constructor.name' });
    expect(odd.read(posted({ payload }))).toEqual([{ kind: 'unknown' }]);
  });

  test('go by the address where they name no direction, and stay apart where they are another channel’s', () => {
    const { direction: _none, ...silent } = payload;
    expect(connection.read(posted({ payload: silent }))).toMatchObject([{ kind: 'receipt' }]);
    expect(connection.read(posted({ payload: { ...payload, channelId: id } }))).toEqual([{ kind: 'unknown' }]);
  });
});

describe('the signature', () => {
  const event = { payload: { id, channelId: channel, direction: 'outgoing', status: 'sent' } };
  const moment = String(cameAt.getTime() / 1_000);
  /** What Bird's page on verifying a subscription does, in its order. */
  const signature = (secret: string, at: string, address = url, body = JSON.stringify(event)) => {
    const bodyHash = createHash('sha256').update(body).digest().toString('latin1');
    return createHmac('sha256', secret).update(`${at}\n${address}\n${bodyHash}`, 'latin1').digest('base64');
  };
  const signed = (given: string, at: string) => ({
    'messagebird-signature': given,
    'messagebird-request-timestamp': at,
  });
  const { connection } = connected({ signing_key: signingKey });
  const kinds = (headers: Readonly<Record<string, string>>, receivedAt = cameAt, of: object = event) =>
    connection.read(posted(of, headers, receivedAt)).map(({ kind }) => kind);
  const later = (ms: number) => new Date(cameAt.getTime() + ms);

  test('that fits is believed, in seconds, in milliseconds and as a date', () => {
    for (const at of [moment, `${moment}000`, cameAt.toISOString()])
      expect(kinds(signed(signature(signingKey, at), at))).toEqual(['receipt']);
  });

  test('that is missing, another’s, of another request or old leaves an event unknown, where there is a key', () => {
    const fits = signature(signingKey, moment);
    const unknown = ['unknown'];
    expect(kinds({})).toEqual(unknown);
    expect(kinds(signed(signature('another', moment), moment))).toEqual(unknown);
    expect(kinds(signed(fits, `${moment}0`))).toEqual(unknown);
    expect(kinds(signed(fits, moment), cameAt, { ...event, x: 1 })).toEqual(unknown);
    expect(kinds(signed(signature(signingKey, moment, `${url}?x=1`), moment))).toEqual(unknown);
    expect(kinds(signed(fits, moment), later(10 * 3_600_000))).toEqual(unknown);
    expect(kinds(signed(fits, moment), later(-300_001))).toEqual(unknown);
    expect(kinds(signed(fits, moment), later(8 * 3_600_000))).toEqual(['receipt']);
    for (const at of ['', 'yesterday']) expect(kinds(signed(signature(signingKey, at), at))).toEqual(unknown);
  });

  test('is not asked for where the account has no key: the address is the secret', () => {
    expect(connected().connection.read(posted(event))).toMatchObject([{ kind: 'receipt' }]);
  });
});

describe('the list', () => {
  const query = { ...message, hasMedia: false, since: new Date('2026-03-02T15:00:00Z') };
  const entry = (reference?: string | null) => ({
    id,
    direction: 'outgoing',
    status: 'sent',
    createdAt: '2026-03-02T15:00:01Z',
    ...(reference === undefined ? {} : { reference }),
  });
  const page = (results: readonly object[], nextPageToken?: string): StubbedAnswer => ({
    status: 200,
    body: { results, nextPageToken },
  });
  const look = (...pages: readonly StubbedAnswer[]) => connected({}, ...pages).connection.lookup?.(query, 1_000);

  test('is read over pages', async () => {
    const found = [{ providerId: id, createdAt: new Date('2026-03-02T15:00:01Z'), status: 'sent' }];
    expect(await look(page([entry(null)], 'next'), page([entry(attempt)]))).toEqual(found);
  });

  test('says that there is none, or that it cannot tell', async () => {
    expect(await look(page([entry(null), entry('another')]))).toEqual([]);
    expect(await look(page([{ ...entry(attempt), createdAt: '2026-03-02T14:00:00Z' }]))).toEqual([]);
    expect(await look(page([{ ...entry(), direction: 'incoming' }]))).toEqual([]);
    expect(await look(page([entry()]))).toBe('cannot_tell');
    expect(await look(page([], 'for ever'))).toBe('cannot_tell');
  });

  test('that cannot be read says nothing', async () => {
    await expect(look({ status: 400, body: {} })).rejects.toThrow();
  });
});

test.each([
  ['that it is not the channel', { status: 404, body: {} }, { ok: false, code: 'http_404' }],
  ['something else', { status: 200, body: [] }, { ok: false, code: 'unreadable' }],
  ['the channel', { status: 200, body: { id: channel } }, { ok: true, balance: null }],
])('an account is checked by what is answered: %s', async (_name, answer, checked) => {
  expect(await connected({}, answer).connection.check(1_000)).toMatchObject(checked);
});

test.each(['', signingKey])('the carrier’s own requests are understood with the signing key “%s”', async (key) => {
  const given = { ...credentials, signing_key: key };
  const customer = await startCarrierCustomer(bird, given, { number: businessNumber });
  try {
    const { carrier, connection, told } = customer;
    const sent = await connection.send({ ...message, body: 'Grüße 👋' }, 5_000);
    const { providerId } = z.object({ providerId: z.string() }).parse(sent);
    const receipt = { kind: 'receipt', providerId, reference: attempt, errorCode: null, failure: null };
    expect((await told('status', 2)).flatMap((request) => connection.read(request))).toEqual([
      { ...receipt, status: 'sent' },
      { ...receipt, status: 'delivered' },
    ]);
    carrier.text(person, businessNumber, 'Ça va, Zoë? 👋');
    expect((await told('sms', 1)).flatMap((request) => connection.read(request))).toMatchObject([
      { kind: 'text', from: person, to: businessNumber, body: 'Ça va, Zoë? 👋' },
    ]);
    carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason: 'opted_out', count: 1 });
    await connection.send({ ...message, to: '+15550004321' }, 5_000);
    const [, , , failed] = await told('status', 4);
    expect(failed === undefined ? [] : connection.read(failed)).toMatchObject([
      { status: 'undelivered', errorCode: '103', failure: 'opted_out' },
    ]);
  } finally {
    await customer.close();
  }
});
