import type { OutgoingRequest } from '@signalbox/engine/http/outgoing';
import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { smsBroadcast } from '@signalbox/engine/providers/sms-broadcast';
import { describe, expect, test } from 'vitest';
import { startCarrierCustomer } from './carrier-customer.ts';
import { connectStubbed } from './stub-client.ts';
import { webhookRequest } from './webhook-request.ts';

const credentials = { username: 'our-api-key', password: 'the-secret-of-the-key' };
const person = '+61400111222';
const ours = '+61480000001';
const reference = '3n8v1kq0zt5w7x2ybc4d';
const message: OutboundSms = {
  from: ours,
  to: person,
  body: 'Hello',
  media: [],
  reference,
  callbackUrl: 'https://signalbox.example.com/status',
};

/** A connection whose every request is answered with `text`, and the requests. */
const answered = (body: string, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  connectStubbed(smsBroadcast, credentials, { status, body, headers });

const formOf = ({ body = '' }: OutgoingRequest) => Object.fromEntries(new URLSearchParams(body));

describe('a request', () => {
  test('holds the credentials in its body alone, and numbers without a plus', async () => {
    const { connection, requests } = answered('OK:61400111222:2942263\n');
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: reference });
    expect(requests.map(({ method, url }) => [method, url])).toEqual([
      ['POST', 'https://api.smsbroadcast.com.au/api-adv.php'],
    ]);
    expect(requests.map(formOf)).toEqual([
      {
        ...credentials,
        to: '61400111222',
        from: '61480000001',
        message: 'Hello',
        ref: reference,
        maxsplit: '1',
      },
    ]);
  });

  test.each([
    ['one segment', 'a'.repeat(160), '1'],
    ['two segments', 'a'.repeat(161), '2'],
    ['five segments', 'a'.repeat(765), '5'],
    ['two segments beyond GSM', 'я'.repeat(71), '2'],
    ['five segments beyond GSM', 'я'.repeat(335), '5'],
  ])('asks for as many parts as the text takes: %s', async (_name, body, maxsplit) => {
    const { connection, requests } = answered('OK:61400111222:1');
    expect(await connection.send({ ...message, body, from: 'OurShop' }, 1_000)).toMatchObject({ kind: 'accepted' });
    expect(requests.map(formOf)).toMatchObject([{ maxsplit, message: body, from: 'OurShop' }]);
  });

  test.each(['a'.repeat(766), '€'.repeat(383), 'я'.repeat(336)])(
    'is not made for what takes more: case %#',
    async (body) => {
      const { connection, requests } = answered('OK:61400111222:1');
      expect(await connection.send({ ...message, body }, 1_000)).toMatchObject({ kind: 'refused', code: 'too_long' });
      expect(requests).toEqual([]);
    },
  );
});

describe('an answer', () => {
  test.each([
    ['BAD:0400abc111:Invalid Number', 'invalid_number', 'invalid_number'],
    ['BAD:61400111222:', 'invalid_number', 'no_reason'],
    ['BAD:61400111222:Recipient has opted out', 'opted_out', 'recipient_has_opted_out'],
    [
      'ERROR: The sender cannot be longer than 11 characters.',
      'sender',
      'the_sender_cannot_be_longer_than_11_characters',
    ],
    ['ERROR:Username or password is incorrect', 'auth', 'username_or_password_is_incorrect'],
    ['ERROR:You do not have enough credits', 'funds', 'you_do_not_have_enough_credits'],
    ['ERROR:Message too long, number of parts is 6', 'invalid_message', 'message_too_long_number_of_parts_is_6'],
    ['ERROR:constructor', 'invalid_message', 'constructor'],
  ])('refuses: %s', async (text, errorClass, code) => {
    const refused = { kind: 'refused', errorClass, code, retryAfterMs: null };
    expect(await answered(text).connection.send(message, 1_000)).toEqual(refused);
  });

  test.each([
    ['', 200],
    ['OK:123', 200],
    ['OK:61400111222:', 200],
    ['OK:61400111222:1\nBAD:61400111223:Invalid Number', 200],
    ['ERROR:Internal error, try again later', 200],
    ['ERROR', 200],
    ['ok', 200],
    ['OK:61400111222:1', 202],
    ['BAD:61400111222:Invalid Number', 500],
    ['ERROR:Username or password is incorrect', 403],
  ])('leaves a doubt: %j of %i', async (text, status) => {
    expect(await answered(text, status).connection.send(message, 1_000)).toMatchObject({ kind: 'ambiguous' });
  });

  test('of 429 says when to come again', async () => {
    const { connection } = answered('', 429, { 'retry-after': '7' });
    const refused = { kind: 'refused', errorClass: 'throttled', code: 'http_429', retryAfterMs: 7_000 };
    expect(await connection.send(message, 1_000)).toEqual(refused);
  });

  test.each([
    ['OK:123', 200, { ok: true, balance: { microUnits: 123_000_000n, currency: null } }],
    ['OK:0.5\n', 200, { ok: true, balance: { microUnits: 500_000n, currency: null } }],
    ['OK:-3', 200, { ok: true, balance: { microUnits: -3_000_000n, currency: null } }],
    ['ERROR:Incorrect password', 200, { ok: false, errorClass: 'auth', code: 'incorrect_password' }],
    ['ERROR:Busy', 200, { ok: false, errorClass: 'transient', code: 'busy' }],
    ['OK:...', 200, { ok: false, errorClass: 'transient', code: 'unreadable' }],
    ['<html>', 200, { ok: false, errorClass: 'transient', code: 'unreadable' }],
    ['', 503, { ok: false, errorClass: 'transient', code: 'http_503' }],
  ])('about the balance is read: %j of %i', async (text, status, checked) => {
    const { connection, requests } = answered(text, status);
    expect(await connection.check(1_000)).toEqual(checked);
    expect(requests.map(formOf)).toEqual([{ ...credentials, action: 'balance' }]);
  });
});

