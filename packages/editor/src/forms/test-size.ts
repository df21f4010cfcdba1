import {
  daysFor,
  peopleInAll,
  peoplePerArmForMeans,
  peoplePerArmForProportions,
  peoplePerArmSequentially,
} from '@signalbox/statistics/estimates/sample-size';

/** What a test is to find: of a share, how many do it now and the least difference to see; of money, how much it varies. */
export type Sought =
  | { readonly kind: 'share'; readonly base: number; readonly difference: number }
  | { readonly kind: 'money'; readonly deviation: number; readonly difference: number };

/** The weights of its arms, the control's first; those of nothing are none. */
export type Weights = readonly number[];

export type TestSize = { readonly fixed: number; readonly sequential: number };

/** Four times in five a difference as large as the one sought is to be found, and one in twenty tests of equal arms may have a winner. */
const alpha = 0.05;
const power = 0.8;

/**
 * How many people a test takes, all arms together: with one look at the end, and looked at every day. Null where what is asked for is none: a
 * difference past everybody, or of nothing.
 */
export function testSize(sought: Sought, weights: Weights): TestSize | null {
  const [control = 0, ...others] = weights;
  const used = others.filter((weight) => weight > 0);
  const least = Math.min(...used);
  if (control <= 0 || used.length === 0 || !(sought.difference > 0)) return null;
  // The smallest arm is what takes the longest; several arms share the chance of a false winner.
  const split = { controlPerArm: control / least };
  const errors = { alpha: alpha / used.length, power };
  const all = (peoplePerArm: number): number => peopleInAll({ peoplePerArm, arms: used.length + 1, ...split });
  if (sought.kind === 'money') {
    if (!(sought.deviation > 0)) return null;
    const values = { variance: sought.deviation ** 2, difference: sought.difference, ...split };
    return {
      fixed: all(peoplePerArmForMeans(values, errors)),
      sequential: all(peoplePerArmSequentially(values, errors)),
    };
  }
  const { base, difference } = sought;
  if (!(base > 0 && base + difference < 1)) return null;
  const arm = base + difference;
  const variance = (arm * (1 - arm) + base * (1 - base)) / 2;
  return {
    fixed: all(peoplePerArmForProportions({ base, difference, ...split }, errors)),
    sequential: all(peoplePerArmSequentially({ variance, difference, ...split }, errors)),
  };
}

/** Days that so many people take. */
export const daysOfTest = (people: number, peoplePerDay: number): number | null =>
  peoplePerDay > 0 ? daysFor({ people, peoplePerDay }) : null;
