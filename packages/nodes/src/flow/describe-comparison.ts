import type { ReasonValues } from '../define/decision.ts';
import { formatCount, formatMessage } from '../text/format-message.ts';
import { findConditionField, operators } from './condition-fields.ts';
import type { Operator } from './conditions.ts';

const texts = {
  compared: '{phrase} ({actual})',
  quoted: '“{text}”',
  missing: 'no value',
  all_true: 'all {conditions} conditions are true',
  none_true: 'none of the {conditions} conditions is true',
  several: '{branches} branches were tried',
  tried: '“{branch}”, {comparison}',
  more: '{tried}; and {count} more',
  days: { one: '{count} day', other: '{count} days' },
} as const;

/** The branches that did not fit, each with what it compared; null where none is kept. */
export function describeTried(values: ReasonValues): string | null {
  const parts: string[] = [];
  for (let n = 1; typeof values[`branch_${n}`] === 'string'; n += 1) parts.push(describeBranch(withNumber(values, n)));
  if (parts.length === 0) return null;
  const tried = parts.join('; ');
  const more = typeof values.tried === 'number' ? values.tried - parts.length : 0;
  return more > 0 ? formatMessage(texts.more, { tried, count: more }) : tried;
}

function describeBranch(values: ReasonValues): string {
  return formatMessage(texts.tried, { ...values, comparison: describeComparison(values) });
}

/** The values of one of several branches, under their plain names. */
function withNumber(values: ReasonValues, n: number): ReasonValues {
  const ending = `_${n}`;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.endsWith(ending) ? [[name.slice(0, -ending.length), value] as const] : [],
    ),
  );
}

/** What was compared, and the value at that time. */
export function describeComparison(values: ReasonValues): string {
  const { field, op, expected, actual, because } = values;
  if (because === 'all_true' || because === 'none_true') return formatMessage(texts[because], values);
  if (typeof field !== 'string' || typeof op !== 'string' || !isOperator(op)) {
    return formatMessage(texts.several, values);
  }
  const label = findConditionField(field)?.label ?? field;
  const phrase = formatMessage(operators[op].phrase, {
    field: label.toLowerCase(),
    value: describeExpected(op, expected),
  });
  return formatMessage(texts.compared, { phrase, actual: describeActual(actual) });
}

function describeExpected(op: Operator, expected: ReasonValues[string] | undefined): string {
  if (expected === undefined || expected === null) return '';
  if (typeof expected === 'number')
    return op === 'within_last_days' || op === 'more_than_days_ago'
      ? formatCount(expected, texts.days)
      : formatMessage('{expected}', { expected });
  if (op === 'between') return String(expected).replace(', ', ' and ');
  return operators[op].type === 'text' ? formatMessage(texts.quoted, { text: expected }) : String(expected);
}

function describeActual(actual: ReasonValues[string] | undefined): string {
  if (actual === null || actual === undefined) return texts.missing;
  return typeof actual === 'string'
    ? formatMessage(texts.quoted, { text: actual })
    : formatMessage('{actual}', { actual });
}

function isOperator(op: string): op is Operator {
  return Object.hasOwn(operators, op);
}
