import { afterAll, expect, test } from 'vitest';
import { readMeans } from '../estimates/bayes.ts';
import { differenceOfMeans, liftOfMeans, type Moments, momentsOf, together } from '../estimates/means.ts';
import { type Count, differenceOfProportions, liftOfProportions } from '../estimates/proportions.ts';
import { peoplePerArmForProportions, peoplePerArmSequentially } from '../estimates/sample-size.ts';
import { sequentialMeans } from '../estimates/sequential.ts';
import { type Arm, compared, type Plan, type Standing, verdict } from './verdict.ts';

/*
 * What the figures promise, held against tests of which the truth is known. Everybody's draw comes of one seed, so the counts are the same each
 * time; a run is a test looked at on each of thirty days.
 */

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws how many of some people do something, by a table of the chances of at most so many, kept for each number of people. */
function binomialOf(random: () => number) {
  const tables = new Map<string, { readonly first: number; readonly shares: Float64Array }>();
  return (people: number, chance: number): number => {
    const key = `${people} ${chance}`;
    let table = tables.get(key);
    if (table === undefined) {
      const spread = 9 * Math.sqrt(people * chance * (1 - chance)) + 9;
      const first = Math.max(0, Math.floor(people * chance - spread));
      const last = Math.min(people, Math.ceil(people * chance + spread));
      const middle = Math.round(people * chance);
      const terms = new Float64Array(last - first + 1);
      terms[middle - first] = 1;
      for (let k = middle + 1; k <= last; k += 1)
        terms[k - first] = ((terms[k - 1 - first] ?? 0) * (people - k + 1) * chance) / (k * (1 - chance));
      for (let k = middle - 1; k >= first; k -= 1)
        terms[k - first] = ((terms[k + 1 - first] ?? 0) * (k + 1) * (1 - chance)) / ((people - k) * chance);
      const whole = terms.reduce((sum, term) => sum + term, 0);
      let sum = 0;
      table = { first, shares: terms.map((term) => (sum += term / whole)) };
      tables.set(key, table);
    }
    const drawn = random();
    let [low, high] = [0, table.shares.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((table.shares[middle] ?? 1) < drawn) low = middle + 1;
      else high = middle;
    }
    return table.first + low;
  };
}

const days = 30;
const perDay = 1_000;
const plan: Plan = { kind: 'sequential', alpha: 0.05, people: 2 * days * perDay, higherIsBetter: true };
const count = (people: number, converted: number): Count => ({ people, converted });

/** A proportion as the mean of noughts and ones. */
function momentsOfCount({ people, converted }: Count): Moments {
  return momentsOf({ people, sum: converted, sumOfSquares: converted });
}

/** A test of arms with these chances as it stands after each day. People are drawn into arms one by one, so that their numbers differ. */
function* daysOf(
  chances: readonly number[],
  binomial: (people: number, chance: number) => number,
  weights: readonly number[] = chances.map(() => 1),
): Generator<Standing> {
  const totals = chances.map(() => ({ people: 0, converted: 0 }));
  const weightFrom = (index: number): number => weights.slice(index).reduce((sum, weight) => sum + weight, 0);
  for (let day = 1; day <= days; day += 1) {
    let left = chances.length * perDay;
    for (const [index, chance] of chances.entries()) {
      const share = (weights[index] ?? 0) / weightFrom(index);
      const people = share === 1 ? left : binomial(left, share);
      left -= people;
      const total = totals[index];
      if (total === undefined) continue;
      total.people += people;
      total.converted += binomial(people, chance);
    }
    const arms = totals.map(
      (total, index): Arm => ({
        id: `${index}`,
        weight: weights[index] ?? 0,
        people: total.people,
        measured: { kind: 'proportion', ...total },
      }),
    );
    yield { arms, peopleInSeveralArms: 0, hoursRunning: 24 * day };
  }
}

const shares: string[] = [];
afterAll(() => console.info(shares.join('\n')));

const told = (what: string, share: number): number => {
  shares.push(`${what}: ${(100 * share).toFixed(2)} %`);
  return share;
};

