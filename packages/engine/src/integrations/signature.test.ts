import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSecret, signedHeaders } from './signature.ts';

const published = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
};

test('signs what Standard Webhooks publishes as it does', () => {
  expect(signedHeaders(published, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
    'webhook-id': published.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('signs the very bytes: a text beyond ASCII as UTF-8', () => {
  const secret = newSecret();
  const body = '{"text":"Grüße 👋"}';
  const key = Buffer.from(secret.slice(6), 'base64');
  const signed = createHmac('sha256', key).update(Buffer.from(`${published.id}.1614265330.${body}`, 'utf8'));
  expect(signedHeaders({ ...published, body }, [secret])['webhook-signature']).toBe(`v1,${signed.digest('base64')}`);
});

test('signs with each secret while one replaces another, and a secret has 32 bytes of its own', () => {
  const [one, other] = [newSecret(), newSecret()];
  const both = signedHeaders(published, [one, other])['webhook-signature'].split(' ');
  expect(both).toEqual([
    signedHeaders(published, [one])['webhook-signature'],
    signedHeaders(published, [other])['webhook-signature'],
  ]);
  expect(new Set(both).size).toBe(2);
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
});
