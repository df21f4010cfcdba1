import { betaShares } from '../numeric/incomplete.ts';
import { betaTerm } from '../numeric/stirling.ts';
import { type Distribution, mustBePositive, quantilesOf } from './distribution.ts';

/** The beta distribution. */
export function beta(a: number, b: number): Distribution {
  mustBePositive('a', a);
  mustBePositive('b', b);
  const parts = {
    density(x: number): number {
      if (x > 0 && x < 1) return betaTerm(a, b, x, 1 - x) / (x * (1 - x));
      if (x < 0 || x > 1) return 0;
      const [here, other] = x === 0 ? [a, b] : [b, a];
      return here > 1 ? 0 : here === 1 ? other : Number.POSITIVE_INFINITY;
    },
    below: (x: number) => betaShares(a, b, x, 1 - x).below,
    above: (x: number) => betaShares(a, b, x, 1 - x).above,
  };
  const scale = { place: (at: number) => 1 / (1 + Math.exp(-at)), stretch: (x: number) => x * (1 - x) };
  return { ...parts, ...quantilesOf(parts, scale, Math.log(a / b)) };
}
