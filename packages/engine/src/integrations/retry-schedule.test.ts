import { expect, test } from 'vitest';
import { nextTryMs, readRetryAfter, retryDelaysMs } from './retry-schedule.ts';

const hour = 3_600_000;

test('ten requests over three days, each up to a tenth earlier or later', () => {
  const delays = (random: number) => retryDelaysMs.map((_, index) => nextTryMs(index + 1, random, null) ?? Number.NaN);
  const sum = (each: readonly number[]) => each.reduce((a, b) => a + b, 0) / hour;
  expect(delays(0.5)).toEqual(retryDelaysMs);
  expect(sum(delays(0.5))).toBeGreaterThan(72);
  expect(sum(delays(0.5))).toBeLessThan(80);
  for (const [index, delay] of retryDelaysMs.entries()) {
    expect(delays(0)[index]).toBe(Math.round(delay * 0.9));
    expect(delays(1)[index]).toBe(Math.round(delay * 1.1));
  }
  expect(nextTryMs(retryDelaysMs.length + 1, 0.5, null)).toBeNull();
  expect(nextTryMs(retryDelaysMs.length + 1, 0.5, hour)).toBeNull();
});

test('whoever asks to be left alone is, for a day at most, and never asked earlier for it', () => {
  expect(nextTryMs(1, 0.5, 60_000)).toBe(60_000);
  expect(nextTryMs(1, 0.5, 1_000)).toBe(5_000);
  expect(nextTryMs(1, 0.5, 1_000 * hour)).toBe(24 * hour);
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 17:36:00 GMT', 60_000],
  ['Sun, 22 Nov 2026 17:30:00 GMT', 0],
  ['soon', null],
  [null, null],
])('Retry-After %j asks for %j', (header, ms) => {
  expect(readRetryAfter(header, new Date('2026-11-22T17:35:00.000Z'))).toBe(ms);
});
