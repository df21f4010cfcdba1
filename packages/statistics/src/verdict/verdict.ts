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
 * How it is decided, set before the first look. `fixed` looks once, when each arm has `peoplePerArm`; `sequential` may look whenever it likes, and
 * gives up there. `smallestDifference` is the least that is worth knowing of; `higherIsBetter` is about what is measured.
 */
export type Plan = {
  readonly kind: 'fixed' | 'sequential';
  readonly alpha: number;
  readonly peoplePerArm: number;
  readonly higherIsBetter: boolean;
  readonly smallestDifference?: number;
  readonly guardrails?: readonly { readonly id: string; readonly higherIsBetter: boolean }[];
};

/** An arm with the share that it was to get, whom it got, what is measured of them, and guardrails in the order of the plan. */
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
/** From where on the central limit theorem is relied on: conversions, and people without one, of an arm and the control together. */
const fewest = 40;
const mostArms = 8;

/**
 * The verdict on a test. A plan that is `fixed` is looked at once: whoever calls stores the first verdict that is not `not_yet`, and asks no more.
 * False winners over all arms together and, of a sequential plan, all looks, are at most `alpha`.
 */
export function verdict(plan: Plan, standing: Standing): Verdict {
  const [control, ...others] = standing.arms;
  mustBeLevel(plan.alpha);
  mustBePositive('People per arm', plan.peoplePerArm);
  if (control === undefined || others.length === 0 || others.length >= mostArms)
    throw new RangeError(`${standing.arms.length} arms: a test has from 2 to ${mostArms}`);

  const broken = brokenBy(standing);
  if (broken !== null) return { state: 'blocked', reason: broken };
  const planned = standing.arms.every(({ people }) => people >= plan.peoplePerArm);
  const toPlan = hoursToPlan(plan, standing);
  if (standing.hoursRunning < fullDay)
    return { state: 'not_yet', waitsFor: 'day', hoursLeft: fullDay - standing.hoursRunning };
  if (plan.kind === 'fixed' && !planned) return { state: 'not_yet', waitsFor: 'people', hoursLeft: toPlan };
  if (!planned && others.some(({ measured }) => !areEnough(control.measured, measured)))
    return { state: 'not_yet', waitsFor: 'conversions', hoursLeft: toPlan };

  const found = others.map((arm) => ({ arm, difference: compare(plan, control.measured, arm.measured) }));
  const ps = holm(found.map(({ difference }) => difference?.p ?? 1));
  const sign = plan.higherIsBetter ? 1 : -1;
  const judged = found.map(({ arm, difference }, index) => {
    const gain = sign * (difference?.estimate ?? 0);
    return { arm, gain, p: ps[index] ?? 1 };
  });
  const sure = judged.filter(({ p }) => p <= plan.alpha);
  const better = sure.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain);
  const [best] = better;
  if (best !== undefined) {
    const harm = harmedBy(plan, control, best.arm);
    return harm === null
      ? { state: 'winner', arm: best.arm.id, p: best.p }
      : { state: 'blocked', reason: { code: 'guardrail', arm: best.arm.id, guardrail: harm } };
  }
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
    : { state: 'not_yet', waitsFor: 'people', hoursLeft: toPlan };
}

/**
 * Each arm's difference to the control with an interval that holds for all arms together, alpha divided by their number (C. E. Bonferroni). Of a
 * fixed plan there is none before all of its people are there: it would be read as a verdict.
 */
export function compared(plan: Plan, { arms }: Standing): Comparison[] {
  const [control, ...others] = arms;
  if (control === undefined) return [];
  const early = plan.kind === 'fixed' && arms.some(({ people }) => people < plan.peoplePerArm);
  const each = { ...plan, alpha: plan.alpha / Math.max(1, others.length) };
  return others.map((arm) => ({
    arm: arm.id,
    difference: early ? null : compare(each, control.measured, arm.measured),
  }));
}

/** Null while there are too few conversions: a difference of which nothing can be said counts as none. */
function compare(plan: Plan, control: Measured, arm: Measured): Difference | null {
  if (!areEnough(control, arm)) return null;
  const sequence = { alpha: plan.alpha, tunedFor: 2 * plan.peoplePerArm };
  const fixed = plan.kind === 'fixed';
  if (control.kind === 'proportion' && arm.kind === 'proportion')
    return fixed ? differenceOfProportions(control, arm, plan.alpha) : sequentialProportions(control, arm, sequence);
  if (control.kind === 'mean' && arm.kind === 'mean')
    return fixed ? differenceOfMeans(control, arm, plan.alpha) : sequentialMeans(control, arm, sequence);
  throw new RangeError('All arms of a test measure the same');
}

function brokenBy({ arms, peopleInSeveralArms }: Standing): Blocked | null {
  const ratio = sampleRatio(arms);
  if (ratio !== null && !ratio.holds) return { code: 'sample_ratio', p: ratio.p };
  const people = arms.reduce((sum, arm) => sum + arm.people, 0);
  const { share, holds } = exposures({ people: people + peopleInSeveralArms, inSeveral: peopleInSeveralArms });
  return holds ? null : { code: 'several_arms', share };
}

/** The first guardrail on which an arm is worse than the control. It is no more careful than one look at one arm: what harms is to be seen. */
function harmedBy(plan: Plan, control: Arm, arm: Arm): string | null {
  for (const [index, { id, higherIsBetter }] of (plan.guardrails ?? []).entries()) {
    const [before, now] = [control.guardrails?.[index], arm.guardrails?.[index]];
    if (before === undefined || now === undefined)
      throw new RangeError(`The guardrail ${id} was measured of ${before === undefined ? control.id : arm.id} nowhere`);
    const difference = compare({ ...plan, kind: 'fixed' }, before, now);
    const worse = higherIsBetter ? (difference?.estimate ?? 0) < 0 : (difference?.estimate ?? 0) > 0;
    if (difference !== null && worse && difference.p <= plan.alpha) return id;
  }
  return null;
}

/** Counted together, so that an arm in which nobody converts does not keep the others from proving it. */
function areEnough(control: Measured, arm: Measured): boolean {
  const converted = control.converted + arm.converted;
  const rest = control.kind === 'mean' ? fewest : control.people + arm.people - converted;
  return Math.min(converted, rest) >= fewest;
}

/** How long the arm that takes longest needs for its people, at the rate since the start. */
function hoursToPlan({ peoplePerArm }: Plan, { arms, hoursRunning }: Standing): number | null {
  const each = arms.map(({ people }) => {
    const missing = Math.max(0, peoplePerArm - people);
    return missing === 0 ? 0 : people === 0 || hoursRunning <= 0 ? null : (missing * hoursRunning) / people;
  });
  return each.reduce<number | null>(
    (longest, hours) => (longest === null || hours === null ? null : Math.max(longest, hours)),
    0,
  );
}
