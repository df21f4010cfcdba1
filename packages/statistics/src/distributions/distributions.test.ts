import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readGrid } from '../../oracles/read-grid.ts';
import { beta } from './beta.ts';
import type { Distribution } from './distribution.ts';
import { chiSquare, gamma } from './gamma.ts';
import { normal } from './normal.ts';
import { studentT } from './student-t.ts';

const grid = readGrid(
  'distributions',
  z.object({
    places: z.array(z.tuple([z.string(), z.array(z.number()), z.number(), z.number(), z.number(), z.number()])),
    quantiles: z.array(z.tuple([z.string(), z.array(z.number()), z.number(), z.enum(['above', 'below']), z.number()])),
  }),
);

function distribution(kind: string, [a = Number.NaN, b = Number.NaN]: readonly number[]): Distribution {
  switch (kind) {
    case 'normal':
      return normal;
    case 'studentT':
      return studentT(a);
    case 'chiSquare':
      return chiSquare(a);
    case 'gamma':
      return gamma(a, b);
    case 'beta':
      return beta(a, b);
    default:
      throw new Error(`no distribution ${kind}`);
  }
}

/** How far a figure is from what it ought to be, as a share of that. */
const off = (figure: number, ought: number): number => (ought === 0 ? Math.abs(figure) : Math.abs(figure / ought - 1));

const worst = (rows: readonly { readonly what: string; readonly off: number }[]) =>
  rows.reduce((most, row) => (row.off <= most.off ? most : row), { what: '', off: 0 });

test('densities and both tails agree with scipy to 1e-10 of themselves', () => {
  const rows = grid.places.flatMap(([kind, parameters, x, density, below, above]) => {
    const found = distribution(kind, parameters);
    return Object.entries({ density, below, above } as const).map(([name, ought]) => {
      const figure = name === 'density' ? found.density(x) : name === 'below' ? found.below(x) : found.above(x);
      return { what: `${kind}(${parameters}) ${name} ${x}: ${figure}, not ${ought}`, off: off(figure, ought) };
    });
  });
  expect(rows.length).toBeGreaterThan(1_000);
  expect(worst(rows)).toMatchObject({ off: expect.toSatisfy((most) => most < 1e-10) });
});

test('quantiles agree with scipy to 1e-10 of themselves', () => {
  const rows = grid.quantiles.map(([kind, parameters, share, side, ought]) => {
    const found = distribution(kind, parameters);
    const figure = side === 'above' ? found.quantileAbove(share) : found.quantile(share);
    // The median of what is symmetrical is 0, which scipy misses by the last digit of a share.
    const near = Math.abs(ought) < 1e-12 && (kind === 'normal' || kind === 'studentT');
    return {
      what: `${kind}(${parameters}) ${share} ${side}: ${figure}, not ${ought}`,
      off: near ? Math.abs(figure - ought) : off(figure, ought),
    };
  });
  expect(rows.length).toBeGreaterThan(400);
  expect(worst(rows)).toMatchObject({ off: expect.toSatisfy((most) => most < 1e-10) });
});

const anyDistribution = fc.oneof(
  fc.constant(normal),
  fc.double({ min: 0.3, max: 1e7, noNaN: true }).map(studentT),
  fc
    .tuple(fc.double({ min: 0.1, max: 1e5, noNaN: true }), fc.double({ min: 0.01, max: 50, noNaN: true }))
    .map(([a, b]) => gamma(a, b)),
  fc
    .tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 1e6, noNaN: true }))
    .map(([a, b]) => beta(a, b)),
);

test('a quantile is where its share lies below, and shares grow with the place', () => {
  fc.assert(
    fc.property(anyDistribution, fc.double({ min: 1e-6, max: 0.999_999, noNaN: true }), (found, p) => {
      const place = found.quantile(p);
      expect(Math.abs(found.below(place) - p)).toBeLessThan(1e-9);
      expect(Math.abs(found.below(place) + found.above(place) - 1)).toBeLessThan(1e-12);
      expect(found.quantile(Math.min(1, p * 1.000_001))).toBeGreaterThanOrEqual(place);
    }),
    { numRuns: 400, seed: 9 },
  );
});

test('ends are ends, and what is no share or no parameter is refused', () => {
  expect([normal.quantile(0), normal.quantile(0.5), normal.quantile(1)]).toEqual([-Infinity, -0, Infinity]);
  // The place itself is below the least number that there is.
  expect(gamma(0.05, 1).quantile(1e-100)).toBeLessThan(1e-300);
  expect([beta(2, 3).quantile(0), beta(2, 3).quantile(1), beta(2, 3).quantileAbove(0)]).toEqual([0, 1, 1]);
  expect([gamma(2, 3).quantile(0), gamma(2, 3).quantileAbove(0), gamma(2, 3).below(-1)]).toEqual([0, Infinity, 0]);
  expect([studentT(4).quantile(1), studentT(4).quantileAbove(1), studentT(4).below(0)]).toEqual([
    Infinity,
    -Infinity,
    0.5,
  ]);
  expect([gamma(1, 3).density(0), gamma(2, 1).density(0), gamma(0.5, 1).density(0)]).toEqual([3, 0, Infinity]);
  expect([beta(1, 3).density(0), beta(2, 1).density(1), beta(0.5, 2).density(0), beta(2, 2).density(-1)]).toEqual([
    3,
    2,
    Infinity,
    0,
  ]);
  for (const refused of [
    () => normal.quantile(-0.1),
    () => beta(2, 2).quantile(Number.NaN),
    () => studentT(0),
    () => gamma(1, Infinity),
  ])
    expect(refused).toThrow(RangeError);
});
