import { mustBePositive } from '../distributions/distribution.ts';
import { type Difference, mustBeLevel } from './estimate.ts';
import { type Moments, mustBeMoments } from './means.ts';
import { type Count, mustBeCount } from './proportions.ts';

/*
 * Intervals that hold at all looks at once, so that one may stop whenever one likes: the asymptotic confidence sequences of I. Waudby-Smith,
 * D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
 * Statistics 52 (2024), arXiv 2103.06476. Equations by their numbers in its version 7; GrowthBook has the same.
 *
 * They hold at all looks from where the central limit theorem does: before some conversions are there they promise nothing, and a verdict waits.
 */

/** `tunedFor` is how many people of both arms together the interval is to be narrowest for. It is set before the first look and stays. */
export type Sequence = { readonly alpha: number; readonly tunedFor: number };

/** A difference's estimate, the variance of that estimate, and how many people it was made of. */
export type Estimate = { readonly estimate: number; readonly variance: number; readonly people: number };

/** ρ², the width of the mixture: equation 161, close to the best for intervals at `tunedFor` people. */
export function mixtureVariance({ alpha, tunedFor }: Sequence): number {
  mustBeLevel(alpha);
  mustBePositive('What a sequence is tuned for', tunedFor);
  const twice = -2 * Math.log(alpha);
  return (twice + Math.log(twice + 1)) / tunedFor;
}

/** The interval (equation 9) and the p-value (equation 155) of a difference, both of which hold at any look. Null while nothing varies. */
export function sequentialDifference({ estimate, variance, people }: Estimate, sequence: Sequence): Difference | null {
  const rho2 = mixtureVariance(sequence);
  if (people === 0 || variance === 0) return null;
  const grown = people * rho2 + 1;
  const half = Math.sqrt(variance * ((2 * grown) / (people * rho2)) * Math.log(Math.sqrt(grown) / sequence.alpha));
  // The logarithm of the e-value: past a few dozen standard errors its exponential would be infinite.
  const evidence = ((estimate * estimate) / variance) * ((people * rho2) / (2 * grown)) - Math.log(grown) / 2;
  return { estimate, low: estimate - half, high: estimate + half, p: Math.min(1, Math.exp(-evidence)) };
}

/** The sequential interval of the difference of two proportions. Null where an arm is empty. */
export function sequentialProportions(control: Count, arm: Count, sequence: Sequence): Difference | null {
  mustBeCount(control);
  mustBeCount(arm);
  if (control.people === 0 || arm.people === 0) return null;
  const estimate = arm.converted / arm.people - control.converted / control.people;
  const variance = varianceOf(control) / control.people + varianceOf(arm) / arm.people;
  return sequentialDifference({ estimate, variance, people: control.people + arm.people }, sequence);
}

/** That of two means. Null while an arm has fewer than two people, or nobody differs from anybody. */
export function sequentialMeans(control: Moments, arm: Moments, sequence: Sequence): Difference | null {
  mustBeMoments(control);
  mustBeMoments(arm);
  if (control.people < 2 || arm.people < 2) return null;
  const variance = control.variance / control.people + arm.variance / arm.people;
  return sequentialDifference(
    { estimate: arm.mean - control.mean, variance, people: control.people + arm.people },
    sequence,
  );
}

/**
 * p(1 − p). Of an arm in which nobody converted, or everybody did, that would be none at all, and an interval certain of what it knows least; it
 * is taken as if half a person had done otherwise.
 */
function varianceOf({ people, converted }: Count): number {
  const edge = converted === 0 || converted === people;
  const p = edge ? (converted + 0.5) / (people + 1) : converted / people;
  return p * (1 - p);
}
