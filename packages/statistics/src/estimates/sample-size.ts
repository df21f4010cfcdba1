import { mustBePositive, mustBeShare } from '../distributions/distribution.ts';
import { normal } from '../distributions/normal.ts';
import { mustBeLevel } from './estimate.ts';
import { mixtureVariance } from './sequential.ts';

/** `power` is the chance of finding a difference that is as large as the one sought. */
export type Errors = { readonly alpha: number; readonly power: number };

/** How many people the control gets for each of an arm; 1 where they are not told. */
type Split = { readonly controlPerArm?: number };

function factors({ alpha, power }: Errors): { readonly z: number; readonly zPower: number } {
  mustBeLevel(alpha);
  mustBeLevel(power);
  return { z: normal.quantileAbove(alpha / 2), zPower: normal.quantile(power) };
}

/** What the control adds to the variance of a difference, beside an arm's 1. */
function controlsPart({ controlPerArm = 1 }: Split): number {
  mustBePositive('The control’s people for each of an arm', controlPerArm);
  return 1 / controlPerArm;
}

/** Errors of a difference made of one person in the arm, if there is none and if there is. */
function errorsOf(sought: { base: number; difference: number } & Split): { none: number; some: number } {
  const { base, difference } = sought;
  const arm = base + difference;
  mustBeShare(base);
  mustBeShare(arm);
  const control = controlsPart(sought);
  const pooled = (arm * control + base) / (1 + control);
  return {
    none: Math.sqrt(pooled * (1 - pooled) * (1 + control)),
    some: Math.sqrt(arm * (1 - arm) + base * (1 - base) * control),
  };
}

/**
 * How many people an arm needs for the two-sided z-test of two proportions to find `difference` from `base`: J. L. Fleiss, B. Levin and
 * M. C. Paik (2003), "Statistical methods for rates and proportions", chapter 4. Not rounded.
 */
export function peoplePerArmForProportions(
  sought: { base: number; difference: number } & Split,
  errors: Errors,
): number {
  const { z, zPower } = factors(errors);
  const { none, some } = errorsOf(sought);
  return ((z * none + zPower * some) / sought.difference) ** 2;
}

/** The chance that so many people in an arm find that difference, the other tail left out. */
export function powerForProportions(
  sought: { base: number; difference: number; peoplePerArm: number } & Split,
  alpha: number,
): number {
  const { none, some } = errorsOf(sought);
  const z = normal.quantileAbove(alpha / 2);
  return normal.below((Math.abs(sought.difference) * Math.sqrt(sought.peoplePerArm) - z * none) / some);
}

/**
 * The smallest gain on `base` that so many people in an arm find with that power. Null where not even the step to everybody would be found.
 */
export function smallestDifferenceOfProportions(
  known: { base: number; peoplePerArm: number } & Split,
  errors: Errors,
): number | null {
  const isEnough = (difference: number): boolean =>
    peoplePerArmForProportions({ ...known, difference }, errors) <= known.peoplePerArm;
  let [low, high] = [0, 1 - known.base];
  if (high <= 0 || !isEnough(high)) return null;
  for (let turn = 0; turn < 200 && high - low > 1e-15 * high; turn += 1) {
    const middle = (low + high) / 2;
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How many people an arm needs to find a difference of means of values with that variance. Not rounded. */
export function peoplePerArmForMeans(sought: { variance: number; difference: number } & Split, errors: Errors): number {
  const { z, zPower } = factors(errors);
  return (sought.variance * (1 + controlsPart(sought)) * (z + zPower) ** 2) / sought.difference ** 2;
}

/** The smallest difference of means that so many people in an arm find with that power. */
export function smallestDifferenceOfMeans(
  known: { variance: number; peoplePerArm: number } & Split,
  errors: Errors,
): number {
  const { z, zPower } = factors(errors);
  return (z + zPower) * Math.sqrt((known.variance * (1 + controlsPart(known))) / known.peoplePerArm);
}

/**
 * How many people an arm needs for the sequential interval to have found the difference by then, tuned for just that many: its half width,
 * which is c standard errors there, is as far below the difference as the wanted power asks. The price of looking every day.
 */
export function peoplePerArmSequentially(
  sought: { variance: number; difference: number } & Split,
  errors: Errors,
): number {
  const { zPower } = factors(errors);
  const k = mixtureVariance({ alpha: errors.alpha, tunedFor: 1 });
  const c = Math.sqrt(((2 * (k + 1)) / k) * Math.log(Math.sqrt(k + 1) / errors.alpha));
  return (sought.variance * (1 + controlsPart(sought)) * (c + zPower) ** 2) / sought.difference ** 2;
}

/** People of all arms together, the control among them, which is one of `arms`. */
export function peopleInAll(plan: { peoplePerArm: number; arms: number } & Split): number {
  const each = Math.ceil(plan.peoplePerArm);
  return each * (plan.arms - 1) + Math.ceil(plan.peoplePerArm / controlsPart(plan));
}

/** How many days so many people take at so many new ones a day; whole days, at least one. */
export function daysFor(plan: { people: number; peoplePerDay: number }): number {
  mustBePositive('People a day', plan.peoplePerDay);
  return Math.max(1, Math.ceil(plan.people / plan.peoplePerDay));
}
