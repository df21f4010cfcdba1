import { exposures } from '../checks/exposures.ts';
import { holm } from '../checks/holm.ts';
import { sampleRatio } from '../checks/sample-ratio.ts';
import { mustBePositive } from '../distributions/distribution.ts';
import { type Difference, mustBeLevel } from '../estimates/estimate.ts';
import { differenceOfMeans, type Moments } from '../estimates/means.ts';
import { type Count, differenceOfProportions } from '../estimates/proportions.ts';
import { sequentialMeans, sequentialProportions } from '../estimates/sequential.ts';

/** What is measured of an arm's people: how many did something, or a value of each, which of `converted` people is not 0. */
export type Measured =
  | ({ readonly kind: 'proportion' } & Count)
  | ({ readonly kind: 'mean'; readonly converted: number } & Moments);

/**
 * How it is decided, set before the first look. `fixed` looks once, when all arms together have `people` whose result is known; `sequential` may
 * look whenever it likes, and gives up there. `smallestDifference` is the least that is worth knowing of; `higherIsBetter` is about what is measured.
 */
export type Plan = {
  readonly kind: 'fixed' | 'sequential';
  readonly alpha: number;
  readonly people: number;
  readonly higherIsBetter: boolean;
  readonly smallestDifference?: number;
  readonly guardrails?: readonly { readonly id: string; readonly higherIsBetter: boolean }[];
};

/**
 * An arm with the share that it was to get, in any unit, and how many people it got; what is measured of those whose result is known by now, and
 * guardrails in the order of the plan.
 */
export type Arm = {
  readonly id: string;
  readonly weight: number;
  readonly people: number;
  readonly measured: Measured;
  readonly guardrails?: readonly Measured[];
};

/** A test as it stands: the first arm is the control. */
export type Standing = {
  readonly arms: readonly Arm[];
  readonly peopleInSeveralArms: number;
  readonly hoursRunning: number;
};

/** An arm's difference to the control as it may be shown: null where nothing can be said yet. */
export type Comparison = { readonly arm: string; readonly difference: Difference | null };

/**
 * What may be said of a test.
 *
 * - `blocked`: something is wrong with the test, or with the arm that would win; no figure of it is to be believed.
 * - `not_yet`: `waitsFor` a full day, for enough conversions, or for the people of the plan. `hoursLeft` is the longest that it takes at this
 *   rate; null where nobody comes.
 * - `winner`: the control too can be one, where every other arm is worse.
 * - `no_difference`: none was found that is worth knowing of.
 */
export type Verdict =
  | { readonly state: 'blocked'; readonly reason: Blocked }
  | {
      readonly state: 'not_yet';
      readonly waitsFor: 'day' | 'conversions' | 'people';
      readonly hoursLeft: number | null;
    }
  | { readonly state: 'winner'; readonly arm: string; readonly p: number }
  | { readonly state: 'no_difference' };

/** Why nothing is decided. */
export type Blocked =
  | { readonly code: 'sample_ratio'; readonly p: number }
  | { readonly code: 'several_arms'; readonly share: number }
  | { readonly code: 'guardrail'; readonly arm: string; readonly guardrail: string };

const fullDay = 24;
/** From where on the central limit theorem is relied on: conversions, and people without one, to be expected in the smaller of two arms. */
const fewest = 20;
const mostArms = 8;

/**
 * The verdict on a test. A plan that is `fixed` is looked at once: whoever calls stores the first verdict that is not `not_yet`, and asks no more.
 * False winners over all arms together and, of a sequential plan, all looks, are at most `alpha`.
 */
export function verdict(plan: Plan, standing: Standing): Verdict {
  const [control, ...others] = standing.arms;
  mustBeLevel(plan.alpha);
  mustBePositive('The plan’s people', plan.people);
  if (control === undefined || others.length === 0 || others.length >= mostArms)
    throw new RangeError(`${standing.arms.length} arms: a test has from 2 to ${mostArms}`);

  const broken = brokenBy(standing);
  if (broken !== null) return { state: 'blocked', reason: broken };
  const planned = knownOf(standing) >= plan.people;
  const hoursLeft = hoursToPlan(plan, standing);
  if (standing.hoursRunning < fullDay)
    return { state: 'not_yet', waitsFor: 'day', hoursLeft: fullDay - standing.hoursRunning };
  if (plan.kind === 'fixed' && !planned) return { state: 'not_yet', waitsFor: 'people', hoursLeft };
  if (!planned && others.some(({ measured }) => !areEnough(control.measured, measured)))
    return { state: 'not_yet', waitsFor: 'conversions', hoursLeft };

  const found = compareAll(plan, standing.arms);
  const ps = holm(found.map(({ difference }) => difference?.p ?? 1));
  const sign = plan.higherIsBetter ? 1 : -1;
  const sure = found
    .map(({ arm, difference }, index) => ({ arm, gain: sign * (difference?.estimate ?? 0), p: ps[index] ?? 1 }))
    .filter(({ p }) => p <= plan.alpha);
  const better = sure.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain);
  const harms: Blocked[] = [];
  for (const { arm, p } of better) {
    const guardrail = harmedBy(plan, control, arm);
    if (guardrail === null) return { state: 'winner', arm: arm.id, p };
    harms.push({ code: 'guardrail', arm: arm.id, guardrail });
  }
  const [reason] = harms;
  if (reason !== undefined) return { state: 'blocked', reason };
  if (sure.length === others.length)
    return { state: 'winner', arm: control.id, p: Math.max(...sure.map(({ p }) => p)) };
  const { smallestDifference } = plan;
  const none = (difference: Difference | null): boolean =>
    difference !== null &&
    smallestDifference !== undefined &&
    difference.low > -smallestDifference &&
    difference.high < smallestDifference;
  return planned || compared(plan, standing).every(({ difference }) => none(difference))
    ? { state: 'no_difference' }
    : { state: 'not_yet', waitsFor: 'people', hoursLeft };
}

