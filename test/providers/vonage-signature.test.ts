import { createHmac, generateKeyPairSync } from 'node:crypto';
import { signBody, signParameters } from '@signalbox/demo-carrier/dialects/vonage-signature';
import type { WebhookRequest } from '@signalbox/engine/providers/provider';
import { signatureOf } from '@signalbox/engine/providers/vonage-signature';
import { tokenGenerate, verifySignature } from '@vonage/jwt';
import { describe, expect, test } from 'vitest';
import { answeredBy, messagesCredentials, smsCredentials } from './vonage-account.ts';
import { messagesRequest } from './vonage-messages-wire.ts';
import { vectors } from './vonage-vectors.ts';
import { bodyOf, cameAt, webhookRequest } from './webhook-request.ts';

const secret = messagesCredentials.signature_secret;

describe('signatures', () => {
  test.each(vectors)('fit the vector $# of Vonage’s own client for PHP: $method', ({ method, sig, parameters, by }) => {
    expect(signatureOf(new Map(Object.entries(parameters)), by, method)).toBe(sig.toLowerCase());
    const { sig: _sig, ...unsigned } = parameters;
    expect(signParameters(unsigned, by, method)['sig']?.toLowerCase()).toBe(sig.toLowerCase());
  });

  const stamped = {
    msisdn: '447700900001',
    to: '447700900000',
    messageId: '0A',
    text: 'a_b',
    type: 'text',
    timestamp: String(cameAt.getTime() / 1_000),
  };
  const posted = (rawBody: string, contentType = 'application/x-www-form-urlencoded') =>
    webhookRequest({
      address: 'sms',
      url: 'https://signalbox.example.com/webhooks/vonage/1/sms',
      headers: { 'content-type': contentType },
      rawBody,
    });
  const verify = (request: WebhookRequest, credentials = smsCredentials) =>
    answeredBy(credentials).connection.verify?.(request);

  test.each(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'])(
    'of %s are believed of an account of that alone',
    (method) => {
      const form = new URLSearchParams(signParameters(stamped, secret, method)).toString();
      const believed = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'].filter((signature_method) =>
        verify(posted(form), { ...smsCredentials, signature_method }),
      );
      expect(believed).toEqual([method]);
    },
  );

  test('are compared in capitals or small letters', () => {
    const signed = signParameters(stamped, secret, 'md5hash');
    const form = (sig: string) => posted(new URLSearchParams({ ...signed, sig }).toString());
    expect(verify(form((signed['sig'] ?? '').toUpperCase()))).toBe(true);
    expect(verify(form((signed['sig'] ?? '').toLowerCase()))).toBe(true);
  });

  test('cover no name that stands for two, and none that comes twice', () => {
    const signed = new URLSearchParams(signParameters(stamped, secret, 'md5hash'));
    expect(verify(posted(signed.toString()))).toBe(true);
    expect(verify(posted(`${signed}&to=447700900000`))).toBe(false);
    const merged = new URLSearchParams(signed);
    merged.delete('text');
    merged.set(`messageId=${stamped.messageId}&msisdn=${stamped.msisdn}&text`, stamped.text);
    merged.delete('messageId');
    merged.delete('msisdn');
    expect(verify(posted(merged.toString()))).toBe(false);
  });

  test('cover the body of a POST, whatever its query says, and the query of a GET', () => {
    const form = new URLSearchParams(signParameters(stamped, secret, 'md5hash')).toString();
    const { connection } = answeredBy(smsCredentials);
    const request = posted(form);
    const more = { ...request, url: `${request.url}?text=STOP`, query: new URLSearchParams('text=STOP') };
    expect([connection.verify?.(more), connection.read(more)]).toEqual([true, connection.read(request)]);
    const moved = { ...posted(''), url: `${request.url}?${form}`, query: new URLSearchParams(form) };
    expect(connection.verify?.(moved)).toBe(false);
    const got = { ...moved, method: 'GET', ...bodyOf('text=STOP') };
    expect([connection.verify?.(got), connection.read(got)]).toEqual([true, connection.read(request)]);
  });

  test('are over numbers as over their digits, in a document', () => {
    const signed = signParameters({ ...stamped, 'concat-part': '1' }, secret, 'md5hash');
    const document = { ...signed, 'concat-part': 1, nothing: null };
    expect(verify(posted(JSON.stringify(document), 'application/json; charset=utf-8'))).toBe(true);
    expect(verify(posted(JSON.stringify({ ...document, text: ['a_b'] }), 'application/json'))).toBe(false);
  });
});

describe('tokens', () => {
  const body = '{"status":"delivered"}';
  const { connection } = answeredBy(messagesCredentials);
  const verify = (token: string, rawBody = body) => connection.verify?.(messagesRequest('status', rawBody, token));
  const now = cameAt.getTime() / 1_000;
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (head: object, claims: object, by = secret) => {
    const text = `${encoded(head)}.${encoded(claims)}`;
    return `${text}.${createHmac('sha256', by).update(text).digest('base64url')}`;
  };
  const hash = '9b2d8d5ff2c6a0d6a1a1f1f0b1a0d6a1';

  test('as the carrier makes them are believed by Vonage’s own package and by us', () => {
    const made = signBody(body, secret, { iat: Math.floor(Date.now() / 1_000) });
    expect(verifySignature(made, secret)).toBe(true);
    expect(verifySignature(made, 'the-signature-secret-of-somebody-else')).toBe(false);
    const request = { ...messagesRequest('status', body, made), receivedAt: new Date() };
    expect(connection.verify?.(request)).toBe(true);
  });

  test('of another algorithm are not believed, though Vonage’s own package lets a token choose', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const made = tokenGenerate('aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab', privateKey);
    expect(verifySignature(made, publicKey)).toBe(true);
    expect(connection.verify?.({ ...messagesRequest('status', '', made), receivedAt: new Date() })).toBe(false);
    for (const alg of ['RS256', 'none', 'HS384', 'hs256', ''])
      expect([alg, verify(token({ alg, typ: 'JWT' }, { iat: now }), '')]).toEqual([alg, false]);
    expect(verify(token({ alg: 'HS256', crit: ['b64'], b64: false }, { iat: now }), '')).toBe(false);
    expect(verify(token({ alg: 'HS256' }, { iat: now }), '')).toBe(true);
    expect(verify(`${token({ alg: 'none' }, { iat: now }).split('.').slice(0, 2).join('.')}.`, '')).toBe(false);
  });

  test('that do not speak of the body are believed of an empty one alone', () => {
    expect(verify(token({ alg: 'HS256', typ: 'JWT' }, { iat: now }), '')).toBe(true);
    expect(verify(token({ alg: 'HS256', typ: 'JWT' }, { iat: now }))).toBe(false);
    expect(verify(token({ alg: 'HS256', typ: 'JWT' }, { iat: now, payload_hash: hash }))).toBe(false);
    expect(verify(token({ alg: 'HS256', typ: 'JWT' }, { iat: now, payload_hash: null }))).toBe(false);
  });

  test('are over the bytes of the body', () => {
    const rawBytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const request = messagesRequest('status', '{\ufffd}');
    expect(connection.verify?.(request)).toBe(true);
    expect(connection.verify?.({ ...request, rawBytes })).toBe(false);
  });

  test.each([
    [-301, true],
    [-24 * 3_600, true],
    [-26 * 3_600, false],
    [299, true],
    [301, false],
  ])('made %i seconds after they come: %s', (seconds, believed) => {
    expect(verify(signBody(body, secret, { iat: now + seconds }))).toBe(believed);
  });
});
