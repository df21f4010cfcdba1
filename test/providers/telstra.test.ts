import type { OutgoingRequest } from '@signalbox/engine/http/outgoing';
import { telstra } from '@signalbox/engine/providers/telstra';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCustomer, startCarrierCustomer } from './carrier-customer.ts';
import { attempt, connected, created, credentials, id, message, ours, theirs } from './telstra-stub.ts';
import { webhookRequest } from './webhook-request.ts';

const bodyOf = ({ body = '' }: Pick<OutgoingRequest, 'body'> = {}): unknown => JSON.parse(body);

const errors = (code: string, field?: string) => ({
  errors: [{ code, issue: 'An issue', suggested_action: 'An action', field }],
});

describe('what is sent', () => {
  test('carries the headers that are required, our reference as a tag, and numbers as Australians dial them', async () => {
    const { connection, asked } = connected(() => created);
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: id });
    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatchObject({
      method: 'POST',
      url: 'https://products.api.telstra.com/messaging/v3/messages',
      headers: {
        authorization: 'Bearer t1',
        'telstra-api-version': '3.x',
        'content-language': 'en-au',
        accept: 'application/json',
        'accept-charset': 'utf-8',
        'content-type': 'application/json',
      },
    });
    expect(bodyOf(asked()[0])).toEqual({
      to: '0476543210',
      from: '0401234567',
      messageContent: 'Hello',
      tags: [attempt],
      deliveryNotification: true,
      statusCallbackUrl: message.callbackUrl,
    });
  });

  test.each([
    [{ to: '+447700900123' }, { to: '+447700900123' }],
    [{ to: '+6141' }, { to: '+6141' }],
    [{ from: 'Signalbox' }, { from: 'Signalbox' }],
  ])('%j is written as %j', async (change, written) => {
    const { connection, asked } = connected(() => created);
    await connection.send({ ...message, ...change }, 1_000);
    expect(bodyOf(asked()[0])).toMatchObject(written);
  });

  test('names no receipt address that is not encrypted', async () => {
    const { connection, asked } = connected(() => created);
    await connection.send({ ...message, callbackUrl: 'http://127.0.0.1:1/status' }, 1_000);
    expect(bodyOf(asked()[0])).toEqual({
      to: '0476543210',
      from: '0401234567',
      messageContent: 'Hello',
      tags: [attempt],
    });
  });

  test('holds files whole; one that cannot be read is not sent', async () => {
    const { connection, asked } = connected(() => created);
    const file = {
      url: 'https://signalbox.example.com/media/1',
      type: 'image/png',
      read: async () => Buffer.from('PNG'),
    };
    await connection.send({ ...message, body: '', media: [file] }, 1_000);
    const [first] = asked();
    expect(bodyOf(first)).toMatchObject({
      multimedia: [{ type: 'image/png', fileName: 'file-1.png', payload: Buffer.from('PNG').toString('base64') }],
    });
    expect(bodyOf(first)).not.toHaveProperty('messageContent');
    const lost = { ...file, read: () => Promise.reject(new Error('lost')) };
    const outcome = await connection.send({ ...message, media: [lost] }, 1_000);
    expect(outcome).toMatchObject({ kind: 'refused', errorClass: 'transient', code: 'unreadable_media' });
    expect(asked()).toHaveLength(1);
  });

  test.each([
    [400, errors('RECIPIENT_OPTOUT'), 'opted_out'],
    [400, errors('SENDERNAME_ERR'), 'sender'],
    [400, errors('MODERATION_ERR'), 'blocked'],
    [400, errors('TAGS_ERR'), 'invalid_message'],
    [400, errors('FIELD_INVALID', 'to'), 'invalid_number'],
    [400, errors('FIELD_LENGTH_ERR', 'to[0]'), 'invalid_number'],
    [400, errors('FIELD_INVALID', 'from'), 'sender'],
    [400, errors('FIELD_LENGTH_ERR', 'messageContent'), 'invalid_message'],
    [400, errors('FIELD_MISSING'), 'invalid_message'],
    [400, errors('constructor', '__proto__'), 'invalid_message'],
    [400, '<html>', 'invalid_message'],
    [401, errors('TOKEN_EXPIRED'), 'auth'],
    [402, errors('ACCOUNT_LIMIT_ERROR'), 'funds'],
    [402, errors('RATE_PLAN_ERR'), 'funds'],
    [402, errors('FREE_TRIAL_INTERNATIONAL_ERR'), 'unsupported'],
    [402, '', 'funds'],
    [403, errors('INSUFFICIENT_SCOPE'), 'auth'],
    [404, errors('RESOURCE_TEMP_ERR'), 'transient'],
    [413, errors('MULTIMEDIA_TOO_LARGE'), 'invalid_message'],
    [429, errors('TOO_MANY_REQUESTS'), 'throttled'],
  ])('%i %j is refused as %3$s', async (status, body, errorClass) => {
    const { connection } = connected(() => ({ status, body, headers: { 'retry-after': '3600' } }));
    const outcome = await connection.send(message, 1_000);
    expect(outcome).toMatchObject({ kind: 'refused', errorClass, retryAfterMs: 3_600_000 });
  });

  test.each([
    [201, '<html>'],
    [201, { messageId: [] }],
    [201, { messageId: [id, id] }],
    [200, { messageId: id }],
    [500, errors('INTERNAL_TIMEOUT')],
    [504, ''],
  ])('%i %j leaves a doubt', async (status, body) => {
    expect(await connected(() => ({ status, body })).connection.send(message, 1_000)).toMatchObject({
      kind: 'ambiguous',
    });
  });

  test('an id may come as a list of one', async () => {
    const { connection } = connected(() => ({ status: 201, body: { messageId: [id] } }));
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: id });
  });
});

