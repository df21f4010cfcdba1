import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTwilio } from './twilio.ts';

const account = { id: 'a', externalId: 'AC0', secret: 'token', baseUrl: 'https://api.twilio.com' };
const provider = createTwilio();
const path = '/webhooks/twilio/a/sms?x=1';
const signed = (url: string) => createHmac('sha1', 'token').update(`${url}Bodyhi`).digest('base64');

test.each([
  ['https://sms.example.com', 'https://sms.example.com'],
  ['https://sms.example.com', 'https://sms.example.com:443'],
  ['https://sms.example.com:443', 'https://sms.example.com'],
  ['https://sms.example.com:443', 'https://sms.example.com:443'],
  ['https://sms.example.com:8443', 'https://sms.example.com'],
  ['https://sms.example.com:8443', 'https://sms.example.com:8443'],
  ['http://sms.example.com:80', 'http://sms.example.com'],
])('a provider that knows us as %s may sign %s', (known, as) => {
  const request = { url: known + path, header: () => signed(as + path), rawBody: 'Body=hi' };
  expect(provider.verify(account, request)).toBe(true);
});

test.each(['https://sms.example.com:444', 'http://sms.example.com:443', 'https://sms.example.org'])(
  'but not %s',
  (as) => {
    const request = { url: `https://sms.example.com${path}`, header: () => signed(as + path), rawBody: 'Body=hi' };
    expect(provider.verify(account, request)).toBe(false);
  },
);
