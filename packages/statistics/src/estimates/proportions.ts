import { normal } from '../distributions/normal.ts';
import { type Difference, type Interval, mustBeLevel } from './estimate.ts';

/** How many of an arm's people did what is counted. */
export type Count = { readonly people: number; readonly converted: number };

/** Refuses counts that cannot be. */
export function mustBeCount({ people, converted }: Count): void {
  const whole = Number.isSafeInteger(people) && Number.isSafeInteger(converted);
  if (!whole || converted < 0 || converted > people)
    throw new RangeError(`${converted} of ${people} people is no count`);
}

/**
 * The interval of a proportion: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference". Of nobody nothing
 * is known: 0 to 1.
 */
export function wilson(count: Count, alpha: number): Interval {
  mustBeCount(count);
  mustBeLevel(alpha);
  const { people, converted } = count;
  if (people === 0) return { low: 0, high: 1 };
  const z = normal.quantileAbove(alpha / 2);
  const p = converted / people;
  const zz = (z * z) / people;
  const middle = (p + zz / 2) / (1 + zz);
  const half = (z / (1 + zz)) * Math.sqrt((p * (1 - p)) / people + zz / (4 * people));
  return {
    low: converted === 0 ? 0 : Math.max(0, middle - half),
    high: converted === people ? 1 : Math.min(1, middle + half),
  };
}

/**
 * The difference of two proportions, arm less control. The interval is made of Wilson's two: R. G. Newcombe (1998), "Interval estimation for
 * the difference between independent proportions", method 10. The p-value is of the z-test with the pooled proportion. Null where an arm
 * is empty.
 */
export function differenceOfProportions(control: Count, arm: Count, alpha: number): Difference | null {
  const [of, than] = [wilson(arm, alpha), wilson(control, alpha)];
  if (control.people === 0 || arm.people === 0) return null;
  const [p, base] = [arm.converted / arm.people, control.converted / control.people];
  const estimate = p - base;
  const pooled = (arm.converted + control.converted) / (arm.people + control.people);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / arm.people + 1 / control.people));
  return {
    estimate,
    low: estimate - Math.hypot(p - of.low, than.high - base),
    high: estimate + Math.hypot(of.high - p, base - than.low),
    p: error === 0 ? 1 : 2 * normal.above(Math.abs(estimate) / error),
  };
}

/**
 * How much more the arm converts than the control, as a share of what the control does (0.1 is a tenth more): the logarithm of the ratio
 * and its error by the delta method, D. Katz and others (1978), "Obtaining confidence intervals for the risk ratio in cohort studies". Null
 * where one of the two has no conversion: then there is no ratio to speak of.
 */
export function liftOfProportions(control: Count, arm: Count, alpha: number): Difference | null {
  mustBeCount(control);
  mustBeCount(arm);
  mustBeLevel(alpha);
  if (control.converted === 0 || arm.converted === 0) return null;
  const [p, base] = [arm.converted / arm.people, control.converted / control.people];
  const log = Math.log(p / base);
  const error = Math.sqrt((1 - p) / arm.converted + (1 - base) / control.converted);
  const half = normal.quantileAbove(alpha / 2) * error;
  return {
    estimate: Math.expm1(log),
    low: Math.expm1(log - half),
    high: Math.expm1(log + half),
    p: error === 0 ? 1 : 2 * normal.above(Math.abs(log) / error),
  };
}
