import type { ConditionFacts, Happening } from './condition-facts.ts';
import { asNumber } from './condition-values.ts';
import type { HappeningComparison, MemberComparison, ValueComparison } from './conditions.ts';

const dayMs = 86_400_000;
const micro = 1_000_000;
const nothing: ReadonlySet<string> = new Set();

/** Whether somebody is in what a comparison names. */
export function isIn(facts: ConditionFacts | undefined, { field, value }: MemberComparison): boolean {
  return (own(facts?.sets, field) ?? nothing).has(value);
}

/**
 * How often something happened, and what its amounts add up to. What lies ahead of `now` has not happened yet; `within_days` of n means
 * now − n × 24 h ≤ at. Amounts are added as whole numbers of micro-units, so that the order makes no difference; what is no number adds
 * nothing.
 */
export function tally(
  facts: ConditionFacts | undefined,
  comparison: HappeningComparison,
  now: Date,
  holds: (where: ValueComparison, data: Happening['data']) => boolean,
): { readonly count: number; readonly sum: number } {
  const { within_days: within, flow, where = [] } = comparison;
  const from = within === undefined ? Number.NEGATIVE_INFINITY : now.getTime() - within * dayMs;
  const of = 'of' in comparison ? comparison.of : null;
  let count = 0;
  let sum = 0;
  for (const happening of own(facts?.happened, comparison.field) ?? []) {
    const at = happening.at.getTime();
    if (at > now.getTime() || at < from) continue;
    if (flow !== undefined && happening.flow !== flow) continue;
    if (!where.every((each) => holds(each, happening.data))) continue;
    count += 1;
    const amount = of === null ? null : asNumber(own(happening.data, of) ?? null);
    if (amount !== null) sum += Math.floor(amount * micro + 0.5);
  }
  return { count, sum: sum / micro };
}

function own<Value>(values: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return values !== undefined && Object.hasOwn(values, key) ? values[key] : undefined;
}
