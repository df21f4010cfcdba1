import { studentT } from '../distributions/student-t.ts';
import { type Difference, mustBeLevel } from './estimate.ts';

/** A value of each of an arm's people, such as what they spent: how many, their mean, and their variance, divided by people − 1. */
export type Moments = { readonly people: number; readonly mean: number; readonly variance: number };

/** Refuses moments that cannot be. */
export function mustBeMoments({ people, mean, variance }: Moments): void {
  if (!(Number.isSafeInteger(people) && people >= 0 && Number.isFinite(mean) && variance >= 0 && variance < Infinity))
    throw new RangeError(`${people} people, mean ${mean} and variance ${variance} are no moments`);
}

/**
 * Moments of sums as they are kept. The squares' sum is of each value less `origin`, so that the variance of large values does not vanish in the
 * digits of their squares.
 */
export function momentsOf(sums: {
  readonly people: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly origin?: number;
}): Moments {
  const { people, sum, sumOfSquares, origin = 0 } = sums;
  if (people === 0) return { people, mean: 0, variance: 0 };
  const variance = people === 1 ? 0 : Math.max(0, (sumOfSquares - (sum * sum) / people) / (people - 1));
  return { people, mean: origin + sum / people, variance };
}

/** Combines what was measured of two groups of an arm: T. F. Chan, G. H. Golub and R. J. LeVeque (1979). */
export function together(one: Moments, other: Moments): Moments {
  mustBeMoments(one);
  mustBeMoments(other);
  if (one.people === 0) return other;
  if (other.people === 0) return one;
  const people = one.people + other.people;
  const apart = other.mean - one.mean;
  const squares =
    one.variance * (one.people - 1) +
    other.variance * (other.people - 1) +
    apart * apart * ((one.people * other.people) / people);
  return { people, mean: one.mean + (apart * other.people) / people, variance: squares / (people - 1) };
}

/**
 * The difference of two means, arm less control: B. L. Welch (1947), "The generalization of Student's problem when several different
 * population variances are involved". Null while an arm has fewer than two people, or nobody differs from anybody.
 */
export function differenceOfMeans(control: Moments, arm: Moments, alpha: number): Difference | null {
  const degrees = welchDegrees(control, arm);
  if (degrees === null) return null;
  const error = Math.sqrt(arm.variance / arm.people + control.variance / control.people);
  return byStudent(arm.mean - control.mean, error, degrees, alpha);
}

/**
 * How much more the arm's mean is, as a share of the control's, its error by the delta method: A. Deng, U. Knoblich and J. Lu (2018), "Applying
 * the delta method in metric analytics", and as GrowthBook has it. Null as above, and where the control's mean is not above 0.
 */
export function liftOfMeans(control: Moments, arm: Moments, alpha: number): Difference | null {
  const degrees = welchDegrees(control, arm);
  if (degrees === null || control.mean <= 0) return null;
  const ratio = arm.mean / control.mean;
  const error =
    Math.sqrt(arm.variance / arm.people + (ratio * ratio * control.variance) / control.people) / control.mean;
  return byStudent(ratio - 1, error, degrees, alpha);
}

/** F. E. Satterthwaite (1946), "An approximate distribution of estimates of variance components". */
function welchDegrees(control: Moments, arm: Moments): number | null {
  mustBeMoments(control);
  mustBeMoments(arm);
  if (control.people < 2 || arm.people < 2) return null;
  const [a, b] = [control.variance / control.people, arm.variance / arm.people];
  return a + b === 0 ? null : (a + b) ** 2 / (a ** 2 / (control.people - 1) + b ** 2 / (arm.people - 1));
}

function byStudent(estimate: number, error: number, degrees: number, alpha: number): Difference {
  mustBeLevel(alpha);
  const t = studentT(degrees);
  const half = t.quantileAbove(alpha / 2) * error;
  return {
    estimate,
    low: estimate - half,
    high: estimate + half,
    p: Math.min(1, 2 * t.above(Math.abs(estimate) / error)),
  };
}
