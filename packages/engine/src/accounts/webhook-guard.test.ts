import { describe, expect, test } from 'vitest';
import { guardOf, isWithin, passesGuard, provesMore, readNetwork } from './webhook-guard.ts';

test.each([
  ['203.0.113.7', '203.0.113.7/32'],
  [' 203.0.113.0/24 ', '203.0.113.0/24'],
  ['2001:DB8::/32', '2001:db8::/32'],
  ['203.0.113.0/33', null],
  ['203.0.113/24', null],
  ['203.0.113.0/24/1', null],
  ['203.0.113.0/', null],
  ['example.com', null],
  ['', null],
])('%s is read as the network %s', (text, network) => {
  expect(readNetwork(text)).toBe(network);
});

test.each([
  ['203.0.113.7', ['203.0.113.0/24'], true],
  ['::ffff:203.0.113.7', ['203.0.113.0/24'], true],
  ['203.0.114.7', ['203.0.113.0/24'], false],
  ['2001:db8::1', ['203.0.113.0/24', '2001:db8::/32'], true],
  ['2001:db9::1', ['2001:db8::/32'], false],
  ['nowhere', ['0.0.0.0/0'], false],
])('%s lies in %s: %s', (address, networks, within) => {
  expect(isWithin(address, networks)).toBe(within);
});

describe('a request passes', () => {
  const login = JSON.stringify({ user: 'carrier', password: 'a-long-password' });
  const authorization = `Basic ${Buffer.from('carrier:a-long-password').toString('base64')}`;
  const from = (address: string, given?: string) => ({ address, authorization: given });

  test('from anywhere where nothing is asked for, which proves nothing', () => {
    const guard = guardOf(null, []);
    expect([passesGuard(guard, from('198.51.100.1')), provesMore(guard)]).toEqual([true, false]);
  });

  test('with the login and from the network where both are asked for, and with neither alone', () => {
    const guard = guardOf(login, ['203.0.113.0/24']);
    expect(provesMore(guard)).toBe(true);
    expect(passesGuard(guard, from('203.0.113.9', authorization))).toBe(true);
    expect(passesGuard(guard, from('198.51.100.1', authorization))).toBe(false);
    expect(passesGuard(guard, from('203.0.113.9'))).toBe(false);
    expect(passesGuard(guard, from('203.0.113.9', `${authorization}=`))).toBe(false);
    expect(passesGuard(guard, from('203.0.113.9', ''))).toBe(false);
  });
});
