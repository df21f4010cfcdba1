import { expect, test } from 'vitest';
import { isNumberSearch } from './queries.ts';

test.each([
  ['+1 (202) 555-0143', true],
  ['0143', true],
  ['555.0143', true],
  ['14', false],
  ['order 0143', false],
  ['', false],
  ['+-()', false],
])('"%s" looks for a number: %s', (text, expected) => {
  expect(isNumberSearch(text)).toBe(expected);
});
