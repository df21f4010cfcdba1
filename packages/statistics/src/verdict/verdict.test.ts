import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arm, compared, type Measured, type Plan, type Standing, verdict } from './verdict.ts';

const plan: Plan = { kind: 'sequential', alpha: 0.05, people: 20_000, higherIsBetter: true };
const fixed: Plan = { ...plan, kind: 'fixed' };

const proportion = (people: number, converted: number): Measured => ({ kind: 'proportion', people, converted });
const arm = (id: string, people: number, converted: number, guardrails?: readonly Measured[]): Arm => ({
  id,
  weight: 1,
  people,
  measured: proportion(people, converted),
  ...(guardrails === undefined ? {} : { guardrails }),
});
const standing = (...arms: readonly Arm[]): Standing => ({ arms, peopleInSeveralArms: 0, hoursRunning: 48 });

describe('a verdict', () => {
  test('is the arm that is surely better, and the control where every other is surely worse', () => {
    expect(verdict(plan, standing(arm('a', 4_000, 200), arm('b', 4_000, 320)))).toMatchObject({
      state: 'winner',
      arm: 'b',
    });
    expect(verdict(plan, standing(arm('a', 4_000, 320), arm('b', 4_000, 200)))).toMatchObject({
      state: 'winner',
      arm: 'a',
    });
    const three = standing(arm('a', 4_000, 200), arm('b', 4_000, 320), arm('c', 4_000, 350));
    expect(verdict(plan, three)).toMatchObject({ state: 'winner', arm: 'c' });
    const oneWorse = standing(arm('a', 4_000, 320), arm('b', 4_000, 200), arm('c', 4_000, 322));
    expect(verdict(plan, oneWorse)).toMatchObject({ state: 'not_yet', waitsFor: 'people' });
  });

  test('turns round where less is better', () => {
    const less = { ...plan, higherIsBetter: false };
    expect(verdict(less, standing(arm('a', 4_000, 200), arm('b', 4_000, 320)))).toMatchObject({
      state: 'winner',
      arm: 'a',
    });
    expect(verdict(less, standing(arm('a', 4_000, 320), arm('b', 4_000, 200)))).toMatchObject({
      state: 'winner',
      arm: 'b',
    });
  });

  test('waits for a full day, however sure', () => {
    const early = { ...standing(arm('a', 4_000, 200), arm('b', 4_000, 320)), hoursRunning: 20 };
    expect(verdict(plan, early)).toEqual({ state: 'not_yet', waitsFor: 'day', hoursLeft: 4 });
  });

  test('waits for conversions, and tells how long the plan takes at this rate', () => {
    const few = standing(arm('a', 2_000, 3), arm('b', 2_000, 30));
    expect(verdict(plan, few)).toEqual({ state: 'not_yet', waitsFor: 'conversions', hoursLeft: 192 });
    const none = standing(arm('a', 0, 0), arm('b', 0, 0));
    expect(verdict(plan, none)).toEqual({ state: 'not_yet', waitsFor: 'conversions', hoursLeft: null });
    const uneven = { ...standing(arm('a', 9_700, 30), arm('b', 9_500, 35)), hoursRunning: 96 };
    expect(verdict(plan, uneven)).toEqual({ state: 'not_yet', waitsFor: 'people', hoursLeft: 4 });
  });

  test('counts for its plan whose result is known, and for the split who came', () => {
    const sent = (id: string, known: Measured): Arm => ({ id, weight: 1, people: 12_000, measured: known });
    const early = standing(sent('a', proportion(6_000, 200)), sent('b', proportion(6_000, 260)));
    expect(verdict(fixed, early)).toEqual({ state: 'not_yet', waitsFor: 'people', hoursLeft: 32 });
    const due = standing(sent('a', proportion(10_000, 330)), sent('b', proportion(10_000, 430)));
    expect(verdict(fixed, due)).toMatchObject({ state: 'winner', arm: 'b' });
  });

  test('waits for conversions in the smaller of two arms: a control of one in twenty has few', () => {
    const uneven = (control: Arm, ...others: readonly Arm[]) =>
      standing({ ...control, weight: 5 }, ...others.map((each) => ({ ...each, weight: 95 })));
    expect(verdict(plan, uneven(arm('a', 500, 2), arm('b', 9_500, 300)))).toMatchObject({ waitsFor: 'conversions' });
    expect(verdict(plan, uneven(arm('a', 900, 9), arm('b', 17_100, 1_100)))).toMatchObject({
      state: 'winner',
      arm: 'b',
    });
  });

  test('an arm in which nobody converts does not keep the others from proving it', () => {
    expect(verdict(plan, standing(arm('a', 4_000, 0), arm('b', 4_000, 320)))).toMatchObject({
      state: 'winner',
      arm: 'b',
    });
    expect(verdict(plan, standing(arm('a', 4_000, 4_000), arm('b', 4_000, 3_000)))).toMatchObject({
      state: 'winner',
      arm: 'a',
    });
  });

  test('of a fixed plan is given once all of its people are there', () => {
    expect(verdict(fixed, standing(arm('a', 9_999, 200), arm('b', 10_000, 900)))).toMatchObject({
      state: 'not_yet',
      waitsFor: 'people',
    });
    expect(verdict(fixed, standing(arm('a', 10_000, 200), arm('b', 10_000, 260)))).toMatchObject({
      state: 'winner',
      arm: 'b',
    });
    expect(verdict(fixed, standing(arm('a', 10_000, 200), arm('b', 10_000, 210)))).toEqual({ state: 'no_difference' });
    // With so few conversions nothing can be told apart, and nothing is.
    expect(verdict(fixed, standing(arm('a', 10_000, 2), arm('b', 10_000, 14)))).toEqual({ state: 'no_difference' });
  });

  test('of no difference comes before the plan is through where none worth knowing of is possible', () => {
    const alike = standing(arm('a', 9_000, 450), arm('b', 9_000, 452));
    expect(verdict(plan, alike)).toMatchObject({ state: 'not_yet', waitsFor: 'people' });
    expect(verdict({ ...plan, smallestDifference: 0.05 }, alike)).toEqual({ state: 'no_difference' });
    expect(verdict({ ...plan, smallestDifference: 0.005 }, alike)).toMatchObject({ state: 'not_yet' });
  });

  test('of a sequential plan ends with its people', () => {
    expect(verdict(plan, standing(arm('a', 10_000, 450), arm('b', 10_000, 452)))).toEqual({ state: 'no_difference' });
  });

  test('is Holm’s: what convinces of one arm alone does not of one among seven', () => {
    const alone = standing(arm('a', 10_000, 500), arm('b', 10_000, 570));
    expect(verdict(fixed, alone)).toMatchObject({ state: 'winner', arm: 'b' });
    const among = standing(...alone.arms, ...Array.from({ length: 6 }, (_, index) => arm(`c${index}`, 10_000, 500)));
    expect(verdict(fixed, among)).toEqual({ state: 'no_difference' });
  });

  test('of values is by their means', () => {
    const value = (id: string, mean: number): Arm => ({
      id,
      weight: 1,
      people: 10_000,
      measured: { kind: 'mean', people: 10_000, converted: 400, mean, variance: 4 },
    });
    expect(verdict(plan, standing(value('a', 1), value('b', 1.2)))).toMatchObject({ state: 'winner', arm: 'b' });
    expect(verdict(fixed, standing(value('a', 1), value('b', 1.08)))).toMatchObject({ state: 'winner', arm: 'b' });
    expect(() => verdict(plan, standing(value('a', 1), arm('b', 10_000, 400)))).toThrow(RangeError);
  });

  test('needs from two to eight arms', () => {
    expect(() => verdict(plan, standing(arm('a', 10, 1)))).toThrow(RangeError);
    expect(() => verdict(plan, standing(...Array.from({ length: 9 }, (_, index) => arm(`${index}`, 10, 1))))).toThrow(
      RangeError,
    );
  });
});