test('10,000 tests of two equal arms, looked at on 30 days: at most 5 % have a winner, and a naive look nearly a third', () => {
  const runs = 10_000;
  const binomial = binomialOf(numbersOf(1));
  let [winners, naive, reading, blocked, held] = [0, 0, 0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    let [winner, peeked, read, broken, missed] = [false, false, false, false, false];
    for (const standing of daysOf([0.05, 0.05], binomial)) {
      const { state } = verdict(plan, standing);
      winner ||= state === 'winner';
      broken ||= state === 'blocked';
      const [control, arm] = standing.arms.map(({ measured }) =>
        count(measured.people, measured.kind === 'proportion' ? measured.converted : 0),
      );
      if (control === undefined || arm === undefined) continue;
      peeked ||= (differenceOfProportions(control, arm, 0.05)?.p ?? 1) < 0.05;
      const chance = readMeans(momentsOfCount(control), momentsOfCount(arm))?.chanceToBeatControl ?? 0.5;
      read ||= Math.max(chance, 1 - chance) > 0.95;
      const difference = compared(plan, standing)[0]?.difference;
      missed ||= difference != null && (difference.low > 0 || difference.high < 0);
    }
    winners += winner ? 1 : 0;
    naive += peeked ? 1 : 0;
    reading += read ? 1 : 0;
    blocked += broken ? 1 : 0;
    held += missed ? 0 : 1;
  }
  expect(told('A/A, 30 looks, false winners', winners / runs)).toBeLessThanOrEqual(0.05);
  expect(told('A/A, 30 looks, intervals that hold at all of them', held / runs)).toBeGreaterThanOrEqual(0.95);
  // The planted violation: were the verdict the naive one, the first expectation would fail.
  expect(told('A/A, 30 looks, naive peeking', naive / runs)).toBeGreaterThan(0.2);
  expect(told('A/A, 30 looks, a chance above 95 % that one of them is better', reading / runs)).toBeGreaterThan(0.4);
  expect(told('A/A, 30 looks, blocked by the sample ratio at one of them', blocked / runs)).toBeLessThan(0.02);
}, 120_000);

test('sequential intervals hold a true difference at all looks in at least 95 % of runs, rare conversions too', () => {
  for (const [seed, chances, weights, runs] of [
    [2, [0.05, 0.06], [1, 1], 3_000],
    [3, [0.002, 0.003], [1, 1], 2_000],
    [4, [0.3, 0.28], [1, 1], 2_000],
    [11, [0.05, 0.06], [5, 95], 2_000],
    [12, [0.01, 0.01], [5, 95], 2_000],
  ] as const) {
    const binomial = binomialOf(numbersOf(seed));
    const truth = chances[1] - chances[0];
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      let holds = true;
      for (const standing of daysOf(chances, binomial, weights)) {
        const difference = compared(plan, standing)[0]?.difference;
        holds &&= difference == null || (difference.low <= truth && truth <= difference.high);
      }
      held += holds ? 1 : 0;
    }
    expect(
      told(
        `${chances.join(' and ')}, split ${weights.join(':')}, 30 looks, intervals that hold at all of them`,
        held / runs,
      ),
    ).toBeGreaterThanOrEqual(0.95);
  }
}, 120_000);

test('eight arms that are alike have a winner in at most 5 % of tests', () => {
  const runs = 1_000;
  const binomial = binomialOf(numbersOf(5));
  let winners = 0;
  for (let run = 0; run < runs; run += 1) {
    let winner = false;
    for (const standing of daysOf(
      Array.from({ length: 8 }, () => 0.05),
      binomial,
    ))
      winner ||= verdict(plan, standing).state === 'winner';
    winners += winner ? 1 : 0;
  }
  expect(told('eight equal arms, 30 looks, false winners', winners / runs)).toBeLessThanOrEqual(0.05);
}, 120_000);

test('intervals at a horizon that was fixed hold the truth in 95 % of runs, one up or down', () => {
  const runs = 10_000;
  for (const [seed, [base, rate], people] of [
    [6, [0.05, 0.05], 5_000],
    [7, [0.02, 0.03], 10_000],
    [8, [0.3, 0.33], 2_000],
  ] as const) {
    const binomial = binomialOf(numbersOf(seed));
    let [difference, lift] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const [control, arm] = [count(people, binomial(people, base)), count(people, binomial(people, rate))];
      const found = differenceOfProportions(control, arm, 0.05);
      const ratio = liftOfProportions(control, arm, 0.05);
      if (found !== null && found.low <= rate - base && rate - base <= found.high) difference += 1;
      if (ratio !== null && ratio.low <= rate / base - 1 && rate / base - 1 <= ratio.high) lift += 1;
    }
    for (const [what, share] of [
      ['difference', difference / runs],
      ['lift', lift / runs],
    ] as const) {
      told(`${base} and ${rate}, ${people} people an arm, coverage of the ${what}`, share);
      expect(Math.abs(share - 0.95)).toBeLessThanOrEqual(0.01);
    }
  }
}, 120_000);