test.each([
  [401, 'auth'],
  [402, 'funds'],
  [429, 'throttled'],
  [500, 'transient'],
])('an account is checked: an answer of %i is %s', async (status, errorClass) => {
  const { connection } = connected(() => ({ status, body: errors('RATE_PLAN_ERR') }));
  expect(await connection.check(1_000)).toEqual({ ok: false, errorClass, code: `http_${status}` });
});

describe('callbacks', () => {
  const posted = (body: unknown) =>
    webhookRequest({ address: 'status', url: 'https://signalbox.example.com/status', rawBody: JSON.stringify(body) });

  test('the field that names the message can be another', () => {
    const { connection } = connected(() => created, undefined, { message_id_field: 'id' });
    expect(connection.read(posted({ id }))).toEqual([{ kind: 'hint', providerId: id }]);
    expect(connection.read(posted({ messageId: id }))).toEqual([{ kind: 'unknown' }]);
  });

  test('what they say themselves is not believed', () => {
    const { connection } = connected(() => created);
    const lie = { messageId: id, status: 'delivered', messageContent: 'STOP', from: '0476543210', to: '0401234567' };
    expect(connection.read(posted(lie))).toEqual([{ kind: 'hint', providerId: id }]);
  });

  const outgoing = { messageId: id, direction: 'outgoing', to: '0476543210', from: '0401234567', tags: [attempt] };
  test.each([
    ['queued', 'accepted', null, null],
    ['sent', 'sent', null, null],
    ['delivered', 'delivered', null, null],
    ['expired', 'undelivered', 'expired', 'expired'],
    ['undeliverable', 'undelivered', 'undeliverable', null],
  ])('a message that is %s is %s', async (status, left, errorCode, failure) => {
    const { connection } = connected(() => ({ status: 200, body: { ...outgoing, status } }));
    expect(await connection.confirm?.(id, 1_000)).toEqual([
      { kind: 'receipt', providerId: id, reference: attempt, status: left, errorCode, failure },
    ]);
  });

  test.each([
    [{ ...outgoing, status: 'constructor' }],
    [{ ...outgoing, status: undefined }],
    [{ ...outgoing, direction: 'sideways' }],
    ['<html>'],
  ])('%j is not understood', async (body) => {
    const { connection } = connected(() => ({ status: 200, body }));
    expect(await connection.confirm?.(id, 1_000)).toEqual([{ kind: 'unknown' }]);
  });

  test.each([
    ['0476543210', theirs],
    ['+61476543210', theirs],
    ['61476543210', theirs],
    [476_543_210, theirs],
    ['447700900123', '+447700900123'],
    ['Somebody', 'Somebody'],
  ])('a text from %s is one from %s', async (from, number) => {
    const body = { messageId: id, direction: 'incoming', from, to: '0401234567', messageContent: 'Hi' };
    const { connection } = connected(() => ({ status: 200, body }));
    expect(await connection.confirm?.(id, 1_000)).toMatchObject([{ kind: 'text', from: number, to: ours }]);
  });

  test.each([
    [400, 'ID_NOT_ASSIGNED', 'nothing'],
    [400, 'TIMEFRAME_ERR', 'nothing'],
    [404, 'RESOURCE_NOT_FOUND', 'nothing'],
    [404, 'RESOURCE_TEMP_ERR', 'later'],
    [400, 'FIELD_MISSING', 'later'],
    [401, 'TOKEN_EXPIRED', 'later'],
    [500, 'NETWORK_ERR', 'later'],
  ])('%i %s says %s', async (status, code, what) => {
    const { connection } = connected(() => ({ status, body: { errors: [{ code }] } }));
    const asked = connection.confirm?.(id, 1_000);
    if (what === 'nothing') expect(await asked).toEqual([]);
    else await expect(asked).rejects.toThrow();
  });
});

