import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCodes, placesFor, placesOf } from './make-codes.ts';

test('codes have the form of their pattern, and none comes twice', () => {
  const codes = makeCodes('SPRING-####-####', 5_000, randomBytes);
  expect(new Set(codes).size).toBe(5_000);
  expect(codes.every((code) => /^SPRING-[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$/.test(code))).toBe(true);
});

test('letters come alike, whatever bytes there are', () => {
  let byte = 0;
  const everyByte = (count: number) => Uint8Array.from({ length: count }, () => byte++ % 256);
  const counts = new Map<string, number>();
  for (const code of makeCodes('####', 29, everyByte))
    for (const letter of code) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(29);
  expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
});

test('a pattern with fewer codes than are wanted is refused, not searched for ever', () => {
  expect(() => makeCodes('A-#', 30, randomBytes)).toThrow(RangeError);
});

test('the more codes there are, the longer they have to be', () => {
  expect([1, 1_000, 10_000, 1_000_000].map(placesFor)).toEqual([5, 7, 7, 9]);
  expect(placesOf('SPRING-####-###')).toBe(7);
});
