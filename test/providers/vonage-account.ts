import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { vonage } from '@signalbox/engine/providers/vonage';
import { connectStubbed } from './stub-client.ts';

/** What connects an account that uses the Messages API. */
export const messagesCredentials = {
  api_key: 'a1b2c3d4',
  api_secret: 'the-secret-of-the-key',
  signature_secret: 'the-signature-secret-of-the-account',
  signature_method: 'md5hash',
  api: 'messages',
};
/** And one that uses the SMS API. */
export const smsCredentials = { ...messagesCredentials, api: 'sms' };

export const person = '+447700900001';
export const ours = '+447700900000';

export const message: OutboundSms = {
  from: ours,
  to: person,
  body: 'Hello',
  media: [],
  reference: '00000000-0000-7000-8000-00000000000a',
  callbackUrl: 'https://signalbox.example.com/webhooks/vonage/1/status?attempt=00000000-0000-7000-8000-00000000000a',
};

/** A connection whose every request is answered alike, and the requests. */
export const answeredBy = (
  credentials: typeof smsCredentials,
  body: unknown = '',
  status = 200,
  headers: Readonly<Record<string, string>> = {},
) => connectStubbed(vonage, credentials, { status, body, headers });
