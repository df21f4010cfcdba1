import { expect, test } from 'vitest';
import { createPriceBook } from './price-book.ts';

const book = createPriceBook([
  { provider: 'twilio', prefix: '+', microUnits: 50_000 },
  { provider: 'twilio', prefix: '+1', microUnits: 7_900 },
  { provider: 'twilio', prefix: '+1876', microUnits: 220_000 },
  { provider: 'telstra', prefix: '+61', microUnits: 0 },
]);

test.each([
  ['twilio', '+12025550123', 7_900],
  ['twilio', '+18765550123', 220_000],
  ['twilio', '+61491570156', 50_000],
  ['telstra', '+61491570156', 0],
  ['telstra', '+12025550123', null],
  ['plivo', '+12025550123', null],
])('a segment through %s to %s costs %s', (provider, number, price) => {
  expect(book.segment(provider, number)).toBe(price);
});

test('a workspace without prices knows none', () => {
  expect(createPriceBook([]).segment('twilio', '+12025550123')).toBeNull();
});
