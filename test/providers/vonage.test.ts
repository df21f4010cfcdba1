import { vonage } from '@signalbox/engine/providers/vonage';
import { describe, expect, test } from 'vitest';
import { startCarrierCustomer } from './carrier-customer.ts';
import { answeredBy, message, messagesCredentials, ours, person, smsCredentials } from './vonage-account.ts';

describe('the balance', () => {
  test.each([
    [{ value: 10.28, autoReload: false }, 200, { ok: true, balance: { microUnits: 10_280_000n, currency: 'EUR' } }],
    [{ value: -0.5 }, 200, { ok: true, balance: { microUnits: -500_000n, currency: 'EUR' } }],
    [{ value: 'much' }, 200, { ok: false, errorClass: 'transient', code: 'unreadable' }],
    [{ 'error-code': '401' }, 401, { ok: false, errorClass: 'auth', code: 'http_401' }],
  ])('is read: case %#', async (body, status, checked) => {
    const { connection, requests } = answeredBy(smsCredentials, body, status);
    expect(await connection.check(1_000)).toEqual(checked);
    expect(requests.map(({ url }) => url)).toEqual(['https://rest.nexmo.com/account/get-balance']);
  });
});

test('an account says which API it uses, and the SMS API where it says nothing', () => {
  const { fields } = vonage.account;
  const { api: _api, signature_method: _method, ...least } = messagesCredentials;
  expect(fields.parse(least)).toMatchObject({ api: 'sms', signature_method: 'md5hash' });
  expect(fields.safeParse({ ...least, api: 'voice' }).success).toBe(false);
  const { signature_secret: _secret, ...unsigned } = least;
  expect(fields.safeParse(unsigned).success).toBe(false);
});

describe.each([
  { api: 'sms', http_method: 'GET', signature_method: 'md5hash' },
  { api: 'sms', http_method: 'POST', signature_method: 'sha512' },
  { api: 'sms', http_method: 'POST-JSON', signature_method: 'sha256' },
  { api: 'messages', http_method: 'POST-JSON', signature_method: 'md5hash' },
])('the carrier by $api and $http_method', (setting) => {
  const credentials = { ...messagesCredentials, ...setting };
  const long = `${'Ça va, Zoë? 👋 & more=less. '.repeat(6)}End`;

  test('tells of what was sent and of what came, and we believe and understand it', async () => {
    const customer = await startCarrierCustomer(vonage, credentials, { number: ours, credentials: setting });
    try {
      const { carrier, connection, callbackUrl } = customer;
      const body = 'я'.repeat(100);
      const outcome = await connection.send({ ...message, body, callbackUrl }, 5_000);
      if (outcome.kind !== 'accepted') throw new Error(outcome.code);
      const ids = [outcome.providerId, ...(outcome.partIds ?? [])];
      expect(ids).toHaveLength(setting.api === 'sms' ? 2 : 1);
      const receipts = await customer.told('status', 2 * ids.length);
      carrier.text(person, ours, long);
      const parts = await customer.told('sms', setting.api === 'sms' ? 3 : 1);
      const requests = [...receipts, ...parts];
      expect(requests.map((request) => connection.verify?.(request))).toEqual(requests.map(() => true));
      expect(requests.map(({ method }) => method)).toEqual(
        requests.map(() => (setting.http_method === 'GET' ? 'GET' : 'POST')),
      );
      const told = receipts.flatMap((request) => connection.read(request));
      for (const providerId of ids)
        for (const status of ['sent', 'delivered'])
          expect(told).toContainEqual(
            expect.objectContaining({
              kind: 'receipt',
              providerId,
              reference: message.reference,
              status,
              failure: null,
            }),
          );
      const texts = parts.flatMap((request) => connection.read(request));
      expect(texts).toMatchObject(texts.map(() => ({ kind: 'text', from: person, to: ours })));
      const words = texts.flatMap((event) => (event.kind === 'text' ? [{ at: event.part?.index ?? 1, ...event }] : []));
      expect(words.map(({ part }) => part?.of)).toEqual(words.map(() => (setting.api === 'sms' ? 3 : undefined)));
      const joined = words.sort((a, b) => a.at - b.at).map((each) => each.body);
      expect(joined.join('')).toBe(long);
    } finally {
      await customer.close();
    }
  });
});