/** What people spend: nothing but for a few, who spend as a lognormal distribution says; sums of them, for one arm. */
function spending(random: () => number, binomial: (people: number, chance: number) => number, people: number): Moments {
  let [sum, sumOfSquares] = [0, 0];
  for (let buyer = binomial(people, 0.06); buyer > 0; buyer -= 1) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const spent = Math.exp(0.7 * normal);
    sum += spent;
    sumOfSquares += spent * spent;
  }
  return momentsOf({ people, sum, sumOfSquares });
}

test('means of what a few people spend are held as well, at a horizon and at all looks', () => {
  const runs = 2_000;
  const random = numbersOf(9);
  const binomial = binomialOf(random);
  let [fixed, lift, sequential] = [0, 0, 0];
  for (let run = 0; run < runs; run += 1) {
    let [control, arm]: [Moments, Moments] = [
      momentsOf({ people: 0, sum: 0, sumOfSquares: 0 }),
      momentsOf({ people: 0, sum: 0, sumOfSquares: 0 }),
    ];
    let holds = true;
    for (let day = 1; day <= days; day += 1) {
      control = together(control, spending(random, binomial, perDay));
      arm = together(arm, spending(random, binomial, perDay));
      const found = sequentialMeans(control, arm, { alpha: 0.05, tunedFor: plan.people });
      holds &&= found === null || (found.low <= 0 && found.high >= 0);
    }
    const [difference, ratio] = [differenceOfMeans(control, arm, 0.05), liftOfMeans(control, arm, 0.05)];
    if (difference !== null && difference.low <= 0 && difference.high >= 0) fixed += 1;
    if (ratio !== null && ratio.low <= 0 && ratio.high >= 0) lift += 1;
    sequential += holds ? 1 : 0;
  }
  expect(told('spending, 30 looks, intervals that hold at all of them', sequential / runs)).toBeGreaterThanOrEqual(
    0.95,
  );
  // Of 2,000 runs, one percent is twice the error of the share itself.
  for (const [what, share] of [
    ['difference', fixed / runs],
    ['lift', lift / runs],
  ] as const)
    expect(Math.abs(told(`spending, at the horizon, coverage of the ${what}`, share) - 0.95)).toBeLessThanOrEqual(0.01);
}, 120_000);

test('so many people as the calculator asks for find the difference as often as it says', () => {
  const errors = { alpha: 0.05, power: 0.8 };
  const [base, rate, runs] = [0.05, 0.062, 4_000];
  const binomial = binomialOf(numbersOf(10));
  const people = Math.ceil(peoplePerArmForProportions({ base, difference: rate - base }, errors));
  let found = 0;
  for (let run = 0; run < runs; run += 1)
    if (
      (differenceOfProportions(count(people, binomial(people, base)), count(people, binomial(people, rate)), 0.05)?.p ??
        1) <= 0.05
    )
      found += 1;
  expect(Math.abs(told(`${people} people an arm, power at the horizon`, found / runs) - 0.8)).toBeLessThan(0.02);

  const mean = (base + rate) / 2;
  const most = Math.ceil(peoplePerArmSequentially({ variance: mean * (1 - mean), difference: rate - base }, errors));
  const sought = { ...plan, people: 2 * most };
  let [sequential, daysToWinner] = [0, 0];
  for (let run = 0; run < runs / 4; run += 1) {
    let day = 0;
    for (const standing of daysOf([base, rate], binomial)) {
      day += 1;
      const found = verdict(sought, standing);
      if (found.state === 'not_yet' && standing.arms.every((each) => each.people < most + perDay)) continue;
      if (found.state === 'winner') {
        sequential += 1;
        daysToWinner += day;
      }
      break;
    }
  }
  expect(
    told(`${most} people an arm at most, power with a look each day`, sequential / (runs / 4)),
  ).toBeGreaterThanOrEqual(0.79);
  expect(daysToWinner / sequential).toBeLessThan(most / perDay);
}, 120_000);
