import { z } from 'zod';
import { attributeName } from '../define/attribute-name.ts';

/**
 * The condition language, used by branches, segments and report filters. A condition is plain JSON: a comparison, or
 * `all` / `any` / `not` over conditions. The operator says how values are read, so a contact's own attribute is text for
 * `is`, a number for `=`, a date for `before`. The exact semantics stand in `condition-values.ts` and
 * `evaluate-condition.ts`.
 *
 * @example { all: [{ field: 'reply.text', op: 'means_yes' }, { field: 'contact.attributes.points', op: '>=', value: 100 }] }
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

/** How deep groups may stand in each other, a lone comparison being 1. */
export const maxConditionDepth = 6;
/** How many comparisons and groups a condition may hold. */
export const maxConditionSize = 100;

const field = z.string().min(1).max(100);
const text = z.string().min(1).max(200);
const number = z.number().min(-1e12).max(1e12);
const days = z.int().min(1).max(3_660);
/** An instant with offset, or a day, which counts as its midnight in UTC. */
const date = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** What is compared with the value of a field. */
const valueForms = [
  z.strictObject({
    field,
    op: z.enum(['is', 'is_not', 'contains', 'not_contains', 'starts_with', 'ends_with']),
    value: text,
  }),
  z.strictObject({
    field,
    op: z.enum(['is_one_of', 'is_not_one_of']),
    value: z.array(text).min(1).max(100),
  }),
  z.strictObject({ field, op: z.enum(['means_yes', 'means_no']) }),
  z.strictObject({ field, op: z.enum(['=', '!=', '<', '<=', '>', '>=']), value: number }),
  z.strictObject({ field, op: z.literal('between'), value: z.tuple([number, number]) }),
  z.strictObject({ field, op: z.enum(['before', 'after']), value: date }),
  z.strictObject({ field, op: z.enum(['within_last_days', 'more_than_days_ago']), value: days }),
  z.strictObject({ field, op: z.enum(['is_true', 'is_false']) }),
  z.strictObject({ field, op: z.enum(['is_set', 'is_not_set']) }),
] as const;
const valueComparisonSchema = z.discriminatedUnion('op', valueForms).meta({ id: 'ConditionValueComparison' });

/** Of what happened to somebody: since when, by which flow, and with which data (`event.data.<key>`); all of these have to fit. */
const happenings = {
  within_days: days.optional(),
  flow: z.string().max(40).optional(),
  where: z.array(valueComparisonSchema).min(1).max(5).optional(),
};

/** What is asked about what somebody belongs to, by an id of the API. */
const memberForm = z.strictObject({
  field,
  op: z.enum(['includes', 'not_includes']),
  value: z.string().min(1).max(40),
});

/** What is asked about what happened to somebody. */
const happeningForms = [
  z.strictObject({ field, op: z.enum(['happened', 'never_happened']), ...happenings }),
  z.strictObject({
    field,
    op: z.enum(['count_at_least', 'count_at_most']),
    value: z.int().min(1).max(1_000_000),
    ...happenings,
  }),
  z.strictObject({
    field,
    op: z.enum(['sum_at_least', 'sum_at_most']),
    of: z.string().regex(attributeName),
    value: number,
    ...happenings,
  }),
] as const;
const happeningComparisonSchema = z.discriminatedUnion('op', happeningForms);

const comparisonSchema = z
  .discriminatedUnion('op', [valueComparisonSchema, memberForm, ...happeningForms])
  .meta({ id: 'ConditionComparison' });

/** A comparison of a field's value. */
export type ValueComparison = z.infer<typeof valueComparisonSchema>;
/** A comparison that goes by what somebody belongs to. */
export type MemberComparison = z.infer<typeof memberForm>;
/** A comparison that goes by what happened to somebody. */
export type HappeningComparison = z.infer<typeof happeningComparisonSchema>;
export type FactComparison = MemberComparison | HappeningComparison;
export type Comparison = ValueComparison | FactComparison;
export type Operator = ValueComparison['op'];
export type FactOperator = FactComparison['op'];

/** Whether a comparison goes by what somebody belongs to. */
export function isMember(comparison: Comparison): comparison is MemberComparison {
  return comparison.op === 'includes' || comparison.op === 'not_includes';
}

const happeningOperators: ReadonlySet<string> = new Set<HappeningComparison['op']>([
  'happened',
  'never_happened',
  'count_at_least',
  'count_at_most',
  'sum_at_least',
  'sum_at_most',
]);

/** Whether a comparison goes by what happened to somebody. */
export function isHappening(comparison: Comparison): comparison is HappeningComparison {
  return happeningOperators.has(comparison.op);
}

/** Whether a comparison goes by more than the value of a field. */
export function isFact(comparison: Comparison): comparison is FactComparison {
  return isMember(comparison) || isHappening(comparison);
}

/** Levels stand in each other without recursion, so input of any depth is refused in bounded time. */
function level(depth: number): z.ZodType<Condition, Condition> {
  if (depth === 1) return comparisonSchema;
  const inner = level(depth - 1);
  const group = z.array(inner).min(1).max(20);
  return z
    .union([
      comparisonSchema,
      z.strictObject({ all: group }),
      z.strictObject({ any: group }),
      z.strictObject({ not: inner }),
    ])
    .meta({ id: `ConditionDepth${depth}` });
}

export const conditionSchema: z.ZodType<Condition, Condition> = level(maxConditionDepth).refine(
  (condition) => conditionSize(condition) <= maxConditionSize,
  { error: `At most ${maxConditionSize} comparisons and groups` },
);

/** The conditions directly inside a group, or none for a comparison. */
export function childConditions(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all;
  if ('any' in condition) return condition.any;
  return 'not' in condition ? [condition.not] : [];
}

/** All comparisons of a condition with their paths, in reading order. */
export function comparisons(
  condition: Condition,
  path: ReadonlyArray<string | number> = [],
): Array<{ readonly comparison: Comparison; readonly path: ReadonlyArray<string | number> }> {
  if ('op' in condition) return [{ comparison: condition, path }];
  if ('not' in condition) return comparisons(condition.not, [...path, 'not']);
  const key = 'all' in condition ? 'all' : 'any';
  return childConditions(condition).flatMap((child, index) => comparisons(child, [...path, key, index]));
}

/** The fields that a condition reads, sorted, without repetition. */
export function conditionFields(condition: Condition): string[] {
  return [...new Set(comparisons(condition).map(({ comparison }) => comparison.field))].sort();
}

function conditionSize(condition: Condition): number {
  return childConditions(condition).reduce((size, child) => size + conditionSize(child), 1);
}
