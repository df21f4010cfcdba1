import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readGrid } from '../../oracles/read-grid.ts';
import { exposures } from './exposures.ts';
import { holm } from './holm.ts';
import { sampleRatio } from './sample-ratio.ts';

const ratio = z.object({ people: z.array(z.number()), weights: z.array(z.number()), p: z.number() });
const grid = readGrid(
  'checks',
  z.object({
    holm: z.array(z.object({ ps: z.array(z.number()), raised: z.array(z.number()) })),
    sampleRatio: z.array(ratio.extend({ statistic: z.number() })),
  }),
);
const growthbook = readGrid('growthbook', z.object({ sampleRatio: z.array(ratio) }));

const arms = (people: readonly number[], weights: readonly number[]) =>
  people.map((each, index) => ({ people: each, weight: weights[index] ?? 0 }));

test('Holm’s p-values agree with statsmodels', () => {
  for (const { ps, raised } of grid.holm) expect(holm(ps)).toEqual(raised.map((p) => expect.closeTo(p, 12)));
  expect(holm([])).toEqual([]);
  expect(() => holm([1.1])).toThrow(RangeError);
});

test('they are never below what they were, and in the same order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (ps) => {
      const raised = holm(ps);
      for (const [index, p] of ps.entries()) {
        expect(raised[index]).toBeGreaterThanOrEqual(p);
        for (const [other, q] of ps.entries()) if (p < q) expect(raised[index]).toBeLessThanOrEqual(raised[other] ?? 0);
      }
    }),
    { seed: 9 },
  );
});

test('the sample-ratio check agrees with scipy and with GrowthBook', () => {
  for (const { people, weights, statistic, p } of grid.sampleRatio) {
    const found = sampleRatio(arms(people, weights));
    expect(Math.abs((found?.statistic ?? 0) - statistic)).toBeLessThan(1e-8 * (statistic + 1e-6));
    expect(Math.abs((found?.p ?? 0) / p - 1)).toBeLessThan(1e-8);
    expect(found?.holds).toBe(p >= 0.001);
  }
  for (const { people, weights, p } of growthbook.sampleRatio)
    expect(Math.abs((sampleRatio(arms(people, weights))?.p ?? 0) / p - 1)).toBeLessThan(1e-8);
});

test('it says nothing of few people, and everything of people in an arm that was to get none', () => {
  expect(sampleRatio(arms([15, 0], [1, 1]))).toBeNull();
  expect(sampleRatio(arms([16, 0], [1, 1]))).toMatchObject({ holds: false });
  expect(sampleRatio(arms([1_000, 1], [1, 0]))).toEqual({ statistic: Infinity, p: 0, holds: false });
  expect(sampleRatio(arms([1_000, 0], [1, 0]))).toBeNull();
  expect(() => sampleRatio(arms([-1, 10], [1, 1]))).toThrow(RangeError);
});

test('people in several arms are let pass while they are few', () => {
  expect(exposures({ people: 100, inSeveral: 9 })).toEqual({ share: 0.09, holds: true });
  expect(exposures({ people: 100, inSeveral: 10 })).toEqual({ share: 0.1, holds: false });
  expect(exposures({ people: 1_000, inSeveral: 10 })).toEqual({ share: 0.01, holds: true });
  expect(exposures({ people: 0, inSeveral: 0 })).toEqual({ share: 0, holds: true });
  expect(() => exposures({ people: 1, inSeveral: 2 })).toThrow(RangeError);
});
