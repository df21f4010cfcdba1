import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { claimsOf } from './signed-token.ts';

const secret = 'the-secret-of-the-account';
const hashes = new Map([['HS256', 'sha256']]);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (header: object, claims: unknown, by = secret, hash = 'sha256') => {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac(hash, by).update(signed).digest('base64url')}`;
};
const claims = { iss: 'somebody', iat: 1 };
const fits = token({ alg: 'HS256', typ: 'JWT' }, claims);

test('a token that fits tells its claims', () => {
  expect(claimsOf(fits, secret, hashes)).toEqual(claims);
});

test.each([
  ['nothing', ''],
  ['dots alone', '..'],
  ['another secret', token({ alg: 'HS256' }, claims, 'the-secret-of-another')],
  ['no algorithm', `${part({ alg: 'none' })}.${part(claims)}.`],
  ['no algorithm, and a signature', token({ alg: 'none' }, claims)],
  ['an algorithm that this provider does not use', token({ alg: 'HS512' }, claims, secret, 'sha512')],
  ['an algorithm that is none', token({ alg: 'constructor' }, claims)],
  ['a header that must be understood', token({ alg: 'HS256', crit: ['exp'], exp: 1 }, claims)],
  ['no signature', fits.replace(/\.[^.]*$/, '.')],
  ['two parts', fits.replace(/\.[^.]*$/, '')],
  ['four parts', `${fits}.`],
  ['other claims', fits.replace(part(claims), part({ ...claims, iat: 2 }))],
  ['no JSON', `e30x.${part(claims)}.x`],
])('one of %s tells nothing', (_name, given) => {
  expect(claimsOf(given, secret, hashes)).toBeNull();
});
