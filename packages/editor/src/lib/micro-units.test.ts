import { expect, test } from 'vitest';
import { readAmount, writtenAmount } from './micro-units.ts';

test.each([
  ['20', '20000000'],
  ['0.5', '500000'],
  ['12,345678', '12345678'],
  [' 7. ', '7000000'],
  ['0', '0'],
  ['', null],
])('“%s” is read as %s', (text, units) => expect(readAmount(text)).toBe(units));

test.each(['a lot', '-1', '1.2345678', '1 000'])('“%s” is left for the server to refuse', (text) =>
  expect(readAmount(text)).toBe(text),
);

test('an amount is written as it is read', () => {
  expect(['20000000', '500000', null].map(writtenAmount)).toEqual(['20', '0.5', '']);
});
