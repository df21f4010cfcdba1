import { expect, test } from 'vitest';
import { drainTime, perMinute } from './drain-time.ts';

test.each([
  [0, null, 'Nothing waits'],
  [5, null, 'Not moving'],
  [5, 0, '1 second'],
  [5, 59, '59 seconds'],
  [5, 90, '2 minutes'],
  [5, 5_399, '90 minutes'],
  [5, 7_200, '2 hours'],
])('%i messages that take %s seconds: %s', (depth, seconds, expected) => {
  expect(drainTime({ depth, oldest_since: '2026-11-30T12:00:00Z', seconds_to_drain: seconds })).toBe(expected);
});

test('what waits for a time takes no time that its rate could tell', () => {
  expect(drainTime({ depth: 3, oldest_since: null, seconds_to_drain: 60 })).toBe('Nothing is due');
});

test('rates are read at a glance', () => {
  expect([0, 0.24, 9.96, 1_234.4].map(perMinute)).toEqual([0, 0.2, 10, 1_234]);
});
