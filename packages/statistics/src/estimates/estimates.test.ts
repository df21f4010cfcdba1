import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readGrid } from '../../oracles/read-grid.ts';
import { readMeans, readProportions } from './bayes.ts';
import { compareGroups } from './groups.ts';
import { differenceOfMeans, liftOfMeans, momentsOf, together } from './means.ts';
import { type Count, differenceOfProportions, liftOfProportions, wilson } from './proportions.ts';
import {
  daysFor,
  peopleInAll,
  peoplePerArmForMeans,
  peoplePerArmForProportions,
  peoplePerArmSequentially,
  powerForProportions,
  smallestDifferenceOfMeans,
  smallestDifferenceOfProportions,
} from './sample-size.ts';
import { mixtureVariance, sequentialDifference, sequentialMeans, sequentialProportions } from './sequential.ts';

const pair = z.tuple([z.number(), z.number()]);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const ends = z.object({ low: z.number(), high: z.number(), p: z.number() });
const count = ([people, converted]: readonly [number, number]): Count => ({ people, converted });
const moments = ([people, mean, variance]: readonly [number, number, number]) => ({ people, mean, variance });

/** Holds each figure against what it ought to be, to 1e-8 of that. */
function agree(what: unknown, figures: readonly unknown[], ought: readonly number[]): void {
  expect(figures).toHaveLength(ought.length);
  for (const [index, figure] of figures.entries()) {
    const sought = ought[index] ?? Number.NaN;
    const near = Math.abs(sought) * 1e-8 + 1e-14;
    expect([what, figure]).toEqual([what, expect.closeTo(sought, -Math.log10(2 * near))]);
  }
}

test('a figure that is off by two in a hundred million is told from one that is not', () => {
  expect(() => agree('planted', [3 + 6e-8], [3])).toThrow();
  expect(() => agree('planted', [3 + 2e-8], [3])).not.toThrow();
});

const whole = (most: number) => fc.integer({ min: 0, max: most });
const anyCount = fc
  .tuple(whole(100_000), whole(100_000))
  .map(([a, b]) => ({ people: Math.max(a, b), converted: Math.min(a, b) }));