describe('nothing is decided', () => {
  test('where people did not come to the arms as planned, be the difference as large as it may', () => {
    expect(verdict(plan, standing(arm('a', 4_000, 200), arm('b', 4_600, 900)))).toMatchObject({
      state: 'blocked',
      reason: { code: 'sample_ratio', p: expect.toSatisfy((p) => p < 0.001) },
    });
    const weighted = standing({ ...arm('a', 4_000, 200), weight: 40 }, { ...arm('b', 4_600, 900), weight: 46 });
    expect(verdict(plan, weighted)).toMatchObject({ state: 'winner' });
  });

  test('where too many people were in several arms', () => {
    const mixed = { ...standing(arm('a', 4_000, 200), arm('b', 4_000, 320)), peopleInSeveralArms: 100 };
    expect(verdict(plan, mixed)).toEqual({ state: 'blocked', reason: { code: 'several_arms', share: 100 / 8_100 } });
    expect(verdict(plan, { ...mixed, peopleInSeveralArms: 80 })).toMatchObject({ state: 'winner' });
  });

  test('for an arm that harms: more opt-outs, or fewer texts delivered', () => {
    const guarded: Plan = {
      ...plan,
      guardrails: [
        { id: 'opt-outs', higherIsBetter: false },
        { id: 'delivered', higherIsBetter: true },
      ],
    };
    const rails = (optOuts: number, delivered: number) => [proportion(4_000, optOuts), proportion(4_000, delivered)];
    const with_ = (optOuts: number, delivered: number) =>
      standing(arm('a', 4_000, 200, rails(40, 3_900)), arm('b', 4_000, 320, rails(optOuts, delivered)));
    expect(verdict(guarded, with_(44, 3_895))).toMatchObject({ state: 'winner', arm: 'b' });
    expect(verdict(guarded, with_(90, 3_900))).toEqual({
      state: 'blocked',
      reason: { code: 'guardrail', arm: 'b', guardrail: 'opt-outs' },
    });
    expect(verdict(guarded, with_(40, 3_700))).toMatchObject({ reason: { code: 'guardrail', guardrail: 'delivered' } });
    expect(verdict(guarded, with_(10, 3_990))).toMatchObject({ state: 'winner', arm: 'b' });
    expect(() => verdict(guarded, standing(arm('a', 4_000, 200), arm('b', 4_000, 320)))).toThrow(RangeError);
    // Rare as they are: one of 4,000 before, ten now.
    const rare = [proportion(4_000, 10), proportion(4_000, 3_900)];
    expect(verdict(guarded, standing(arm('a', 4_000, 200, rails(1, 3_900)), arm('b', 4_000, 320, rare)))).toMatchObject(
      {
        reason: { code: 'guardrail', guardrail: 'opt-outs' },
      },
    );
    // Another that is better too, and harms nothing, wins in its place.
    const next = standing(
      arm('a', 4_000, 200, rails(40, 3_900)),
      arm('b', 4_000, 350, rails(90, 3_900)),
      arm('c', 4_000, 320, rails(41, 3_900)),
    );
    expect(verdict(guarded, next)).toMatchObject({ state: 'winner', arm: 'c' });
  });
});

