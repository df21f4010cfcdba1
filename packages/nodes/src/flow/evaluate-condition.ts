import type { Reason } from '../define/decision.ts';
import { cutText } from '../text/format-message.ts';
import { foldText } from '../text/normalise.ts';
import { replyMeaning } from '../text/yes-no.ts';
import {
  asBoolean,
  asInstant,
  asNumber,
  asText,
  type ConditionRecord,
  comparableTexts,
  type FieldValue,
  isList,
  readData,
  readField,
  searchedTexts,
} from './condition-values.ts';
import {
  type Condition,
  type FactComparison,
  type HappeningComparison,
  isFact,
  isMember,
  type ValueComparison,
} from './conditions.ts';
import { isIn, tally } from './tally.ts';

const dayMs = 86_400_000;
/** Compared values are stored with the decision, cut to this many characters. */
const longestValue = 160;
/** Of a group, so many comparisons are kept, and so much of each of their values. */
const mostParts = 4;
const longestOfPart = 60;

export type Evaluation = {
  readonly result: boolean;
  /**
   * What decided: `comparison_true` or `comparison_false` with field, operator, expected and actual value; where no single one
   * decided, `all_true` or `none_true` with the number of conditions and the first comparisons behind them (`c1_field`, `c1_op`, …;
   * `more` counts the rest).
   */
  readonly reason: Reason;
};

/**
 * Evaluates a condition. The logic has two values. A comparison with a missing value is false and its `not_` forms
 * (`is_not`, `not_contains`, `is_not_one_of`, `!=`, `is_not_set`) are true; a value that cannot be read as the operator's
 * kind counts as missing. `between` includes both ends, `before` and `after` are strict, `within_last_days` of n means
 * now − n × 24 h ≤ value ≤ now, `more_than_days_ago` value < now − n × 24 h. A text comparison with a list is true where it is for
 * one of its items. What is asked of facts goes by those that the record has; where none were read, somebody belongs to nothing and
 * nothing happened to them.
 */
export function evaluate(condition: Condition, record: ConditionRecord, now: Date): Evaluation {
  const { result, reason } = decide(condition, record, now);
  return { result, reason };
}

/** A comparison that a group went by; `not` where it stands the other way round in it. */
type Part = { readonly values: NonNullable<Reason['values']>; readonly not: boolean };

function decide(
  condition: Condition,
  record: ConditionRecord,
  now: Date,
): Evaluation & { readonly parts: readonly Part[] } {
  if ('op' in condition) {
    const { result, values } = isFact(condition) ? ask(condition, record, now) : compareField(condition, record, now);
    return {
      result,
      reason: { code: result ? 'comparison_true' : 'comparison_false', values },
      parts: [{ values, not: false }],
    };
  }
  if ('not' in condition) {
    const { result, reason, parts } = decide(condition.not, record, now);
    return { result: !result, reason, parts: parts.map((part) => ({ ...part, not: !part.not })) };
  }
  // The first child with the deciding result decides: a false one in `all`, a true one in `any`.
  const children = 'all' in condition ? condition.all : condition.any;
  const deciding = 'any' in condition;
  const parts: Part[] = [];
  for (const child of children) {
    const evaluation = decide(child, record, now);
    if (evaluation.result === deciding) return evaluation;
    if (children.length === 1) return evaluation;
    parts.push(...evaluation.parts);
  }
  return {
    result: !deciding,
    reason: { code: deciding ? 'none_true' : 'all_true', values: { conditions: children.length, ...listed(parts) } },
    parts,
  };
}

type Compared = { readonly result: boolean; readonly values: NonNullable<Reason['values']> };

function compareField(comparison: ValueComparison, record: ConditionRecord, now: Date): Compared {
  const value = readField(record, comparison.field);
  return { result: compare(comparison, value, now), values: compared(comparison, value) };
}

/** Goes by what somebody belongs to, or by what happened to them. */
function ask(comparison: FactComparison, record: ConditionRecord, now: Date): Compared {
  const { field, op } = comparison;
  if (isMember(comparison)) {
    const actual = isIn(record.facts, comparison);
    return { result: actual === (op === 'includes'), values: { field, op, expected: comparison.value, actual } };
  }
  const holds = (where: ValueComparison, data: Readonly<Record<string, FieldValue>>) =>
    compare(where, readData(data, where.field), now);
  const { count, sum } = tally(record.facts, comparison, now, holds);
  const actual = op === 'sum_at_least' || op === 'sum_at_most' ? sum : count;
  const expected = 'value' in comparison ? { expected: comparison.value } : {};
  return { result: reaches(comparison, actual), values: { field, op, ...expected, actual } };
}

function reaches(comparison: HappeningComparison, actual: number): boolean {
  switch (comparison.op) {
    case 'happened':
      return actual > 0;
    case 'never_happened':
      return actual === 0;
    case 'count_at_least':
    case 'sum_at_least':
      return actual >= comparison.value;
    case 'count_at_most':
    case 'sum_at_most':
      return actual <= comparison.value;
  }
}

