import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributionModels, shareOut, weightsOf, wholeConversion } from './attribution.ts';

const dayMs = 86_400_000;
const now = new Date('2026-11-30T12:00:00Z');
const daysAgo = (...days: readonly number[]) => days.map((day) => ({ at: new Date(now.getTime() - day * dayMs) }));
const parts = (model: (typeof attributionModels)[number], ...days: readonly number[]) =>
  shareOut(wholeConversion, weightsOf(model, daysAgo(...days), now)).map(Number);

describe('A conversion is put down to messages', () => {
  test('by the last touch to the last one alone', () => {
    expect(parts('last_touch', 4, 2, 1)).toEqual([0, 0, 1_000_000]);
  });

  test('linearly to all alike, what is left over to the later ones', () => {
    expect(parts('linear', 4, 2, 1)).toEqual([333_333, 333_333, 333_334]);
  });

  test('by time: what is two days older has half of the weight', () => {
    expect(parts('time_decay', 4, 2, 0)).toEqual([142_857, 285_714, 571_429]);
  });

  test('by position: two fifths to the first and to the last, the rest to those between them', () => {
    expect(parts('position', 5, 4, 3, 1)).toEqual([400_000, 100_000, 100_000, 400_000]);
    expect(parts('position', 2, 1)).toEqual([500_000, 500_000]);
    expect(parts('position', 2)).toEqual([1_000_000]);
  });

  test('and whatever the model, the touches and the amount are, parts are whole and add up to it', () => {
    const days = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.constantFrom(...attributionModels),
        days,
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (model, ago, amount) => {
          const weights = weightsOf(model, daysAgo(...ago.toSorted((a, b) => b - a)), now);
          const shares = shareOut(amount, weights);
          expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
          expect(shares.every((share) => (amount < 0n ? share <= 0n : share >= 0n))).toBe(true);
          const all = weights.reduce((sum, weight) => sum + weight, 0);
          for (const [index, share] of shares.entries())
            expect(Math.abs(Number(share) - (Number(amount) * (weights[index] ?? 0)) / all)).toBeLessThanOrEqual(
              2 + Math.abs(Number(amount)) / 2 ** 40,
            );
        },
      ),
    );
  });

  test('nothing can be divided where nothing has a weight', () => {
    expect(() => shareOut(1n, [])).toThrow(RangeError);
    expect(() => shareOut(1n, [0, 0])).toThrow(RangeError);
  });
});