describe('proportions', () => {
  const grid = readGrid(
    'proportions',
    z.array(
      z.object({
        control: pair,
        arm: pair,
        alpha: z.number(),
        wilson: pair,
        newcombe: pair,
        p: z.number().optional(),
        lift: pair.optional(),
      }),
    ),
  );

  test('Wilson’s and Newcombe’s intervals, the pooled z-test and the ratio agree with statsmodels', () => {
    for (const row of grid) {
      const [control, arm] = [count(row.control), count(row.arm)];
      const own = wilson(arm, row.alpha);
      agree(row, [own.low, own.high], row.wilson);
      const difference = differenceOfProportions(control, arm, row.alpha);
      agree(row, [difference?.low, difference?.high], row.newcombe);
      if (row.p === undefined) expect(difference?.p).toBe(1);
      else agree(row, [difference?.p], [row.p]);
      const lift = liftOfProportions(control, arm, row.alpha);
      if (row.lift === undefined) expect(lift).toBeNull();
      else agree(row, [lift?.low, lift?.high], row.lift);
    }
    expect(grid.length).toBeGreaterThan(30);
  });

  test('turned round, a difference is its negative; an interval holds its estimate and narrows with alpha', () => {
    fc.assert(
      fc.property(anyCount, anyCount, (control, arm) => {
        const [there, back] = [
          differenceOfProportions(control, arm, 0.05),
          differenceOfProportions(arm, control, 0.05),
        ];
        if (there === null || back === null) {
          expect(Math.min(control.people, arm.people)).toBe(0);
          return;
        }
        agree(
          [control, arm],
          [back.estimate, back.low, back.high, back.p],
          [-there.estimate, -there.high, -there.low, there.p],
        );
        expect(there.low).toBeLessThanOrEqual(there.estimate);
        expect(there.high).toBeGreaterThanOrEqual(there.estimate);
        expect(there.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(there.high).toBeLessThanOrEqual(1 + 1e-12);
        const wide = differenceOfProportions(control, arm, 0.01);
        expect(wide?.low).toBeLessThanOrEqual(there.low);
        expect(wide?.high).toBeGreaterThanOrEqual(there.high);
      }),
      { numRuns: 300, seed: 9 },
    );
  });

  test('a lift turned round is one over it', () => {
    const there = liftOfProportions(count([1000, 50]), count([900, 61]), 0.05);
    const back = liftOfProportions(count([900, 61]), count([1000, 50]), 0.05);
    agree('lift', [back?.low, back?.high], [1 / (1 + (there?.high ?? 0)) - 1, 1 / (1 + (there?.low ?? 0)) - 1]);
  });

  test('nobody, no conversion and nothing but conversions have answers that say how little is known', () => {
    expect(wilson(count([0, 0]), 0.05)).toEqual({ low: 0, high: 1 });
    expect(wilson(count([10, 0]), 0.05)).toEqual({ low: 0, high: expect.closeTo(0.278, 3) });
    expect(wilson(count([10, 10]), 0.05)).toEqual({ low: expect.closeTo(0.722, 3), high: 1 });
    expect(differenceOfProportions(count([0, 0]), count([10, 4]), 0.05)).toBeNull();
    expect(differenceOfProportions(count([10, 0]), count([10, 0]), 0.05)).toMatchObject({ estimate: 0, p: 1 });
    expect(liftOfProportions(count([10, 0]), count([10, 4]), 0.05)).toBeNull();
    expect(liftOfProportions(count([10, 10]), count([10, 10]), 0.05)).toMatchObject({ estimate: 0, p: 1 });
  });

  test.each([
    [1, 2],
    [-1, 0],
    [10, -1],
    [1.5, 1],
    [Number.NaN, 0],
  ])('%s people with %s conversions are refused', (people, converted) => {
    expect(() => wilson({ people, converted }, 0.05)).toThrow(RangeError);
  });

  test.each([0, 1, Number.NaN])('an alpha of %s is refused', (alpha) => {
    expect(() => wilson(count([10, 1]), alpha)).toThrow(RangeError);
  });
});

describe('means', () => {
  const grid = readGrid(
    'means',
    z.array(
      z.object({ control: triple, arm: triple, alpha: z.number(), p: z.number(), low: z.number(), high: z.number() }),
    ),
  );

  test('Welch’s test and interval agree with scipy', () => {
    for (const row of grid) {
      const found = differenceOfMeans(moments(row.control), moments(row.arm), row.alpha);
      agree(row, [found?.low, found?.high, found?.p], [row.low, row.high, row.p]);
    }
    expect(grid.length).toBeGreaterThan(20);
  });

  test('moments of sums and of two groups together are those of all their values', () => {
    const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 30 });
    const straight = (of: readonly number[]) => {
      const mean = of.reduce((sum, x) => sum + x, 0) / of.length;
      const squares = of.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      return { people: of.length, mean, variance: of.length < 2 ? 0 : squares / (of.length - 1) };
    };
    fc.assert(
      fc.property(values, values, (one, other) => {
        const origin = 1_000_000_000;
        const whole = straight([...one, ...other]);
        const sums = momentsOf({
          people: whole.people,
          sum: [...one, ...other].reduce((sum, x) => sum + x, 0),
          sumOfSquares: [...one, ...other].reduce((sum, x) => sum + x * x, 0),
          origin,
        });
        const joined = together(straight(one), straight(other));
        expect([joined.people, sums.people]).toEqual([whole.people, whole.people]);
        for (const [figure, ought] of [
          [joined.mean, whole.mean],
          [joined.variance, whole.variance],
          [sums.mean - origin, whole.mean],
          [sums.variance, whole.variance],
        ] as const)
          expect(Math.abs(figure - ought)).toBeLessThan(1e-6);
      }),
      { numRuns: 200, seed: 9 },
    );
    expect(momentsOf({ people: 0, sum: 0, sumOfSquares: 0 })).toEqual({ people: 0, mean: 0, variance: 0 });
    expect(together(moments([0, 0, 0]), moments([3, 1, 2]))).toEqual(moments([3, 1, 2]));
  });

  test('too few people, and people who are all alike, tell nothing; a share of nothing is none', () => {
    expect(differenceOfMeans(moments([1, 3, 0]), moments([9, 4, 1]), 0.05)).toBeNull();
    expect(differenceOfMeans(moments([9, 3, 0]), moments([9, 4, 0]), 0.05)).toBeNull();
    expect(liftOfMeans(moments([9, 0, 1]), moments([9, 4, 1]), 0.05)).toBeNull();
    expect(() => differenceOfMeans(moments([9, 3, -1]), moments([9, 4, 1]), 0.05)).toThrow(RangeError);
    expect(() => differenceOfMeans(moments([9, Number.NaN, 1]), moments([9, 4, 1]), 0.05)).toThrow(RangeError);
  });
});