describe('what is shown', () => {
  test('of a fixed plan is nothing before its people are there, and of few conversions nothing either', () => {
    expect(compared(fixed, standing(arm('a', 9_999, 200), arm('b', 10_000, 260)))).toEqual([
      { arm: 'b', difference: null },
    ]);
    expect(compared(fixed, standing(arm('a', 10_000, 200), arm('b', 10_000, 260)))).toMatchObject([
      { arm: 'b', difference: { estimate: expect.closeTo(0.006, 12) } },
    ]);
    expect(compared(plan, standing(arm('a', 500, 3), arm('b', 500, 9)))).toEqual([{ arm: 'b', difference: null }]);
  });

  test('holds for all arms together: an interval is wider beside more of them', () => {
    const width = (arms: number) => {
      const found = compared(
        plan,
        standing(...Array.from({ length: arms }, (_, index) => arm(`${index}`, 5_000, 250))),
      );
      return (found[0]?.difference?.high ?? 0) - (found[0]?.difference?.low ?? 0);
    };
    expect(width(3)).toBeGreaterThan(width(2));
    expect(width(8)).toBeGreaterThan(width(3));
  });
});

test('which arm is called which changes nothing: two arms turned round give the same winner', () => {
  const counts = fc.tuple(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 12_000 }));
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 1, max: 12_000 }),
      fc.constantFrom(plan, fixed),
      ([one, other], people, how) => {
        const [a, b] = [arm('a', people, Math.min(people, one)), arm('b', people, Math.min(people, other))];
        expect(verdict(how, standing(a, b))).toEqual(verdict(how, standing(b, a)));
      },
    ),
    { numRuns: 500, seed: 9 },
  );
});
