import { describe, expect, test } from 'vitest';
import type { SendOutcome } from '../providers/provider.ts';
import { createBreakers, signOf } from './breakers.ts';

const refused = (
  errorClass: 'transient' | 'invalid_number' | 'throttled' | 'auth' | 'funds',
  code = 'x',
): SendOutcome => ({
  kind: 'refused',
  errorClass,
  code,
  retryAfterMs: null,
});

test.each([
  [{ kind: 'accepted', providerId: '1' }, 'works'],
  [refused('invalid_number'), 'works'],
  [refused('throttled'), 'works'],
  [refused('transient'), 'fails'],
  [refused('auth'), 'fails'],
  [refused('funds'), 'fails'],
  [{ kind: 'ambiguous', code: 'timeout' }, 'fails'],
  [refused('transient', 'lease_over'), 'nothing'],
] satisfies Array<[SendOutcome, string]>)('%j says that the account %s', (outcome, sign) => {
  expect(signOf(outcome)).toBe(sign);
});

describe('a breaker', () => {
  test('opens with the fifth failure, and not where most of what goes out arrives', () => {
    const breakers = createBreakers(5);
    const changes = Array.from({ length: 5 }, (_, index) => breakers.record('down', 'fails', index * 100));
    expect(changes).toEqual([null, null, null, null, 'opened']);
    for (let index = 0; index < 40; index += 1) {
      expect(breakers.record('mostly', index % 3 === 0 ? 'fails' : 'works', index * 100)).toBeNull();
    }
    expect([breakers.isOpen('down'), breakers.isOpen('mostly'), breakers.isOpen('unheard')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('opens within ten seconds of a provider that fails in the middle of a campaign', () => {
    const breakers = createBreakers(5);
    for (let at = 0; at < 20_000; at += 10) breakers.record('a', 'works', at);
    let openedAt = 0;
    for (let at = 20_000; openedAt === 0 && at < 40_000; at += 10)
      if (breakers.record('a', 'fails', at) === 'opened') openedAt = at;
    expect(openedAt - 20_000).toBeLessThanOrEqual(10_000);
  });

  test('opens with the first time-outs of a provider that hangs, however much it took before and however few wait for it', () => {
    const breakers = createBreakers(5);
    for (let at = 0; at < 20_000; at += 2) breakers.record('a', 'works', at);
    const changes = Array.from({ length: 6 }, (_, index) => breakers.record('a', 'fails', 28_000 + index));
    expect(changes).toEqual([null, null, null, null, 'opened', null]);
  });

  test('stays closed where some requests hang and others arrive', () => {
    const breakers = createBreakers(5);
    for (let at = 0; at < 60_000; at += 10)
      expect(breakers.record('a', at % 50 === 0 && at > 8_000 ? 'fails' : 'works', at)).toBeNull();
  });

  test('lets a message through now and then, less and less often, and closes with the first that arrives', () => {
    const breakers = createBreakers(5);
    for (let index = 0; index < 5; index += 1) breakers.record('a', 'fails', 0);
    expect(breakers.mayProbe('a', 1_999)).toBe(false);
    expect(breakers.mayProbe('a', 2_000)).toBe(true);
    breakers.probing('a', 2_000);
    expect(breakers.mayProbe('a', 2_001), 'one at a time').toBe(false);
    expect(breakers.record('a', 'fails', 3_000)).toBeNull();
    expect(breakers.mayProbe('a', 6_999)).toBe(false);
    expect(breakers.mayProbe('a', 7_000)).toBe(true);
    breakers.probing('a', 7_000);
    expect(breakers.record('a', 'works', 7_100)).toBe('closed');
    expect(breakers.isOpen('a')).toBe(false);
    expect(breakers.record('a', 'fails', 7_200), 'what was before is forgotten').toBeNull();
  });

  test('gives up a probe that nothing is heard of', () => {
    const breakers = createBreakers(5);
    for (let index = 0; index < 5; index += 1) breakers.record('a', 'fails', 0);
    breakers.probing('a', 2_000);
    expect(breakers.mayProbe('a', 22_000)).toBe(false);
    expect(breakers.mayProbe('a', 22_001)).toBe(true);
  });

  test('goes on where another dispatcher stopped, and probes at once', () => {
    const breakers = createBreakers(5);
    breakers.adopt('a', true, 100);
    breakers.adopt('b', false, 100);
    expect([breakers.isOpen('a'), breakers.mayProbe('a', 100), breakers.isOpen('b')]).toEqual([true, true, false]);
    breakers.record('a', 'works', 200);
    breakers.adopt('a', true, 300);
    expect(breakers.isOpen('a'), 'what it found itself counts').toBe(false);
  });
});
