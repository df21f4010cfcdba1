import { matchCompliance } from '../text/compliance-words.ts';
import { formatCount, formatMessage } from '../text/format-message.ts';
import { foldText } from '../text/normalise.ts';
import { findConditionField, operatorFits, operators } from './condition-fields.ts';
import { type Comparison, type Condition, comparisons } from './conditions.ts';

/** A problem of a condition beyond its schema; `path` is relative to the condition. */
export type ConditionProblem = {
  readonly code:
    | 'condition_field_unknown'
    | 'condition_operator_unfit'
    | 'condition_range_reversed'
    | 'condition_value_empty'
    | 'condition_never_met';
  readonly path: ReadonlyArray<string | number>;
  readonly values: Readonly<Record<string, string>>;
};

const phrases = {
  all: ' and ',
  any: ' or ',
  not: 'not ({condition})',
  group: '({condition})',
  range: '{low} and {high}',
  quoted: '“{text}”',
  days: { one: '{count} day', other: '{count} days' },
} as const;

/** Finds unknown fields, operators that do not fit their field, reversed ranges and operands of white space only. */
export function validateCondition(condition: Condition): ConditionProblem[] {
  return comparisons(condition).flatMap(({ comparison, path }) => comparisonProblems(comparison, path));
}

/** A condition as an English phrase, such as `reply means yes and (email is known or points ≥ 100)`. */
export function describeCondition(condition: Condition): string {
  if ('op' in condition) return describeComparison(condition);
  if ('not' in condition) return formatMessage(phrases.not, { condition: describeCondition(condition.not) });
  const [children, joint] = 'all' in condition ? [condition.all, phrases.all] : [condition.any, phrases.any];
  return children.map((child) => (children.length > 1 ? describeChild(child) : describeCondition(child))).join(joint);
}

function describeChild(child: Condition): string {
  const condition = describeCondition(child);
  return 'op' in child || 'not' in child ? condition : formatMessage(phrases.group, { condition });
}

function describeComparison(comparison: Comparison): string {
  const { phrase } = operators[comparison.op];
  const label = findConditionField(comparison.field)?.label ?? comparison.field;
  return formatMessage(phrase, {
    field:
      comparison.field.startsWith('contact.attributes.') || comparison.field.startsWith('event.data.')
        ? label
        : lowerFirst(label),
    value: describeValue(comparison),
  });
}

function describeValue(comparison: Comparison): string {
  if (!('value' in comparison)) return '';
  const { op, value } = comparison;
  if (op === 'within_last_days' || op === 'more_than_days_ago') return formatCount(value, phrases.days);
  if (op === 'between') return formatMessage(phrases.range, { low: value[0], high: value[1] });
  if (Array.isArray(value)) return value.map(String).map(quote).join(', ');
  if (typeof value === 'number') return formatMessage('{value}', { value });
  return op === 'before' || op === 'after' ? value : quote(value);
}

function comparisonProblems(comparison: Comparison, path: ReadonlyArray<string | number>): ConditionProblem[] {
  const field = findConditionField(comparison.field);
  const values = { field: comparison.field, operator: operators[comparison.op].label };
  const problems: ConditionProblem[] = [];
  if (field === null) problems.push({ code: 'condition_field_unknown', path: [...path, 'field'], values });
  else if (!operatorFits(field, comparison)) {
    problems.push({ code: 'condition_operator_unfit', path: [...path, 'op'], values });
  }
  if (comparison.op === 'between' && comparison.value[0] > comparison.value[1]) {
    problems.push({ code: 'condition_range_reversed', path: [...path, 'value'], values });
  }
  const operands = 'value' in comparison ? [comparison.value].flat() : [];
  if (operands.some((operand) => typeof operand === 'string' && foldText(operand) === '')) {
    problems.push({ code: 'condition_value_empty', path: [...path, 'value'], values });
  }
  const never = neverReceived(comparison);
  if (never !== undefined) {
    problems.push({ code: 'condition_never_met', path: [...path, 'value'], values: { ...values, value: never } });
  }
  return problems;
}

/**
 * A word that the comparison waits for in vain: opting out and asking for help are acted on before any flow sees the text. Of words that
 * are part of others, such as `end`, only the whole text is.
 */
function neverReceived(comparison: Comparison): string | undefined {
  if (comparison.field !== 'reply.text' || !('value' in comparison)) return undefined;
  const { op } = comparison;
  const isWhole = op === 'is' || op === 'is_one_of';
  if (!isWhole && op !== 'contains' && op !== 'starts_with' && op !== 'ends_with') return undefined;
  return [comparison.value].flat().find((operand) => {
    const found = matchCompliance(operand);
    if (isWhole) return found?.kind === 'stop' || (found?.kind === 'help' && !found.yields);
    return found?.kind === 'stop' && (found.word === 'UNSUBSCRIBE' || foldText(operand).includes(' '));
  });
}

function quote(text: string): string {
  return formatMessage(phrases.quoted, { text });
}

function lowerFirst(label: string): string {
  return label.slice(0, 1).toLowerCase() + label.slice(1);
}
