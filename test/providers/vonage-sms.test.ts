import { describe, expect, test } from 'vitest';
import { answeredBy, message, person, smsCredentials } from './vonage-account.ts';
import { webhookRequest } from './webhook-request.ts';

const taken = (id: string, price = '0.03330000') => ({
  to: '447700900001',
  'message-id': id,
  status: '0',
  'remaining-balance': '3.14159265',
  'message-price': price,
  network: '12345',
});
const wrong = (status: string, why = '') => ({ to: '447700900001', status, 'error-text': why });
const parts = (...messages: object[]) => ({ 'message-count': String(messages.length), messages });

describe('a request of the SMS API', () => {
  test('has numbers without a plus, our reference, and an address for receipts without a query', async () => {
    const { connection, requests } = answeredBy(smsCredentials, parts(taken('id-1')));
    expect(await connection.send(message, 1_000)).toEqual({
      kind: 'accepted',
      providerId: 'id-1',
      partIds: [],
      cost: { microUnits: 33_300n, currency: 'EUR' },
    });
    const [{ method, url, body = '' } = { method: '', url: '' }] = requests;
    expect([requests.length, method, url]).toEqual([1, 'POST', 'https://rest.nexmo.com/sms/json']);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      api_key: 'a1b2c3d4',
      api_secret: 'the-secret-of-the-key',
      from: '447700900000',
      to: '447700900001',
      text: 'Hello',
      type: 'text',
      'client-ref': message.reference,
      callback: 'https://signalbox.example.com/webhooks/vonage/1/status',
    });
  });

  test.each([
    ['Hello {€}', 'text'],
    ['Привет', 'unicode'],
    ['Hello 👋', 'unicode'],
    ['naïve', 'unicode'],
  ])('says how it is written: %s', async (body, type) => {
    const { connection, requests } = answeredBy(smsCredentials, parts(taken('id-1')));
    await connection.send({ ...message, body, from: 'AcmeInc' }, 1_000);
    const form = new URLSearchParams(requests[0]?.body);
    expect([form.get('type'), form.get('text'), form.get('from')]).toEqual([type, body, 'AcmeInc']);
  });
});

describe('an answer of the SMS API', () => {
  const send = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) =>
    answeredBy(smsCredentials, body, status, headers).connection.send(message, 1_000);

  test('holds an id and a price for each part; one that was taken is enough', async () => {
    expect(await send(parts(taken('id-1'), taken('id-2', '0.05'), taken('id-3')))).toEqual({
      kind: 'accepted',
      providerId: 'id-1',
      partIds: ['id-2', 'id-3'],
      cost: { microUnits: 116_600n, currency: 'EUR' },
    });
    expect(await send(parts(wrong('1'), taken('id-2'), wrong('5')))).toEqual({
      kind: 'accepted',
      providerId: 'id-2',
      partIds: [],
      cost: { microUnits: 33_300n, currency: 'EUR' },
    });
    const { 'message-price': _price, ...free } = taken('id-1');
    expect(await send(parts(free))).toEqual({ kind: 'accepted', providerId: 'id-1', partIds: [] });
  });

  test.each([
    ['1', 'throttled'],
    ['2', 'invalid_message'],
    ['4', 'auth'],
    ['6', 'invalid_number'],
    ['7', 'blocked'],
    ['8', 'auth'],
    ['9', 'funds'],
    ['10', 'transient'],
    ['11', 'auth'],
    ['12', 'invalid_message'],
    ['14', 'auth'],
    ['15', 'sender'],
    ['22', 'invalid_message'],
    ['23', 'invalid_message'],
    ['29', 'unsupported'],
    ['32', 'auth'],
    ['33', 'invalid_number'],
  ])('of status %s is %s', async (code, errorClass) => {
    const refused = { kind: 'refused', errorClass, code, retryAfterMs: null };
    expect(await send(parts(wrong(code)))).toEqual(refused);
    expect(await send(parts(wrong(code), wrong(code)))).toEqual(refused);
  });

  test.each([
    ['Invalid to param', 'invalid_number'],
    ['Invalid from param', 'sender'],
    ['Invalid callback param', 'invalid_message'],
    ['', 'invalid_number'],
  ])('blames the recipient for a wrong parameter only where it is theirs: %j', async (why, errorClass) => {
    expect(await send(parts(wrong('3', why)))).toMatchObject({ kind: 'refused', errorClass, code: '3' });
  });

  test.each([
    ['Throughput Rate Exceeded - please wait [ 250 ] and retry', 250],
    ['Throughput Rate Exceeded - please wait and retry', null],
    ['Exceeded maximum MT throughput [MAX[30] INTERVAL[1000]', null],
  ])('says when to come again, in one of its wordings: %s', async (why, wait) => {
    expect(await send(parts(wrong('1', why)))).toMatchObject({ errorClass: 'throttled', retryAfterMs: wait });
  });

  test.each([
    [parts(wrong('5', 'Internal Error')), 200, '5'],
    [parts(wrong('1'), wrong('5')), 200, '5'],
    [parts(wrong('constructor')), 200, 'constructor'],
    [parts(wrong('__proto__')), 200, '__proto__'],
    [parts({ status: '0' }), 200, 'no_id'],
    [parts(), 200, 'unreadable_200'],
    [{}, 200, 'unreadable_200'],
    ['<html>', 200, 'unreadable_200'],
    [parts(taken('id-1')), 202, 'http_202'],
    [parts(wrong('1')), 500, 'http_500'],
    ['', 404, 'http_404'],
  ])('leaves a doubt: case %#', async (body, status, code) => {
    expect(await send(body, status)).toEqual({ kind: 'ambiguous', code });
  });

  test('that is not the API’s goes by its HTTP status', async () => {
    expect(await send('', 429, { 'retry-after': '3' })).toEqual({
      kind: 'refused',
      errorClass: 'throttled',
      code: 'http_429',
      retryAfterMs: 3_000,
    });
    expect(await send('', 401)).toMatchObject({ kind: 'refused', errorClass: 'auth' });
  });
});