describe('lists', () => {
  const optOuts = Array.from({ length: 120 }, (_, index) => ({
    optoutNumber: `0412345${String(index).padStart(3, '0')}`,
    createTimestamp: '2026-03-02T15:00:00.000Z',
  }));
  const pageIn = (url: string, unit: 'pages' | 'rows', nextPage: (next: number) => string | undefined) => {
    const asked = new URL(url).searchParams;
    const [limit, offset] = [Number(asked.get('limit')), Number(asked.get('offset'))];
    const start = unit === 'pages' ? offset * limit : offset;
    const next = unit === 'pages' ? offset + 1 : offset + limit;
    return { recipientOptouts: optOuts.slice(start, start + limit), paging: { nextPage: nextPage(next) } };
  };
  test.each([
    ['pages, with links', 'pages', (next: number) => `/messaging/v3/x?offset=${next}&limit=50`, 3],
    ['pages, without', 'pages', () => undefined, 3],
    ['rows, with links', 'rows', (next: number) => `https://products.api.telstra.com/x?limit=50&offset=${next}`, 3],
    ['rows, without', 'rows', () => undefined, 73],
  ] as const)('are read whole where an offset counts %s', async (_name, unit, nextPage, most) => {
    const { connection, asked } = connected(
      ({ url }) => ({ status: 200, body: pageIn(url, unit, nextPage) }),
      undefined,
      {
        virtual_number: '0401 234 567',
      },
    );
    const found = (await connection.optOuts?.(null, 1_000)) ?? [];
    expect(new Set(found.map(({ number }) => number)).size).toBe(120);
    expect(found).toHaveLength(120);
    expect(asked().length).toBeLessThanOrEqual(most);
    expect(asked()[0]?.url).toContain('/messaging/v3/virtual-numbers/0401234567/optouts?');
  });

  test('the opt-outs of every number of the account are read where none is named', async () => {
    const { connection } = connected(({ url }) => {
      const [, number] = /numbers\/(\d+)\/optouts/.exec(url) ?? [];
      const body =
        number === undefined
          ? { virtualNumbers: [{ virtualNumber: 401_234_567 }, { virtualNumber: '0401234568' }] }
          : {
              recipientOptouts: [
                { optoutNumber: number.replace('040', '049'), createTimestamp: '2026-03-02T15:00:00.000Z' },
              ],
            };
      return { status: 200, body };
    });
    expect((await connection.optOuts?.(null, 1_000))?.map(({ number }) => number)).toEqual([
      '+61491234567',
      '+61491234568',
    ]);
  });

  test('a look-up asks by our tag, and takes nothing without it', async () => {
    const row = { direction: 'outgoing', to: '0476543210', from: '0401234567', status: 'sent' };
    const at = '2026-03-02T15:00:00.000Z';
    const messages = [
      { ...row, messageId: 'm1', createTimestamp: at, tags: ['sale', attempt] },
      { ...row, messageId: 'm2', createTimestamp: at, tags: [] },
      { ...row, messageId: 'm3', createTimestamp: at },
    ];
    const { connection, asked } = connected(() => ({ status: 200, body: { messages } }));
    expect(await connection.lookup?.({ ...message, hasMedia: false, since: new Date(at) }, 1_000)).toEqual([
      { providerId: 'm1', createdAt: new Date(at), status: 'sent' },
    ]);
    expect(asked()[0]?.url).toContain(`filter=${attempt}`);
  });
});