/** The first comparisons of a group as plain values; a value that several in a row were compared with is kept once. */
function listed(parts: readonly Part[]): NonNullable<Reason['values']> {
  const entries = parts.slice(0, mostParts).flatMap(({ values, not }, index) => {
    const { actual, ...rest } = values;
    const known = parts[index - 1]?.values.field === values.field;
    const own = { ...rest, ...(known ? {} : { actual: actual ?? null }), ...(not ? { not } : {}) };
    return Object.entries(own).map(([name, value]) => {
      const shortened = typeof value === 'string' && name !== 'field' ? cutText(value, longestOfPart) : value;
      return [`c${index + 1}_${name}`, shortened] as const;
    });
  });
  return Object.fromEntries(
    parts.length > mostParts ? [...entries, ['more', parts.length - mostParts] as const] : entries,
  );
}

function compare(comparison: ValueComparison, value: FieldValue, now: Date): boolean {
  switch (comparison.op) {
    case 'is':
      return textIs(value, comparison.value);
    case 'is_not':
      return !textIs(value, comparison.value);
    case 'contains':
      return textSearch(value, comparison.value, (text, operand) => text.includes(operand));
    case 'not_contains':
      return !textSearch(value, comparison.value, (text, operand) => text.includes(operand));
    case 'starts_with':
      return textSearch(value, comparison.value, (text, operand) => text.startsWith(operand));
    case 'ends_with':
      return textSearch(value, comparison.value, (text, operand) => text.endsWith(operand));
    case 'is_one_of':
      return comparison.value.some((operand) => textIs(value, operand));
    case 'is_not_one_of':
      return !comparison.value.some((operand) => textIs(value, operand));
    case 'means_yes':
      return replyMeaning(asText(value) ?? '') === 'yes';
    case 'means_no':
      return replyMeaning(asText(value) ?? '') === 'no';
    case '=':
      return asNumber(value) === comparison.value;
    case '!=':
      return asNumber(value) !== comparison.value;
    case '<':
      return numberTest(value, (number) => number < comparison.value);
    case '<=':
      return numberTest(value, (number) => number <= comparison.value);
    case '>':
      return numberTest(value, (number) => number > comparison.value);
    case '>=':
      return numberTest(value, (number) => number >= comparison.value);
    case 'between':
      return numberTest(value, (number) => number >= comparison.value[0] && number <= comparison.value[1]);
    case 'before':
      return dateTest(value, (instant) => instant < Date.parse(comparison.value));
    case 'after':
      return dateTest(value, (instant) => instant > Date.parse(comparison.value));
    case 'within_last_days':
      return dateTest(
        value,
        (instant) => instant >= now.getTime() - comparison.value * dayMs && instant <= now.getTime(),
      );
    case 'more_than_days_ago':
      return dateTest(value, (instant) => instant < now.getTime() - comparison.value * dayMs);
    case 'is_true':
      return asBoolean(value) === true;
    case 'is_false':
      return asBoolean(value) === false;
    case 'is_set':
      return asText(value) !== null;
    case 'is_not_set':
      return asText(value) === null;
  }
}

function textIs(value: FieldValue, operand: string): boolean {
  if (isList(value)) return value.some((item) => textIs(item, operand));
  const text = asText(value);
  if (text === null || foldText(operand) === '') return false;
  const sides = comparableTexts(text, operand);
  return sides.value === sides.operand;
}

function textSearch(value: FieldValue, operand: string, test: (text: string, operand: string) => boolean): boolean {
  if (isList(value)) return value.some((item) => textSearch(item, operand, test));
  const text = asText(value);
  if (text === null || foldText(operand) === '') return false;
  const sides = searchedTexts(text, operand);
  return sides.values.some((side) => test(side, sides.operand));
}

function numberTest(value: FieldValue, test: (number: number) => boolean): boolean {
  const number = asNumber(value);
  return number !== null && test(number);
}

function dateTest(value: FieldValue, test: (instant: number) => boolean): boolean {
  const instant = asInstant(value);
  return instant !== null && test(instant);
}

function compared(comparison: ValueComparison, value: FieldValue): NonNullable<Reason['values']> {
  const actual = value instanceof Date ? value.toISOString() : isList(value) ? value.join(', ') : value;
  const expected = 'value' in comparison ? { expected: shown(comparison.value) } : {};
  return {
    field: comparison.field,
    op: comparison.op,
    ...expected,
    actual: typeof actual === 'string' ? cutText(actual, longestValue) : actual,
  };
}

function shown(value: string | number | readonly string[] | readonly [number, number]): string | number {
  if (typeof value === 'number') return value;
  return cutText(typeof value === 'string' ? value : value.join(', '), longestValue);
}
