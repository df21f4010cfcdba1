import { formatCount, formatMessage } from '../text/format-message.ts';
import { type FactComparison, isMember, type ValueComparison } from './conditions.ts';
import { factOperators, findFactField } from './fact-fields.ts';

const texts = {
  times: { one: '{count} time', other: '{count} times' },
  within: { one: '{fact} in the last {count} day', other: '{fact} in the last {count} days' },
  byFlow: '{fact} by the flow {name}',
  where: '{fact} where {where}',
  and: ' and ',
  quoted: '“{text}”',
} as const;

/** What is asked about somebody's facts, such as `“order.placed” at least 3 times in the last 30 days`. */
export function describeFact(
  comparison: FactComparison,
  names: ReadonlyMap<string, string>,
  describeWhere: (where: ValueComparison) => string,
): string {
  const called = (id: string) => formatMessage(texts.quoted, { text: names.get(id) ?? id });
  const fact = findFactField(comparison.field);
  const label = fact?.label ?? comparison.field;
  if (isMember(comparison)) {
    const phrase = fact?.kind === 'set' ? (comparison.op === 'includes' ? fact.phrase : fact.not) : label;
    return formatMessage(phrase, { name: called(comparison.value) });
  }
  const counted = comparison.op === 'count_at_least' || comparison.op === 'count_at_most';
  const value = 'value' in comparison ? comparison.value : 0;
  const asked = formatMessage(factOperators[comparison.op].phrase, {
    fact: label,
    value,
    of: 'of' in comparison ? comparison.of.replaceAll('_', ' ') : '',
    times: counted ? formatCount(value, texts.times) : '',
  });
  const { flow, where = [], within_days: within } = comparison;
  const byFlow = flow === undefined ? asked : formatMessage(texts.byFlow, { fact: asked, name: called(flow) });
  const narrowed =
    where.length === 0
      ? byFlow
      : formatMessage(texts.where, { fact: byFlow, where: where.map(describeWhere).join(texts.and) });
  return within === undefined ? narrowed : formatCount(within, texts.within, { fact: narrowed });
}
