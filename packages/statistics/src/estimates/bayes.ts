import { beta } from '../distributions/beta.ts';
import type { Distribution } from '../distributions/distribution.ts';
import { normal } from '../distributions/normal.ts';
import { quadrature } from '../numeric/quadrature.ts';
import { type Interval, mustBeLevel } from './estimate.ts';
import { type Moments, mustBeMoments } from './means.ts';
import { type Count, mustBeCount } from './proportions.ts';

/*
 * For reading only: a chance to be best that is looked at every day passes 95 % in nearly half of all tests of two equal arms, so no verdict
 * rests on it.
 */

/** Of one arm: what its proportion is likely to be, the chance that it is the best, and what choosing it is expected to lose. */
export type Reading = Interval & {
  readonly mean: number;
  readonly chanceToBeBest: number;
  readonly chanceToBeatControl: number;
  readonly expectedLoss: number;
};

/** Beta(1, 1): before anybody was seen, every proportion is as likely as every other. */
const uniform = { a: 1, b: 1 };
const mostArms = 8;

/**
 * Reads up to eight arms, the first of which is the control. A proportion's posterior is Beta(a + converted, b + the others); the chance to be best
 * is ∫ fᵢ ∏ Fⱼ and the expected loss E[max] − E[pᵢ], with E[max] = 1 − ∫ ∏ Fⱼ over 0 to 1, by quadrature: no draws, so the same counts
 * always read the same. C. Stucchi (2015), "Bayesian A/B testing at VWO", defines the loss.
 */
export function readProportions(counts: readonly Count[], alpha: number, prior = uniform): Reading[] {
  for (const count of counts) mustBeCount(count);
  mustBeLevel(alpha);
  if (counts.length < 1 || counts.length > mostArms)
    throw new RangeError(`${counts.length} arms: from 1 to ${mostArms} are read`);
  const arms = counts.map(({ people, converted }) => {
    const [a, b] = [prior.a + converted, prior.b + people - converted];
    return { mean: a / (a + b), ...beta(a, b) };
  });
  const points = arms.flatMap(pointsOf);
  const chances = arms.map(() => ({ best: 0, beats: 0 }));
  let most = Math.max(...points);
  for (const { x, weight } of quadrature(points)) {
    const below = arms.map((arm) => arm.below(x));
    most -= weight * below.reduce((product, share) => product * share, 1);
    for (const [index, chance] of chances.entries()) {
      const density = weight * (arms[index]?.density(x) ?? 0);
      chance.best += below.reduce((product, share, other) => (other === index ? product : product * share), density);
      chance.beats += density * (below[0] ?? 0);
    }
  }
  return arms.map((arm, index) => ({
    mean: arm.mean,
    low: arm.quantile(alpha / 2),
    high: arm.quantileAbove(alpha / 2),
    chanceToBeBest: Math.min(1, chances[index]?.best ?? 0),
    chanceToBeatControl: index === 0 ? 0.5 : Math.min(1, chances[index]?.beats ?? 0),
    expectedLoss: Math.max(0, most - arm.mean),
  }));
}

/** An arm against the control by its mean, flat prior: the chance that it is higher, and what choosing it is expected to lose. */
export function readMeans(
  control: Moments,
  arm: Moments,
): { readonly chanceToBeatControl: number; readonly expectedLoss: number } | null {
  mustBeMoments(control);
  mustBeMoments(arm);
  if (control.people < 2 || arm.people < 2) return null;
  const error = Math.sqrt(control.variance / control.people + arm.variance / arm.people);
  if (error === 0) return null;
  const z = (arm.mean - control.mean) / error;
  return {
    chanceToBeatControl: normal.below(z),
    expectedLoss: Math.max(0, error * (normal.density(z) - z * normal.above(z))),
  };
}

const outer = [1e-16, 1e-9, 1e-4, 0.02, 0.2];

/** Points between which a distribution is smooth. */
function pointsOf(arm: Distribution): number[] {
  return [...outer.map(arm.quantile), arm.quantile(0.5), ...outer.map(arm.quantileAbove)];
}
