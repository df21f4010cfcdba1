import { expect, test } from 'vitest';
import { createGuessLimit, guessesAtOnce } from './guessing.ts';

function world() {
  let at = 0;
  const limit = createGuessLimit(() => at);
  return {
    limit,
    guess: (address: string, times: number) => {
      for (let time = 0; time < times; time += 1) limit.missed(address);
    },
    pass: (ms: number) => {
      at += ms;
    },
  };
}

test('an address may miss so often at once, and then once each two seconds', () => {
  const { limit, guess, pass } = world();
  guess('192.0.2.1', guessesAtOnce - 1);
  expect(limit.waitMs('192.0.2.1')).toBe(0);
  guess('192.0.2.1', 1);
  expect(limit.waitMs('192.0.2.1')).toBe(2_000);
  expect(limit.waitMs('192.0.2.2')).toBe(0);
  pass(2_000);
  expect(limit.waitMs('192.0.2.1')).toBe(0);
  guess('192.0.2.1', 1);
  expect(limit.waitMs('192.0.2.1')).toBe(2_000);
  pass(3_600_000);
  guess('192.0.2.1', guessesAtOnce - 1);
  expect(limit.waitMs('192.0.2.1')).toBe(0);
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8::1', '2001:db8:0:0:5::', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
])('%s and %s are one network: %s', (one, other, same) => {
  const { limit, guess } = world();
  guess(one, guessesAtOnce);
  expect(limit.waitMs(other) > 0).toBe(same);
});

test('of very many addresses those that guessed longest ago are forgotten', () => {
  const { limit, guess } = world();
  guess('first', guessesAtOnce);
  guess('second', guessesAtOnce);
  for (let n = 0; n < 9_999; n += 1) guess(`10.0.${n >> 8}.${n & 255}`, 1);
  expect([limit.waitMs('first'), limit.waitMs('second') > 0]).toEqual([0, true]);
});
