import type { Reason } from '../define/decision.ts';
import { formatCount, formatMessage } from '../text/format-message.ts';
import { findConditionField, operators } from './condition-fields.ts';
import type { Operator } from './conditions.ts';

/** What the library's decisions say, by the code of their reason. `{name}` stands for one of the reason's values. */
export const reasonTable = {
  keyword_matched: 'Texted the keyword {keyword}',
  event_reported: 'Event {event} came in',
  waited_until_time: 'Waits until {time} ({zone})',
  branch_matched: 'Took “{branch}”: {comparison}',
  no_branch_matched: 'No branch fit: {comparison}',
  consent_checked: 'Consent to {purpose}: {state}',
  consent_recorded: 'Agreed to {purpose}',
  engagement_scored: 'Scored {score}',
  contact_updated: 'Set {fields}',
  reached_end: 'Reached the end',
  template_failed: 'The message could not be filled in. {message}',
  message_empty: 'The message was empty once it was filled in',
  message_too_long: 'The message was {characters} characters long; the limit is {limit}',
  contact_value_invalid: 'The value does not fit the field {field}',
} as const satisfies Record<string, string>;

const comparisonTexts = {
  compared: '{phrase} ({actual})',
  quoted: '“{text}”',
  missing: 'no value',
  all_true: 'all {conditions} conditions are true',
  none_true: 'none of the {conditions} conditions is true',
  several: '{branches} branches were tried',
  tried: '“{branch}”, {comparison}',
  tried_before: '{text}. Tried before that: {tried}',
  more: '{tried}; and {count} more',
  days: { one: '{count} day', other: '{count} days' },
  manual: 'Entered without a keyword',
} as const;

/** A reason as an English sentence; null for a code that is not the library's. */
export function describeReason({ code, values = {} }: Reason): string | null {
  if (!isReasonCode(code)) return null;
  if (code === 'keyword_matched' && values.keyword === null) return comparisonTexts.manual;
  const tried = describeTried(values);
  const comparison = code === 'no_branch_matched' && tried !== null ? tried : describeComparison(values);
  const text = formatMessage(reasonTable[code], { ...values, comparison });
  return code === 'branch_matched' && tried !== null
    ? formatMessage(comparisonTexts.tried_before, { text, tried })
    : text;
}

function isReasonCode(code: string): code is keyof typeof reasonTable {
  return Object.hasOwn(reasonTable, code);
}

type Values = NonNullable<Reason['values']>;

/** The branches that did not fit, each with what it compared; null where none is kept. */
function describeTried(values: Values): string | null {
  const parts: string[] = [];
  for (let n = 1; typeof values[`branch_${n}`] === 'string'; n += 1) parts.push(describeBranch(withNumber(values, n)));
  if (parts.length === 0) return null;
  const tried = parts.join('; ');
  const more = typeof values.tried === 'number' ? values.tried - parts.length : 0;
  return more > 0 ? formatMessage(comparisonTexts.more, { tried, count: more }) : tried;
}

function describeBranch(values: Values): string {
  return formatMessage(comparisonTexts.tried, { ...values, comparison: describeComparison(values) });
}

/** The values of one of several branches, under their plain names. */
function withNumber(values: Values, n: number): Values {
  const ending = `_${n}`;
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.endsWith(ending) ? [[name.slice(0, -ending.length), value] as const] : [],
    ),
  );
}

function describeComparison(values: Values): string {
  const { field, op, expected, actual, because } = values;
  if (because === 'all_true' || because === 'none_true') return formatMessage(comparisonTexts[because], values);
  if (typeof field !== 'string' || typeof op !== 'string' || !isOperator(op)) {
    return formatMessage(comparisonTexts.several, values);
  }
  const label = findConditionField(field)?.label ?? field;
  const phrase = formatMessage(operators[op].phrase, {
    field: label.toLowerCase(),
    value: describeExpected(op, expected),
  });
  return formatMessage(comparisonTexts.compared, { phrase, actual: describeActual(actual) });
}

function describeExpected(op: Operator, expected: Values[string] | undefined): string {
  if (expected === undefined || expected === null) return '';
  if (typeof expected === 'number')
    return op === 'within_last_days' || op === 'more_than_days_ago'
      ? formatCount(expected, comparisonTexts.days)
      : formatMessage('{expected}', { expected });
  if (op === 'between') return String(expected).replace(', ', ' and ');
  return operators[op].type === 'text' ? formatMessage(comparisonTexts.quoted, { text: expected }) : String(expected);
}

function describeActual(actual: Values[string] | undefined): string {
  if (actual === null || actual === undefined) return comparisonTexts.missing;
  return typeof actual === 'string'
    ? formatMessage(comparisonTexts.quoted, { text: actual })
    : formatMessage('{actual}', { actual });
}

function isOperator(op: string): op is Operator {
  return Object.hasOwn(operators, op);
}
