import type { ReasonValues } from '../define/decision.ts';
import { formatMessage } from '../text/format-message.ts';
import { findConditionField, operators } from './condition-fields.ts';

const texts = {
  compared: '{phrase} (it was {actual})',
  missing: 'nothing',
  all_true: 'all {conditions} conditions hold',
  none_true: 'none of {conditions} conditions holds',
  several: '{branches} branches were tried',
} as const;

/** What was compared, from the values that a condition's evaluation left: such as “reply means yes (it was “Sure”)”. */
export function describeComparison(values: ReasonValues): string {
  const { field, op, expected, actual, because } = values;
  if (because === 'all_true' || because === 'none_true') return formatMessage(texts[because], values);
  if (typeof field !== 'string' || typeof op !== 'string' || !isOperator(op)) {
    return formatMessage(texts.several, values);
  }
  const label = findConditionField(field)?.label ?? field;
  const phrase = formatMessage(operators[op].phrase, { field: label.toLowerCase(), value: expected ?? '' });
  const shown = actual === null || actual === undefined ? texts.missing : `“${actual}”`;
  return formatMessage(texts.compared, { phrase, actual: shown });
}

function isOperator(op: string): op is keyof typeof operators {
  return Object.hasOwn(operators, op);
}
