import { chiSquare } from '../distributions/gamma.ts';

/** How many people an arm got, and the share it was to get, in any unit. */
export type Assigned = { readonly people: number; readonly weight: number };

/** Below this the split is not what was planned: what is wrong with it is likely to be wrong with the result. */
export const sampleRatioLevel = 0.001;
/** The chi-square distribution is no measure of fewer expected people in an arm. */
const fewest = 8;

/**
 * Whether people came to the arms in the shares that were planned: K. Pearson's chi-square test. What a mismatch means: A. Fabijan and others (2019),
 * "Diagnosing sample ratio mismatch in online controlled experiments"; the limit is GrowthBook's, so low because it is looked at every day.
 * Null while fewer than eight people are to be expected in an arm.
 */
export function sampleRatio(
  arms: readonly Assigned[],
): { readonly statistic: number; readonly p: number; readonly holds: boolean } | null {
  for (const { people, weight } of arms)
    if (!(Number.isSafeInteger(people) && people >= 0 && weight >= 0 && weight < Infinity))
      throw new RangeError(`${people} people at weight ${weight} is no arm`);
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  const people = arms.reduce((sum, arm) => sum + arm.people, 0);
  // Whoever is in an arm that nobody was to be in proves that the split is another.
  if (arms.some((arm) => arm.weight === 0 && arm.people > 0)) return { statistic: Infinity, p: 0, holds: false };
  const used = arms.filter(({ weight }) => weight > 0);
  if (used.length < 2) return null;
  const expected = used.map(({ weight }) => (people * weight) / weights);
  if (Math.min(...expected) < fewest) return null;
  const statistic = used.reduce((sum, arm, index) => {
    const of = expected[index] ?? 0;
    return sum + (arm.people - of) ** 2 / of;
  }, 0);
  const p = chiSquare(used.length - 1).above(statistic);
  return { statistic, p, holds: p >= sampleRatioLevel };
}
