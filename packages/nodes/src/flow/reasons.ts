import type { Reason } from '../define/decision.ts';
import { formatMessage } from '../text/format-message.ts';
import { findConditionField, operators } from './condition-fields.ts';

/** What the library's decisions say, by the code of their reason. `{name}` stands for one of the reason's values. */
export const reasonTable = {
  keyword_matched: 'Texted the keyword {keyword}',
  event_reported: 'The event {event} was reported',
  waited_until_time: 'Waits until {time} ({zone})',
  branch_matched: 'Took “{branch}”: {comparison}',
  no_branch_matched: 'No branch fitted: {comparison}',
  consent_checked: 'Consent to {purpose}: {state}',
  consent_recorded: 'Agreed to {purpose}',
  engagement_scored: 'Scored {score}',
  contact_updated: 'Set {fields}',
  reached_end: 'Reached the end',
  template_failed: 'The text could not be filled in. {message}',
  message_empty: 'The text came out empty',
  message_too_long: 'The text came out at {characters} characters; {limit} is the most',
  contact_value_invalid: 'The value does not fit the field {field}',
} as const satisfies Record<string, string>;

const comparisonTexts = {
  compared: '{phrase} (it was {actual})',
  missing: 'nothing',
  all_true: 'all {conditions} conditions hold',
  none_true: 'none of {conditions} conditions holds',
  several: '{branches} branches were tried',
  manual: 'Entered without a keyword',
} as const;

/** A reason as an English sentence; null for a code that is not the library's. */
export function describeReason({ code, values = {} }: Reason): string | null {
  if (!isReasonCode(code)) return null;
  if (code === 'keyword_matched' && values.keyword === null) return comparisonTexts.manual;
  return formatMessage(reasonTable[code], { ...values, comparison: describeComparison(values) });
}

function isReasonCode(code: string): code is keyof typeof reasonTable {
  return Object.hasOwn(reasonTable, code);
}

function describeComparison(values: NonNullable<Reason['values']>): string {
  const { field, op, expected, actual, because } = values;
  if (because === 'all_true' || because === 'none_true') return formatMessage(comparisonTexts[because], values);
  if (typeof field !== 'string' || typeof op !== 'string' || !isOperator(op)) {
    return formatMessage(comparisonTexts.several, values);
  }
  const label = findConditionField(field)?.label ?? field;
  const phrase = formatMessage(operators[op].phrase, { field: label.toLowerCase(), value: expected ?? '' });
  const shown = actual === null || actual === undefined ? comparisonTexts.missing : `“${actual}”`;
  return formatMessage(comparisonTexts.compared, { phrase, actual: shown });
}

function isOperator(op: string): op is keyof typeof operators {
  return Object.hasOwn(operators, op);
}
