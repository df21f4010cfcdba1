import { expect, test } from 'vitest';
import { kindOfAddress } from './sender-kinds.ts';

const all = ['long_code', 'short_code', 'toll_free', 'alphanumeric'];

test.each([
  ['+1 202 555 0142', 'long_code'],
  ['+1 800 555 0142', 'toll_free'],
  ['1-888-555-0142', 'toll_free'],
  ['+43 800 555014', 'long_code'],
  ['12345', 'short_code'],
  ['Our shop', 'alphanumeric'],
  ['', 'long_code'],
])('%s is most likely a %s', (address, kind) => {
  expect(kindOfAddress(address, all)).toBe(kind);
});

test('what the provider does not offer is not guessed', () => {
  expect(kindOfAddress('Our shop', ['long_code'])).toBe('long_code');
  expect(kindOfAddress('12345', ['alphanumeric', 'long_code'])).toBe('alphanumeric');
});
