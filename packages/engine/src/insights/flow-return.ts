import { type AttributionModel, shareOut, weightsOf, wholeConversion } from '../goals/attribution.ts';
import type { TouchedConversion } from './touches.ts';

/** What a flow got of a goal's conversions. */
export type GoalShare = {
  /** Conversions that it had a part in. */
  readonly conversions: number;
  /** What it got of them, in millionths of a conversion. */
  readonly credit: bigint;
  /** What it got of what they were worth, in millionths of the goal's currency. */
  readonly revenue: bigint;
};

const nothing: GoalShare = { conversions: 0, credit: 0n, revenue: 0n };

/** Divides conversions among the messages that led to them, and adds up what those of one flow got, by goal. */
export function shareOfFlow(
  model: AttributionModel,
  conversions: readonly TouchedConversion[],
): (goalId: string) => GoalShare {
  const shares = new Map<string, GoalShare>();
  for (const { goal_id, at, value_micro, touched_at, own } of conversions) {
    const weights = weightsOf(
      model,
      touched_at.map((touchedAt) => ({ at: touchedAt })),
      at,
    );
    const ofOwn = (amount: bigint) =>
      shareOut(amount, weights).reduce((sum, share, index) => (own[index] === true ? sum + share : sum), 0n);
    const before = shares.get(goal_id) ?? nothing;
    shares.set(goal_id, {
      conversions: before.conversions + 1,
      credit: before.credit + ofOwn(wholeConversion),
      revenue: before.revenue + (value_micro === null ? 0n : ofOwn(BigInt(value_micro))),
    });
  }
  return (goalId) => shares.get(goalId) ?? nothing;
}

/** Amounts by their currency. */
export type Amount = { readonly currency: string; readonly microUnits: bigint };

/** Adds amounts up by currency, in the order in which those come. */
export function addUp(amounts: readonly Amount[]): Amount[] {
  const sums = new Map<string, bigint>();
  for (const { currency, microUnits } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + microUnits);
  return [...sums].map(([currency, microUnits]) => ({ currency, microUnits }));
}

/** Why there is no return to speak of. */
export const noReturns = ['no_cost', 'no_revenue', 'currencies'] as const;
export type NoReturn = (typeof noReturns)[number];

/** What came back of each unit that was spent, less that unit: 0.5 is half more than was spent. Only where all of it is in one currency. */
export function returnOf(
  revenue: readonly Amount[],
  cost: readonly Amount[],
): { readonly roi: number } | { readonly missing: NoReturn } {
  const spent = cost.filter(({ microUnits }) => microUnits > 0n);
  const [one] = spent;
  if (one === undefined) return { missing: 'no_cost' };
  const [came] = revenue;
  if (came === undefined) return { missing: 'no_revenue' };
  if (spent.length > 1 || revenue.length > 1 || came.currency !== one.currency) return { missing: 'currencies' };
  return { roi: (Number(came.microUnits) - Number(one.microUnits)) / Number(one.microUnits) };
}
