import { gammaShares } from '../numeric/incomplete.ts';
import { type Distribution, mustBeShare } from './distribution.ts';

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** The chance of more than z: erfc(z/√2)/2, which is Q(½, z²/2)/2 (DLMF 7.11.2). */
function above(z: number): number {
  const { below, above } = gammaShares(0.5, (z * z) / 2);
  return z >= 0 ? above / 2 : 0.5 + below / 2;
}

/** Abramowitz and Stegun (1964) 26.2.23, four digits; Halley's steps triple them. */
function quantileAbove(q: number): number {
  mustBeShare(q);
  if (q > 0.5) return -quantileAbove(1 - q);
  if (q === 0) return Number.POSITIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(q));
  const fraction = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  let z = t - fraction;
  for (let turn = 0; turn < 4; turn += 1) {
    const step = (above(z) - q) / density(z);
    if (!Number.isFinite(step)) break;
    z += step / (1 - (step * z) / 2);
  }
  return q === 0.5 ? 0 : z;
}

/** The standard normal distribution. */
export const normal: Distribution = {
  density,
  below: (z) => above(-z),
  above,
  quantile: (p) => {
    mustBeShare(p);
    return p <= 0.5 ? -quantileAbove(p) : quantileAbove(1 - p);
  },
  quantileAbove,
};
