import { holdoutId } from '@signalbox/nodes/define/arms';
import type { TestConfig } from '@signalbox/nodes/library/logic/test';
import { momentsOf } from '@signalbox/statistics/estimates/means';
import { wilson } from '@signalbox/statistics/estimates/proportions';
import { sequentialDifference } from '@signalbox/statistics/estimates/sequential';
import {
  type Arm,
  compared,
  type Measured,
  type Plan,
  type Standing,
  type Verdict,
  verdict,
} from '@signalbox/statistics/verdict/verdict';
import type { Seen, SeenArm, TestVerdict } from './contract.ts';
import type { ArmCounts, Measures } from './measure.ts';

/** Of all tests in which no arm differs, at most so many have a winner. */
const alpha = 0.05;
const hourMs = 3_600_000;

/** What an arm may not be worse in, in the order of `guardrailsOf`. */
const guardrails = [
  { id: 'opted_out', higherIsBetter: false },
  { id: 'delivered', higherIsBetter: true },
  { id: 'complained', higherIsBetter: false },
] as const;

const proportion = (people: number, converted: number): Measured => ({ kind: 'proportion', people, converted });

const guardrailsOf = ({ known, optedOut, sentTo, delivered, complained }: ArmCounts): Measured[] => [
  proportion(known, optedOut),
  proportion(sentTo, delivered),
  proportion(known, complained),
];

function measuredOf(config: TestConfig, { known, converted, sum, sumOfSquares }: ArmCounts): Measured {
  if (config.metric.kind !== 'revenue') return proportion(known, converted);
  return { kind: 'mean', converted, ...momentsOf({ people: known, sum, sumOfSquares }) };
}

function planOf({ plan, metric }: TestConfig): Plan {
  const least = plan.smallest_difference;
  const unit = metric.kind === 'revenue' ? 1 : 100;
  return {
    kind: plan.kind,
    alpha,
    people: plan.people,
    higherIsBetter: true,
    ...(least === null ? {} : { smallestDifference: least / unit }),
    guardrails,
  };
}

const verdictOf = (values: Partial<TestVerdict> & Pick<TestVerdict, 'state'>): TestVerdict => ({
  reason: null,
  waits_for: null,
  hours_left: null,
  arm: null,
  guardrail: null,
  p: null,
  ...values,
});

function showVerdict(found: Verdict): TestVerdict {
  switch (found.state) {
    case 'not_yet':
      return verdictOf({ state: 'not_yet', waits_for: found.waitsFor, hours_left: found.hoursLeft });
    case 'winner':
      return verdictOf({ state: 'winner', arm: found.arm, p: found.p });
    case 'no_difference':
      return verdictOf({ state: 'no_difference' });
    case 'blocked': {
      const { reason } = found;
      if (reason.code !== 'guardrail')
        return verdictOf({
          state: 'blocked',
          reason: reason.code,
          p: reason.code === 'sample_ratio' ? reason.p : null,
        });
      const guardrail = guardrails.find(({ id }) => id === reason.guardrail)?.id ?? null;
      return verdictOf({ state: 'blocked', reason: 'guardrail', arm: reason.arm, guardrail });
    }
  }
}

/**
 * What may be said of a test now, and what may be shown of it. Of a fixed plan nothing is measured before all of its people are there, so
 * that nobody takes it for a verdict.
 *
 * @param options.goalGone its metric is of a goal that is not there any more.
 */
export function assess(
  config: TestConfig,
  measures: Measures,
  now: Date,
  options: { readonly goalGone: boolean } = { goalGone: false },
): Seen {
  const plan = planOf(config);
  const counts = new Map(measures.arms.map((each) => [each.arm, each]));
  const arms = config.arms.flatMap(({ id, weight }): Arm[] => {
    const found = counts.get(id);
    if (found === undefined || weight === 0) return [];
    const { people } = found;
    return [{ id, weight, people, measured: measuredOf(config, found), guardrails: guardrailsOf(found) }];
  });
  const { began, inSeveral } = measures;
  const standing: Standing = {
    arms,
    peopleInSeveralArms: inSeveral,
    hoursRunning: began === null ? 0 : Math.max(0, (now.getTime() - began.getTime()) / hourMs),
  };
  const found = options.goalGone
    ? verdictOf({ state: 'blocked', reason: 'goal_gone' })
    : showVerdict(verdict(plan, standing));
  const known = arms.reduce((sum, { measured }) => sum + measured.people, 0);
  const isShown = plan.kind === 'sequential' || known >= plan.people;
  const differences = new Map(compared(plan, standing).map(({ arm, difference }) => [arm, difference]));
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  const show = (each: ArmCounts): SeenArm => {
    const weight = config.arms.find(({ id }) => id === each.arm)?.weight ?? 0;
    const measured = measuredOf(config, each);
    const own = { alpha: alpha / Math.max(1, arms.length), tunedFor: (plan.people * Math.max(weight, 1)) / weights };
    const { opted_out, sent_to, delivered, complained } = {
      opted_out: each.optedOut,
      sent_to: each.sentTo,
      delivered: each.delivered,
      complained: each.complained,
    };
    return {
      arm: each.arm,
      people: each.people,
      known: each.known,
      converted: isShown ? each.converted : null,
      result: isShown ? resultOf(measured, plan.kind, own) : null,
      variance: isShown && measured.kind === 'mean' ? measured.variance : null,
      difference: differences.get(each.arm) ?? null,
      guardrails: isShown ? { opted_out, sent_to, delivered, complained } : null,
    };
  };
  const holdout = counts.get(holdoutId);
  return {
    arms: measures.arms.filter(({ arm }) => arm !== holdoutId).map(show),
    holdout: holdout === undefined ? null : show(holdout),
    in_several_arms: inSeveral,
    began_at: began?.toISOString() ?? null,
    verdict: began === null && found.state === 'not_yet' ? { ...found, hours_left: null } : found,
    final: plan.kind === 'fixed' && known >= plan.people && found.state !== 'not_yet',
    settled: measures.arms.every((each) => each.known === each.people),
  };
}

/** What an arm did, with an interval that holds at each look or, of a fixed plan, at its one; null of nobody. */
function resultOf(
  measured: Measured,
  kind: Plan['kind'],
  own: { readonly alpha: number; readonly tunedFor: number },
): SeenArm['result'] {
  const { people } = measured;
  if (people === 0) return null;
  if (measured.kind === 'proportion') {
    const estimate = measured.converted / people;
    if (kind === 'fixed') return { estimate, ...wilson(measured, own.alpha) };
    // An arm in which nobody or everybody did it is not known to the last digit: as if half a person had done otherwise.
    const edge = measured.converted === 0 || measured.converted === people;
    const share = edge ? (measured.converted + 0.5) / (people + 1) : estimate;
    const found = sequentialDifference({ estimate, variance: (share * (1 - share)) / people, people }, own);
    return { estimate, low: Math.max(0, found?.low ?? 0), high: Math.min(1, found?.high ?? 1) };
  }
  const { mean: estimate, variance } = measured;
  const found = people < 2 ? null : sequentialDifference({ estimate, variance: variance / people, people }, own);
  return found === null ? null : { estimate, low: found.low, high: found.high };
}
