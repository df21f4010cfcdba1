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
  all_of: 'all of these are true: {parts}',
  none_of: 'none of these is true: {parts}',
  not: 'not ({phrase})',
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
  if (because === 'all_true' || because === 'none_true') return describeGroup(because, values);
  const phrase = phraseOf(field, op, expected);
  if (phrase === null) return formatMessage(texts.several, values);
  return formatMessage(texts.compared, { phrase, actual: describeActual(actual) });
}

/** What the comparisons of a group were, with each value behind the last one that it was compared in. */
function describeGroup(because: 'all_true' | 'none_true', values: ReasonValues): string {
  const parts: string[] = [];
  let phrases: string[] = [];
  let actual: ReasonValues[string] | undefined;
  const close = () => {
    if (phrases.length > 0)
      parts.push(formatMessage(texts.compared, { phrase: phrases.join(', '), actual: describeActual(actual) }));
    phrases = [];
  };
  for (let n = 1; ; n += 1) {
    const phrase = phraseOf(values[`c${n}_field`], values[`c${n}_op`], values[`c${n}_expected`]);
    if (phrase === null) break;
    if (values[`c${n}_actual`] !== undefined) {
      close();
      actual = values[`c${n}_actual`];
    }
    phrases.push(values[`c${n}_not`] === true ? formatMessage(texts.not, { phrase }) : phrase);
  }
  close();
  // What was decided before comparisons of groups were kept says how many there were.
  if (parts.length === 0) return formatMessage(texts[because], values);
  const several = parts.join('; ');
  const more =
    typeof values.more === 'number' ? formatMessage(texts.more, { tried: several, count: values.more }) : several;
  return formatMessage(because === 'all_true' ? texts.all_of : texts.none_of, { parts: more });
}

/** A comparison in words; null where there is none, or not one of this build. */
function phraseOf(
  field: ReasonValues[string] | undefined,
  op: ReasonValues[string] | undefined,
  expected: ReasonValues[string] | undefined,
): string | null {
  if (typeof field !== 'string' || typeof op !== 'string' || !isOperator(op)) return null;
  const label = findConditionField(field)?.label ?? field;
  return formatMessage(operators[op].phrase, { field: label.toLowerCase(), value: describeExpected(op, expected) });
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