describe('what the SMS API tells', () => {
  const { connection } = answeredBy(smsCredentials);
  const told = (address: 'sms' | 'status', form: Readonly<Record<string, string>>) =>
    connection.read(
      webhookRequest({
        address,
        url: `https://signalbox.example.com/webhooks/vonage/1/${address}`,
        rawBody: new URLSearchParams(form).toString(),
      }),
    );
  const text = { messageId: '0A', msisdn: '447700900001', to: '447700900000', type: 'text', text: 'Hi' };

  test.each([
    ['2', 'transient'],
    ['3', 'invalid_number'],
    ['4', 'opted_out'],
    ['6', 'blocked'],
    ['9', 'invalid_number'],
    ['14', 'blocked'],
    ['15', 'unsupported'],
    ['16', 'throttled'],
    ['51', 'sender'],
    ['53', 'blocked'],
    ['1', null],
    ['99', null],
    ['constructor', null],
  ])('of err-code %s is %s: another table than that of refusals', (code, failure) => {
    const form = { messageId: '0A', status: 'failed', 'err-code': code, price: 'free', 'client-ref': '' };
    expect(told('status', form)).toEqual([
      {
        kind: 'receipt',
        providerId: '0A',
        reference: null,
        status: 'undelivered',
        errorCode: code,
        failure,
      },
    ]);
  });

  test.each([
    ['accepted', 'sent', null],
    ['buffered', 'sent', null],
    ['delivered', 'delivered', null],
    ['expired', 'undelivered', 'expired'],
    ['failed', 'undelivered', null],
    ['rejected', 'failed', null],
    ['unknown', 'sent', 'unknown'],
  ])('of %s is %s', (said, status, failure) => {
    expect(told('status', { messageId: '0A', status: said, 'err-code': '000' })).toMatchObject([
      { status, failure, errorCode: null },
    ]);
  });

  test.each([
    [
      { concat: 'true', 'concat-ref': '08B5', 'concat-total': '3', 'concat-part': '3' },
      { reference: '08B5', index: 3, of: 3 },
    ],
    [{ concat: 'true', 'concat-ref': '1', 'concat-total': '1', 'concat-part': '1' }, undefined],
    [{ concat: 'true', 'concat-ref': '1', 'concat-total': '2', 'concat-part': '3' }, undefined],
    [{ concat: 'true', 'concat-ref': '1', 'concat-total': '2', 'concat-part': '0' }, undefined],
    [{ concat: 'true', 'concat-total': '2', 'concat-part': '1' }, undefined],
    [{ concat: 'false', 'concat-ref': '1', 'concat-total': '2', 'concat-part': '1' }, undefined],
  ])('is a part where it says which of how many: case %#', (concat, part) => {
    const [event] = told('sms', { ...text, ...concat });
    expect([event?.kind, event !== undefined && 'part' in event ? event.part : undefined]).toEqual(['text', part]);
  });

  test('is from a number, or from whoever it says', () => {
    const from = (msisdn: string) => told('sms', { ...text, msisdn });
    expect(from('447700900001')).toMatchObject([{ from: person }]);
    expect(from('+447700900001')).toMatchObject([{ from: person }]);
    expect(from('54321')).toMatchObject([{ from: '54321' }]);
    expect(from('AcmeInc')).toMatchObject([{ from: 'AcmeInc' }]);
  });
});
