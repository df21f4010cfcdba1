import { gammaShares } from '../numeric/incomplete.ts';
import { poissonTerm } from '../numeric/stirling.ts';
import { type Distribution, mustBePositive, quantilesOf } from './distribution.ts';

/** The gamma distribution of a shape and a rate. */
export function gamma(shape: number, rate: number): Distribution {
  mustBePositive('A shape', shape);
  mustBePositive('A rate', rate);
  const parts = {
    density(x: number): number {
      if (x > 0) return (poissonTerm(shape, x * rate) * shape) / x;
      if (x < 0 || shape > 1) return 0;
      return shape === 1 ? rate : Number.POSITIVE_INFINITY;
    },
    below: (x: number) => gammaShares(shape, x * rate).below,
    above: (x: number) => gammaShares(shape, x * rate).above,
  };
  return {
    ...parts,
    ...quantilesOf(parts, { place: Math.exp, stretch: (x) => x }, Math.log(shape / rate)),
  };
}

/** The chi-square distribution. */
export function chiSquare(degrees: number): Distribution {
  return gamma(degrees / 2, 0.5);
}
