import { generalProblem, isGeneral } from '../define/problems.ts';
import { matchCompliance } from '../text/compliance-words.ts';
import { formatMessage } from '../text/format-message.ts';
import { foldText } from '../text/normalise.ts';
import { findConditionField, operatorFits, operators } from './condition-fields.ts';
import {
  type Comparison,
  type Condition,
  comparisons,
  type FactComparison,
  isFact,
  isMember,
  type ValueComparison,
} from './conditions.ts';
import { type FactField, factOperators, factOperatorsFor, findFactField } from './fact-fields.ts';
import { type SegmentProblemCode, segmentProblemTable } from './segment-problems.ts';

type Path = ReadonlyArray<string | number>;

/** A problem of a condition beyond its schema; `path` is relative to the condition. */
export type ConditionProblem<Code extends string = never> = {
  readonly code:
    | Code
    | 'condition_field_unknown'
    | 'condition_operator_unfit'
    | 'condition_range_reversed'
    | 'condition_value_empty'
    | 'condition_never_met'
    | 'condition_segment_only';
  readonly path: Path;
  readonly values: Readonly<Record<string, string>>;
};

/**
 * Finds unknown fields, those that a flow does not know, operators that do not fit their field, reversed ranges and operands of white
 * space only.
 */
export function validateCondition(condition: Condition): ConditionProblem[] {
  return comparisons(condition).flatMap(({ comparison, path }) =>
    isFact(comparison) || findConditionField(comparison.field)?.place === 'segment'
      ? [{ code: 'condition_segment_only', path: [...path, 'field'], values: { field: comparison.field } }]
      : comparisonProblems(comparison, path),
  );
}

/** As `validateCondition`, for a segment: it knows what people belong to and did, and nothing of a reply or an event. */
export function validateSegmentCondition(condition: Condition): Array<ConditionProblem<SegmentProblemCode>> {
  return comparisons(condition).flatMap(({ comparison, path }) => segmentProblems(comparison, path));
}

/** What is wrong with a segment's condition, in English. */
export function segmentProblemTitle({ code, path, values }: ConditionProblem<SegmentProblemCode>): string {
  return isGeneral(code)
    ? generalProblem(code, { path, values }).title
    : formatMessage(segmentProblemTable[code].title, values);
}

function segmentProblems(comparison: Comparison, path: Path): Array<ConditionProblem<SegmentProblemCode>> {
  const { field } = comparison;
  const at = { path: [...path, 'field'], values: { field } };
  if (!isFact(comparison))
    return findConditionField(field)?.place === 'flow'
      ? [{ code: 'condition_flow_only', ...at }]
      : comparisonProblems(comparison, path);
  const fact = findFactField(field);
  return fact === null ? [{ code: 'condition_field_unknown', ...at }] : factProblems(comparison, fact, path);
}

function factProblems(
  comparison: FactComparison,
  fact: FactField,
  path: Path,
): Array<ConditionProblem<SegmentProblemCode>> {
  const { field, op } = comparison;
  const values = { field, operator: factOperators[op].label };
  if (!factOperatorsFor(fact).includes(op))
    return [{ code: 'condition_operator_unfit', path: [...path, 'op'], values }];
  if (isMember(comparison)) {
    const fits = fact.kind === 'set' && comparison.value.startsWith(`${fact.prefix}_`);
    return fits ? [] : [{ code: 'condition_value_unfit', path: [...path, 'value'], values }];
  }
  if (fact.kind === 'set') return [];
  const { flow, where = [] } = comparison;
  const problems: Array<ConditionProblem<SegmentProblemCode>> = [];
  if (flow !== undefined && !(fact.byFlow && flow.startsWith('flw_')))
    problems.push({ code: 'condition_flow_unfit', path: [...path, 'flow'], values });
  where.forEach((each, index) => {
    const place = [...path, 'where', index];
    if (!fact.data || !each.field.startsWith('event.data.'))
      problems.push({
        code: 'condition_data_unfit',
        path: [...place, 'field'],
        values: { ...values, data: each.field },
      });
    else problems.push(...comparisonProblems(each, place));
  });
  return problems;
}

function comparisonProblems(comparison: ValueComparison, path: Path): ConditionProblem[] {
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
function neverReceived(comparison: ValueComparison): string | undefined {
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