describe('GrowthBook', () => {
  const grid = readGrid(
    'growthbook',
    z.object({
      tests: z.array(
        z.object({
          kind: z.enum(['proportion', 'mean']),
          control: z.array(z.number()),
          arm: z.array(z.number()),
          alpha: z.number(),
          sequential5000: ends,
          sequential60000: ends,
          absolute: ends.optional(),
          relative: ends.optional(),
          bayes: z.object({ chance: z.number(), loss: z.number() }).optional(),
        }),
      ),
    }),
  );
  const ofSums = ([people = 0, sum = 0, sumOfSquares = 0]: readonly number[]) =>
    momentsOf({ people, sum, sumOfSquares });

  test('sequential intervals, both t-tests and the reading of means are the same', () => {
    for (const row of grid.tests) {
      const [control, arm] = [ofSums(row.control), ofSums(row.arm)];
      const [[people = 0, converted = 0], [armPeople = 0, armConverted = 0]] = [row.control, row.arm];
      for (const tunedFor of [5000, 60000] as const) {
        const sequence = { alpha: row.alpha, tunedFor };
        const found =
          row.kind === 'mean'
            ? sequentialMeans(control, arm, sequence)
            : sequentialProportions({ people, converted }, { people: armPeople, converted: armConverted }, sequence);
        const ought = row[`sequential${tunedFor}`];
        agree(row, [found?.low, found?.high, found?.p], [ought.low, ought.high, ought.p]);
      }
      if (row.absolute === undefined || row.relative === undefined || row.bayes === undefined) continue;
      const [straight, lift] = [differenceOfMeans(control, arm, row.alpha), liftOfMeans(control, arm, row.alpha)];
      // Theirs is one less the chance below, which leaves a small p-value few digits.
      for (const [found, ought] of [
        [straight, row.absolute],
        [lift, row.relative],
      ] as const)
        agree(row, [found?.low, found?.high, found?.p], [ought.low, ought.high, ought.p]);
      const read = readMeans(control, arm);
      agree(row, [read?.chanceToBeatControl, read?.expectedLoss], [row.bayes.chance, row.bayes.loss]);
    }
  });
});

