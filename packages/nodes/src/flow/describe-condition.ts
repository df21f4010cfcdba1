import { formatCount, formatMessage } from '../text/format-message.ts';
import { findConditionField, operators } from './condition-fields.ts';
import { type Condition, isFact, type ValueComparison } from './conditions.ts';
import { describeFact } from './describe-fact.ts';

const phrases = {
  all: ' and ',
  any: ' or ',
  not: 'not ({condition})',
  group: '({condition})',
  range: '{low} and {high}',
  quoted: '“{text}”',
  days: { one: '{count} day', other: '{count} days' },
} as const;

/** What lists, segments, flows and fields that a workspace made up are called, by id and by field. */
export type Names = ReadonlyMap<string, string>;
const noNames: Names = new Map();

/** A condition as an English phrase, such as `reply means yes and (email is known or points ≥ 100)`. */
export function describeCondition(condition: Condition, names: Names = noNames): string {
  if ('op' in condition)
    return isFact(condition)
      ? describeFact(condition, names, (where) => describeComparison(where, names))
      : describeComparison(condition, names);
  if ('not' in condition) return formatMessage(phrases.not, { condition: describeCondition(condition.not, names) });
  const [children, joint] = 'all' in condition ? [condition.all, phrases.all] : [condition.any, phrases.any];
  const describe = children.length > 1 ? describeChild : describeCondition;
  return children.map((child) => describe(child, names)).join(joint);
}

function describeChild(child: Condition, names: Names): string {
  const condition = describeCondition(child, names);
  return 'op' in child || 'not' in child ? condition : formatMessage(phrases.group, { condition });
}

function describeComparison(comparison: ValueComparison, names: Names): string {
  const { phrase } = operators[comparison.op];
  const label = names.get(comparison.field) ?? findConditionField(comparison.field)?.label ?? comparison.field;
  return formatMessage(phrase, {
    field:
      comparison.field.startsWith('contact.attributes.') || comparison.field.startsWith('event.data.')
        ? label
        : lowerFirst(label),
    value: describeValue(comparison),
  });
}

function describeValue(comparison: ValueComparison): string {
  if (!('value' in comparison)) return '';
  const { op, value } = comparison;
  if (op === 'within_last_days' || op === 'more_than_days_ago') return formatCount(value, phrases.days);
  if (op === 'between') return formatMessage(phrases.range, { low: value[0], high: value[1] });
  if (Array.isArray(value)) return value.map(String).map(quote).join(', ');
  if (typeof value === 'number') return formatMessage('{value}', { value });
  return op === 'before' || op === 'after' ? value : quote(value);
}

function quote(text: string): string {
  return formatMessage(phrases.quoted, { text });
}

function lowerFirst(label: string): string {
  return label.slice(0, 1).toLowerCase() + label.slice(1);
}
