import { isLinkCode } from '@signalbox/nodes/text/links';
import { expect, test } from 'vitest';
import { createLinkCodes } from './link-codes.ts';

test('codes are codes, and no two alike', () => {
  const code = createLinkCodes();
  const made = Array.from({ length: 5_000 }, code);
  expect(made.filter((each) => !isLinkCode(each))).toEqual([]);
  expect(new Set(made).size).toBe(made.length);
});

test('every letter is as likely as the others', () => {
  let next = 0;
  const code = createLinkCodes((bytes) => bytes.fill(0).map((_, index) => (bytes[index] = next++ % 256)));
  const counts = new Map<string, number>();
  // 248 of each 256 bytes make a letter: 62 rounds of 9 letters take four each.
  for (const letter of Array.from({ length: 248 }, code).join('')) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  expect(new Set(counts.values())).toEqual(new Set([36]));
});