describe('what comes', () => {
  const publicUrl = 'https://signalbox.example.com/webhooks/sms-broadcast/1/the-key';
  const called = (address: 'sms' | 'status', query: string) =>
    webhookRequest({ method: 'GET', address, url: `${publicUrl}/${address}?${query}` });

  test.each([
    ['61400111222', '+61400111222'],
    ['0400111222', '+61400111222'],
    ['400111222', '+61400111222'],
    ['+61400111222', '+61400111222'],
    ['14155550100', '+14155550100'],
    ['0255550100', '+61255550100'],
    ['19901234', '19901234'],
    ['OurShop', 'OurShop'],
  ])('from %s is from %s', (from, address) => {
    const { connection } = answered('');
    const request = called('sms', new URLSearchParams({ to: '61480000001', from, message: '' }).toString());
    expect(connection.read(request)).toMatchObject([{ kind: 'text', from: address, to: ours, body: '' }]);
  });

  test('has no id, or two answers to one message would be one', () => {
    const { connection } = answered('');
    const answers = ['Yes please', 'STOP'].map((words) =>
      connection.read(
        called('sms', `to=61480000001&from=61400111222&message=${words}&ref=${reference}&smsref=2942263`),
      ),
    );
    expect(answers).toMatchObject([[{ providerId: null, body: 'Yes please' }], [{ providerId: null, body: 'STOP' }]]);
  });

  test('is read by the names that the account has for it, and by the guessed ones where it has none', () => {
    const renamed = { ...credentials, from_parameter: 'sender', ref_parameter: '', status_parameter: 'dlr.state' };
    const { connection } = connectStubbed(smsBroadcast, renamed);
    expect(connection.read(called('sms', 'to=61480000001&sender=61400111222&message=Hi'))).toMatchObject([
      { kind: 'text', from: person },
    ]);
    expect(connection.read(called('sms', 'to=61480000001&from=61400111222&message=Hi'))).toEqual([{ kind: 'unknown' }]);
    expect(connection.read(called('status', `ref=${reference}&dlr.state=delivered`))).toMatchObject([
      { kind: 'receipt', providerId: reference, status: 'delivered' },
    ]);
  });

  test('a name that no query can have is refused with the account', () => {
    const { fields } = smsBroadcast.account;
    expect(fields.safeParse({ ...credentials, to_parameter: 'a&b' }).success).toBe(false);
    expect(fields.safeParse({ ...credentials, username: 'two words' }).success).toBe(false);
    expect(fields.parse(credentials)).toMatchObject({ to_parameter: 'to', status_parameter: 'status' });
  });
});

test('the carrier’s receipts and texts are understood', async () => {
  const customer = await startCarrierCustomer(smsBroadcast, credentials, { number: ours });
  try {
    const { carrier, connection, told } = customer;
    expect(await connection.send({ ...message, body: 'Welcome Sam…' }, 5_000)).toMatchObject({ kind: 'accepted' });
    const receipts = await told('status', 1);
    carrier.text(person, ours, 'Ça va, Zoë? 👋 & more=less');
    const requests = [...receipts, ...(await told('sms', 1))];
    const events = requests.map((request) => [request.method, ...connection.read(request)]);
    expect(events).toEqual([
      [
        'GET',
        {
          kind: 'receipt',
          providerId: reference,
          reference,
          status: 'delivered',
          errorCode: null,
          failure: null,
        },
      ],
      [
        'GET',
        {
          kind: 'text',
          providerId: null,
          from: person,
          to: ours,
          body: 'Ça va, Zoë? 👋 & more=less',
          media: [],
          carrierWord: null,
        },
      ],
    ]);
    expect(carrier.ledger.messages).toMatchObject([{ body: 'Welcome Sam…', reference }, { origin: 'phone' }]);
  } finally {
    await customer.close();
  }
});

test.each([
  ['a number that is none', { to: '12' }],
  ['a sender of somebody else', { from: 'Stranger' }],
  ['a sender with a space', { from: 'Our Shop' }],
  ['a sender that is too long', { from: 'OurLittleShop' }],
])('the carrier refuses %s', async (_name, change) => {
  const customer = await startCarrierCustomer(smsBroadcast, credentials, { number: ours });
  try {
    const { carrier, connection } = customer;
    const errorClass = 'to' in change ? 'invalid_number' : 'sender';
    expect(await connection.send({ ...message, ...change }, 5_000)).toMatchObject({ kind: 'refused', errorClass });
    expect(carrier.ledger.messages).toEqual([]);
  } finally {
    await customer.close();
  }
});