describe('sequential intervals', () => {
  const grid = readGrid(
    'sequential',
    z.array(
      z.object({
        people: z.number(),
        alpha: z.number(),
        tunedFor: z.number(),
        variance: z.number(),
        estimate: z.number(),
        low: z.number(),
        high: z.number(),
        p: z.number(),
      }),
    ),
  );

  test('are where the mixture of likelihood ratios, integrated numerically, reaches 1/alpha', () => {
    for (const row of grid) {
      const found = sequentialDifference(row, row);
      agree(row, [found?.low, found?.high, found?.p], [row.low, row.high, row.p]);
    }
    expect(grid.length).toBeGreaterThan(20);
  });

  test('leave out nothing exactly where the p-value is below alpha', () => {
    fc.assert(
      fc.property(anyCount, anyCount, fc.double({ min: 0.001, max: 0.2, noNaN: true }), (control, arm, alpha) => {
        const found = sequentialProportions(control, arm, { alpha, tunedFor: 10_000 });
        if (found === null || Math.abs(found.p / alpha - 1) < 1e-9) return;
        expect(found.low > 0 || found.high < 0).toBe(found.p < alpha);
        expect(found.high).toBeGreaterThan(found.low);
      }),
      { numRuns: 500, seed: 9 },
    );
  });

  test('are narrowest, for what they cost at other times, near what they are tuned for', () => {
    const width = (tunedFor: number) => {
      const found = sequentialDifference(
        { estimate: 0, variance: 1 / 20_000, people: 20_000 },
        { alpha: 0.05, tunedFor },
      );
      return (found?.high ?? 0) - (found?.low ?? 0);
    };
    const widths = [500, 5_000, 20_000, 80_000, 800_000].map(width);
    expect(Math.min(...widths)).toBe(widths[2]);
  });

  test('of arms in which nobody converted are wide, and of empty ones there are none', () => {
    const sequence = { alpha: 0.05, tunedFor: 10_000 };
    const none = sequentialProportions(count([5_000, 0]), count([5_000, 0]), sequence);
    expect(none).toMatchObject({ estimate: 0, p: 1, low: expect.toSatisfy((low) => low < 0) });
    expect(sequentialProportions(count([0, 0]), count([10, 1]), sequence)).toBeNull();
    expect(sequentialMeans(moments([10, 3, 0]), moments([10, 4, 0]), sequence)).toBeNull();
    expect(sequentialMeans(moments([1, 3, 0]), moments([10, 4, 2]), sequence)).toBeNull();
    expect(() => mixtureVariance({ alpha: 0.05, tunedFor: 0 })).toThrow(RangeError);
  });
});

describe('sample sizes', () => {
  const grid = readGrid(
    'sample-sizes',
    z.object({
      proportions: z.array(
        z.object({
          base: z.number(),
          difference: z.number(),
          controlPerArm: z.number(),
          alpha: z.number(),
          power: z.number(),
          people: z.number(),
          powerBack: z.number(),
        }),
      ),
      means: z.array(
        z.object({
          effect: z.number(),
          controlPerArm: z.number(),
          alpha: z.number(),
          power: z.number(),
          people: z.number(),
        }),
      ),
    }),
  );

  test('agree with statsmodels', () => {
    for (const row of grid.proportions) {
      agree(row, [peoplePerArmForProportions(row, row)], [row.people]);
      agree(row, [powerForProportions({ ...row, peoplePerArm: row.people }, row.alpha)], [row.powerBack]);
    }
    for (const row of grid.means)
      agree(row, [peoplePerArmForMeans({ ...row, variance: 9, difference: 3 * row.effect }, row)], [row.people]);
  });

  test('the smallest difference is the one that those people find', () => {
    for (const row of grid.proportions.filter(({ difference }) => difference > 0))
      agree(row, [smallestDifferenceOfProportions({ ...row, peoplePerArm: row.people }, row)], [row.difference]);
    for (const row of grid.means) {
      const known = { ...row, variance: 4, peoplePerArm: row.people };
      agree(row, [smallestDifferenceOfMeans(known, row)], [2 * row.effect]);
    }
    expect(smallestDifferenceOfProportions({ base: 0.5, peoplePerArm: 3 }, { alpha: 0.05, power: 0.8 })).toBeNull();
    expect(smallestDifferenceOfProportions({ base: 1, peoplePerArm: 3 }, { alpha: 0.05, power: 0.8 })).toBeNull();
  });

  test('looking every day costs people, and fewer people a day cost days', () => {
    const errors = { alpha: 0.05, power: 0.8 };
    const sought = { variance: 0.05 * 0.95, difference: 0.01 };
    const ratio = peoplePerArmSequentially(sought, errors) / peoplePerArmForMeans(sought, errors);
    expect(ratio).toBeGreaterThan(1.5);
    expect(ratio).toBeLessThan(2.5);
    expect(peopleInAll({ peoplePerArm: 1_000.2, arms: 2 })).toBe(2_002);
    expect(peopleInAll({ peoplePerArm: 1_000.2, arms: 3, controlPerArm: 0.1 })).toBe(2_103);
    expect(daysFor({ people: 2_002, peoplePerDay: 500 })).toBe(5);
    expect(daysFor({ people: 20, peoplePerDay: 500 })).toBe(1);
    expect(() => daysFor({ people: 20, peoplePerDay: 0 })).toThrow(RangeError);
    expect(() => peoplePerArmForMeans({ ...sought, controlPerArm: 0 }, errors)).toThrow(RangeError);
  });
});