describe('at the carrier', () => {
  let customer: CarrierCustomer;
  beforeEach(async () => {
    customer = await startCarrierCustomer(telstra, credentials, { number: ours, opt_out: 'carrier' });
  });
  afterEach(() => customer.close());
  const plain = { ...message, callbackUrl: 'http://127.0.0.1:1/status' };
  /** What became known by all callbacks, each confirmed. */
  const told = async () => {
    const { connection } = customer;
    const hints = customer.callbacks().flatMap((request) => connection.read(request));
    const events = hints.map(async (hint) =>
      hint.kind === 'hint' ? ((await connection.confirm?.(hint.providerId, 1_000)) ?? []) : [hint],
    );
    return (await Promise.all(events)).flat();
  };

  test('its receipts are confirmed, with our reference', async () => {
    const outcome = await customer.connection.send(plain, 1_000);
    await customer.quiet();
    const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
    expect((await told()).at(-1)).toEqual({
      kind: 'receipt',
      providerId,
      reference: attempt,
      status: 'delivered',
      errorCode: null,
      failure: null,
    });
  });

  test.each([
    ['expired', 'expired', 'expired'],
    ['transient', 'undeliverable', null],
  ] as const)('and that a message did not arrive: %s', async (reason, errorCode, failure) => {
    customer.carrier.addFault({ kind: 'receipt_status', outcome: 'undelivered', reason, count: 1 });
    await customer.connection.send(plain, 1_000);
    await customer.quiet();
    expect((await told()).at(-1)).toMatchObject({ status: 'undelivered', errorCode, failure });
  });

  test('whoever texts STOP is on the list of opt-outs, and refused', async () => {
    const providerId = customer.carrier.text(theirs, ours, 'Stop');
    await customer.quiet();
    expect(await told()).toContainEqual({
      kind: 'text',
      providerId,
      from: theirs,
      to: ours,
      body: 'Stop',
      media: [],
      carrierWord: { kind: 'stop', stated: false },
    });
    expect(await customer.connection.optOuts?.(null, 1_000)).toEqual([{ number: theirs, at: expect.any(Date) }]);
    expect(await customer.connection.send(plain, 1_000)).toMatchObject({
      errorClass: 'opted_out',
      code: 'RECIPIENT_OPTOUT',
    });
  });

  test('an encrypted receipt address is taken with the wish to be told', async () => {
    await customer.connection.send(message, 1_000);
    expect(customer.carrier.ledger.messages.at(-1)?.statusCallback).toBe(message.callbackUrl);
  });

  test('a foreign number is written in full, and a sender’s name as it is', async () => {
    expect(await customer.connection.send({ ...plain, to: '+447700900123' }, 1_000)).toMatchObject({
      kind: 'accepted',
    });
    expect(customer.carrier.ledger.messages.at(-1)).toMatchObject({ from: ours, to: '+447700900123' });
    expect(await customer.connection.send({ ...plain, from: 'Nobody' }, 1_000)).toMatchObject({ errorClass: 'sender' });
  });
});