/**
 * Each arm's difference to the control with an interval that holds for all arms together, alpha divided by their number (C. E. Bonferroni). Of a
 * fixed plan there is none before all of its people are there: it would be read as a verdict.
 */
export function compared(plan: Plan, standing: Standing): Comparison[] {
  const early = plan.kind === 'fixed' && knownOf(standing) < plan.people;
  const each = { ...plan, alpha: plan.alpha / Math.max(1, standing.arms.length - 1) };
  return compareAll(each, standing.arms).map(({ arm, difference }) => ({
    arm: arm.id,
    difference: early ? null : difference,
  }));
}

/** Every arm beside the control. Null while there are too few conversions: a difference of which nothing can be said counts as none. */
function compareAll(plan: Plan, arms: readonly Arm[]): { readonly arm: Arm; readonly difference: Difference | null }[] {
  const [control, ...others] = arms;
  if (control === undefined) return [];
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  return others.map((arm) => {
    if (!areEnough(control.measured, arm.measured)) return { arm, difference: null };
    const tunedFor = (plan.people * (control.weight + arm.weight)) / weights;
    const sequence = plan.kind === 'sequential' ? tunedFor : null;
    return { arm, difference: compare(control.measured, arm.measured, plan.alpha, sequence) };
  });
}

/** Two arms at one look, or, tuned for so many people of both, at any. */
function compare(control: Measured, arm: Measured, alpha: number, tunedFor: number | null): Difference | null {
  if (control.kind === 'proportion' && arm.kind === 'proportion')
    return tunedFor === null
      ? differenceOfProportions(control, arm, alpha)
      : sequentialProportions(control, arm, { alpha, tunedFor });
  if (control.kind === 'mean' && arm.kind === 'mean')
    return tunedFor === null
      ? differenceOfMeans(control, arm, alpha)
      : sequentialMeans(control, arm, { alpha, tunedFor });
  throw new RangeError('All arms of a test measure the same');
}

function brokenBy({ arms, peopleInSeveralArms }: Standing): Blocked | null {
  const ratio = sampleRatio(arms);
  if (ratio !== null && !ratio.holds) return { code: 'sample_ratio', p: ratio.p };
  const people = arms.reduce((sum, arm) => sum + arm.people, 0);
  const { share, holds } = exposures({ people: people + peopleInSeveralArms, inSeveral: peopleInSeveralArms });
  return holds ? null : { code: 'several_arms', share };
}

/**
 * The first guardrail on which an arm is worse than the control. It looks as if once and at this arm alone, and however rare what it counts is: a false
 * alarm costs less than harm.
 */
function harmedBy(plan: Plan, control: Arm, arm: Arm): string | null {
  for (const [index, { id, higherIsBetter }] of (plan.guardrails ?? []).entries()) {
    const [before, now] = [control.guardrails?.[index], arm.guardrails?.[index]];
    if (before === undefined || now === undefined)
      throw new RangeError(`The guardrail ${id} was measured of ${before === undefined ? control.id : arm.id} nowhere`);
    const difference = compare(before, now, plan.alpha, null);
    const worse = higherIsBetter ? (difference?.estimate ?? 0) < 0 : (difference?.estimate ?? 0) > 0;
    if (difference !== null && worse && difference.p <= plan.alpha) return id;
  }
  return null;
}

/** Counted together, so that an arm in which nobody converts does not keep the others from proving it. */
function areEnough(control: Measured, arm: Measured): boolean {
  const people = control.people + arm.people;
  const converted = control.converted + arm.converted;
  const fewer = control.kind === 'mean' ? converted : Math.min(converted, people - converted);
  return people > 0 && (fewer * Math.min(control.people, arm.people)) / people >= fewest;
}

/** People of all arms whose result is known. */
function knownOf({ arms }: Standing): number {
  return arms.reduce((sum, { measured }) => sum + measured.people, 0);
}

/** How long the plan's people take at the rate since the start; null where nobody comes. */
function hoursToPlan({ people }: Plan, standing: Standing): number | null {
  const known = knownOf(standing);
  const missing = Math.max(0, people - known);
  return missing === 0 ? 0 : known === 0 ? null : (missing * standing.hoursRunning) / known;
}