describe('Bayesian reading', () => {
  const grid = readGrid(
    'bayes',
    z.array(
      z.object({
        counts: z.array(pair),
        low: z.array(z.number()),
        high: z.array(z.number()),
        mean: z.array(z.number()),
        best: z.array(z.number()),
        beats: z.array(z.number()),
        loss: z.array(z.number()),
      }),
    ),
  );

  test('agrees with scipy’s integrals', () => {
    for (const row of grid) {
      const read = readProportions(row.counts.map(count), 0.05);
      agree(
        row,
        read.map(({ low }) => low),
        row.low,
      );
      agree(
        row,
        read.map(({ high }) => high),
        row.high,
      );
      agree(
        row,
        read.map(({ mean }) => mean),
        row.mean,
      );
      agree(
        row,
        read.map(({ chanceToBeBest }) => chanceToBeBest),
        row.best,
      );
      agree(
        row,
        read.map(({ chanceToBeatControl }) => chanceToBeatControl),
        row.beats,
      );
      // A small loss is what two near figures leave.
      for (const [index, { expectedLoss }] of read.entries())
        expect(Math.abs(expectedLoss - (row.loss[index] ?? Number.NaN))).toBeLessThan(1e-10);
    }
  });

  test('chances of all arms add up to one, whatever their counts', () => {
    fc.assert(
      fc.property(fc.array(anyCount, { minLength: 1, maxLength: 8 }), (counts) => {
        const read = readProportions(counts, 0.05);
        expect(read.reduce((sum, { chanceToBeBest }) => sum + chanceToBeBest, 0)).toBeCloseTo(1, 8);
      }),
      { numRuns: 40, seed: 9 },
    );
  });

  test('nine arms are refused; people who are all alike are not read', () => {
    expect(() =>
      readProportions(
        Array.from({ length: 9 }, () => count([10, 1])),
        0.05,
      ),
    ).toThrow(RangeError);
    expect(readMeans(moments([9, 3, 0]), moments([9, 4, 0]))).toBeNull();
    expect(readMeans(moments([1, 3, 0]), moments([9, 4, 1]))).toBeNull();
  });
});

test('of twenty groups that are alike hardly any seems to differ, as one in twenty would one by one', () => {
  const groups = Array.from({ length: 20 }, (_, index) => ({
    id: `group-${index}`,
    reached: count([1_000, 100 + (index === 7 ? 30 : 0)]),
    heldOut: count([1_000, 100]),
  }));
  const found = compareGroups([...groups, { id: 'empty', reached: count([0, 0]) }], 0.05);
  expect(found[0]).toMatchObject({ id: 'group-7', share: 0.13 });
  expect(found[0]?.difference?.low).toBeLessThan(0);
  expect(differenceOfProportions(count([1_000, 100]), count([1_000, 130]), 0.05)?.low).toBeGreaterThan(0);
  expect(found.at(-1)).toEqual({ id: 'empty', share: null, interval: { low: 0, high: 1 }, difference: null });
});
