import { createHmac } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createOutgoingClient } from '../http/outgoing.ts';
import { twilio } from './twilio.ts';

const token = 'the-token-of-the-account';
const http = createOutgoingClient();
afterAll(() => http.close());
const credentials = { ...twilio.account.example, auth_token: token };
const connection = twilio.connect({ credentials, baseUrl: twilio.baseUrl, origins: {} }, http);
const path = '/webhooks/twilio/a/sms?x=1';
const asked = (url: string, signature: string) =>
  ({
    method: 'POST',
    address: 'sms',
    url,
    query: new URLSearchParams(),
    header: () => signature,
    rawBody: 'Body=hi',
    rawBytes: Buffer.from('Body=hi'),
    receivedAt: new Date('2026-03-02T15:00:00Z'),
  }) as const;
const signed = (url: string) => createHmac('sha1', token).update(`${url}Bodyhi`).digest('base64');

test.each([
  ['https://sms.example.com', 'https://sms.example.com'],
  ['https://sms.example.com', 'https://sms.example.com:443'],
  ['https://sms.example.com:443', 'https://sms.example.com'],
  ['https://sms.example.com:443', 'https://sms.example.com:443'],
  ['https://sms.example.com:8443', 'https://sms.example.com'],
  ['https://sms.example.com:8443', 'https://sms.example.com:8443'],
  ['http://sms.example.com:80', 'http://sms.example.com'],
])('a provider that knows us as %s may sign %s', (known, as) => {
  expect(connection.verify?.(asked(known + path, signed(as + path)))).toBe(true);
});

test.each(['https://sms.example.com:444', 'http://sms.example.com:443', 'https://sms.example.org'])(
  'but not %s',
  (as) => {
    expect(connection.verify?.(asked(`https://sms.example.com${path}`, signed(as + path)))).toBe(false);
  },
);
