import { mustBePositive, mustBeShare } from '../distributions/distribution.ts';
import { normal } from '../distributions/normal.ts';
import { mustBeLevel } from './estimate.ts';
import { mixtureVariance } from './sequential.ts';

/** `power` is the chance of finding a difference that is as large as the one sought. */
export type Errors = { readonly alpha: number; readonly power: number };

const factor = ({ alpha, power }: Errors): { readonly z: number; readonly zPower: number } => {
  mustBeLevel(alpha);
  mustBeLevel(power);
  return { z: normal.quantileAbove(alpha / 2), zPower: normal.quantile(power) };
};

/** Errors of one observation of each arm, if there is no difference and if there is. */
function errorsOf(base: number, difference: number): { readonly none: number; readonly some: number } {
  mustBeShare(base);
  mustBeShare(base + difference);
  const pooled = base + difference / 2;
  const arm = base + difference;
  return {
    none: Math.sqrt(2 * pooled * (1 - pooled)),
    some: Math.sqrt(base * (1 - base) + arm * (1 - arm)),
  };
}

/**
 * How many people each arm needs for the two-sided z-test of two proportions to find `difference` from `base`: J. L. Fleiss, B. Levin and
 * M. C. Paik (2003), "Statistical methods for rates and proportions", chapter 4. Not rounded.
 */
export function peoplePerArmForProportions(sought: { base: number; difference: number }, errors: Errors): number {
  const { z, zPower } = factor(errors);
  const { none, some } = errorsOf(sought.base, sought.difference);
  return ((z * none + zPower * some) / sought.difference) ** 2;
}

/** The chance that so many people in each arm find that difference, the other tail left out. */
export function powerForProportions(
  sought: { base: number; difference: number; peoplePerArm: number },
  alpha: number,
): number {
  const { base, difference, peoplePerArm } = sought;
  const { none, some } = errorsOf(base, difference);
  const z = normal.quantileAbove(alpha / 2);
  return normal.below((Math.abs(difference) * Math.sqrt(peoplePerArm) - z * none) / some);
}

/**
 * The smallest gain on `base` that so many people in each arm find with that power. Null where not even the step to everybody would be found.
 */
export function smallestDifferenceOfProportions(
  known: { base: number; peoplePerArm: number },
  errors: Errors,
): number | null {
  const { base, peoplePerArm } = known;
  const enough = (difference: number): boolean =>
    peoplePerArmForProportions({ base, difference }, errors) <= peoplePerArm;
  let [low, high] = [0, 1 - base];
  if (high <= 0 || !enough(high)) return null;
  for (let turn = 0; turn < 200 && high - low > 1e-15 * high; turn += 1) {
    const middle = (low + high) / 2;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many people each arm needs to find a difference of means of values with that variance. Not rounded. */
export function peoplePerArmForMeans(sought: { variance: number; difference: number }, errors: Errors): number {
  const { z, zPower } = factor(errors);
  return (2 * sought.variance * (z + zPower) ** 2) / sought.difference ** 2;
}

/** The smallest difference of means that so many people in each arm find with that power. */
export function smallestDifferenceOfMeans(known: { variance: number; peoplePerArm: number }, errors: Errors): number {
  const { z, zPower } = factor(errors);
  return (z + zPower) * Math.sqrt((2 * known.variance) / known.peoplePerArm);
}

/**
 * How many people each arm needs for the sequential interval to have found the difference by then, tuned for just that many: its half width,
 * which is c σ/√n there, is as far below the difference as the wanted power asks. The price of looking every day.
 */
export function peoplePerArmSequentially(sought: { variance: number; difference: number }, errors: Errors): number {
  const { zPower } = factor(errors);
  const k = mixtureVariance({ alpha: errors.alpha, tunedFor: 1 });
  const c = Math.sqrt(((2 * (k + 1)) / k) * Math.log(Math.sqrt(k + 1) / errors.alpha));
  return (2 * sought.variance * (c + zPower) ** 2) / sought.difference ** 2;
}

/** How many days so many people in each of the arms take, at so many new ones a day in all of them together; whole days, at least one. */
export function daysFor(plan: { peoplePerArm: number; arms: number; peoplePerDay: number }): number {
  mustBePositive('People a day', plan.peoplePerDay);
  return Math.max(1, Math.ceil((Math.ceil(plan.peoplePerArm) * plan.arms) / plan.peoplePerDay));
}
