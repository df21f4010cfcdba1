import type { OutboundSms } from '@signalbox/engine/providers/provider';
import { vonage } from '@signalbox/engine/providers/vonage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAsked, promises } from './conformance.ts';
import { answeredBy, message, messagesCredentials, smsCredentials } from './vonage-account.ts';
import { messagesWire } from './vonage-messages-wire.ts';

describe('the Messages API', () => {
  let asked: Awaited<ReturnType<typeof openAsked>>;
  beforeAll(async () => {
    asked = await openAsked({ ...vonage, webhooks: { ...vonage.webhooks, methods: ['POST'] } }, messagesWire);
  });
  afterAll(() => asked.close());
  test.each(promises)('$name', ({ keeps }) => keeps(asked));

  const send = (body: unknown, status: number, headers: Readonly<Record<string, string>> = {}) =>
    answeredBy(messagesCredentials, body, status, headers).connection.send(message, 1_000);
  const problem = (fragment: string) => ({
    type: `https://developer.vonage.com/api-errors/messages#${fragment}`,
    title: 'Rejected',
    detail: 'Why',
    instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
  });

  test('is asked in its own words', async () => {
    const { connection, requests } = answeredBy(messagesCredentials, { message_uuid: 'id-1' }, 202);
    expect(await connection.send(message, 1_000)).toEqual({ kind: 'accepted', providerId: 'id-1' });
    const [{ url, body = '', headers } = { url: '' }] = requests;
    expect([requests.length, url, headers?.['authorization']]).toEqual([
      1,
      'https://api.nexmo.com/v1/messages',
      `Basic ${Buffer.from('a1b2c3d4:the-secret-of-the-key').toString('base64')}`,
    ]);
    expect(JSON.parse(body)).toEqual({
      channel: 'sms',
      message_type: 'text',
      from: '447700900000',
      to: '447700900001',
      text: 'Hello',
      client_ref: message.reference,
      webhook_url: 'https://signalbox.example.com/webhooks/vonage/1/status',
      webhook_version: 'v1',
    });
  });

  const picture = (name: string): OutboundSms['media'][number] => ({
    url: `https://signalbox.example.com/m/${name}`,
    type: 'image/png',
    read: async () => Buffer.from(''),
  });

  test.each([
    [
      'one picture as such, with the words below it',
      'Hello',
      ['1.png'],
      { message_type: 'image', image: { url: picture('1.png').url, caption: 'Hello' } },
    ],
    ['one picture without words', '', ['1.png'], { message_type: 'image', image: { url: picture('1.png').url } }],
    [
      'several as the parts of one message',
      'Hello',
      ['1.png', '2.png'],
      {
        message_type: 'content',
        content: [
          { type: 'image', url: picture('1.png').url, caption: 'Hello' },
          { type: 'image', url: picture('2.png').url },
        ],
      },
    ],
  ])('is asked to send %s', async (_name, body, names, content) => {
    const { connection, requests } = answeredBy(messagesCredentials, { message_uuid: 'id-1' }, 202);
    const sent = { ...message, body, media: names.map(picture) };
    expect(await connection.send(sent, 1_000)).toEqual({ kind: 'accepted', providerId: 'id-1' });
    expect(requests).toHaveLength(1);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      channel: 'mms',
      ...content,
      from: '447700900000',
      to: '447700900001',
      client_ref: message.reference,
      webhook_url: 'https://signalbox.example.com/webhooks/vonage/1/status',
      webhook_version: 'v1',
    });
  });

  test('pictures do not go by the SMS API, with or without them', async () => {
    const { connection, requests } = answeredBy(smsCredentials);
    expect(await connection.send({ ...message, media: [picture('1.png')] }, 1_000)).toMatchObject({
      kind: 'refused',
      errorClass: 'unsupported',
    });
    expect(requests).toEqual([]);
  });

  test('pictures that came are asked for with the credentials', () => {
    expect(answeredBy(messagesCredentials).connection.fileHeaders).toEqual({
      authorization: `Basic ${Buffer.from('a1b2c3d4:the-secret-of-the-key').toString('base64')}`,
    });
  });

  test.each([
    ['1000', 429, 'throttled'],
    ['1020', 422, 'invalid_message'],
    ['1040', 422, 'invalid_number'],
    ['1050', 422, 'blocked'],
    ['1060', 403, 'auth'],
    ['1070', 402, 'funds'],
    ['1080', 422, 'auth'],
    ['1120', 422, 'sender'],
    ['1170', 422, 'invalid_number'],
    ['1210', 422, 'blocked'],
    ['1240', 422, 'opted_out'],
    ['1241', 429, 'throttled'],
    ['1250', 422, 'unsupported'],
    ['1290', 422, 'unsupported'],
  ])('refuses by %s of %i: %s', async (code, status, errorClass) => {
    expect(await send(problem(code), status)).toEqual({ kind: 'refused', errorClass, code, retryAfterMs: null });
  });

  test.each([
    ['unauthorized', 401, 'auth'],
    ['low-balance', 402, 'funds'],
    ['forbidden', 403, 'auth'],
    ['rate-limit', 429, 'throttled'],
    ['constructor', 422, 'invalid_message'],
  ])('refuses by the HTTP status where %s is no number', async (fragment, status, errorClass) => {
    const refused = { kind: 'refused', errorClass, code: `http_${status}`, retryAfterMs: 2_000 };
    expect(await send(problem(fragment), status, { 'retry-after': '2' })).toEqual(refused);
    expect(await send('<html>', status, { 'retry-after': '2' })).toEqual(refused);
  });

  test.each([
    [problem('1030'), 422, '1030'],
    [problem('1320'), 422, '1320'],
    [problem('1999'), 422, '1999'],
    [problem('1170'), 500, 'http_500'],
    [problem('1170'), 404, 'http_404'],
    [{ message_uuid: 'id-1' }, 200, 'http_200'],
    [{ message_uuid: '' }, 202, 'unreadable_202'],
    ['', 202, 'unreadable_202'],
  ])('leaves a doubt: case %#', async (body, status, code) => {
    expect(await send(body, status)).toEqual({ kind: 'ambiguous', code });
  });
});
