import { z } from 'zod';
import { next, type ReasonValues } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { conditionSchema } from '../../flow/conditions.ts';
import { describeComparison, describeTried } from '../../flow/describe-comparison.ts';
import { describeCondition } from '../../flow/describe-condition.ts';
import { evaluate } from '../../flow/evaluate-condition.ts';
import { validateCondition } from '../../flow/validate-condition.ts';
import { cutText, formatCount, formatMessage } from '../../text/format-message.ts';

const elseOutlet = 'else';

const config = z.object({
  branches: z
    .array(
      z.object({
        /** The outlet's id: stable when the label changes. */
        id: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,31}$/, { error: 'Small letters, digits and underscores, beginning with a letter' })
          .refine((id) => id !== elseOutlet, { error: 'This name is reserved for everyone else' }),
        label: z.string().trim().min(1).max(40),
        condition: conditionSchema.meta({ ui: { label: 'Condition', control: 'condition' } }),
      }),
    )
    .min(1)
    .max(20)
    .superRefine((branches, context) => {
      branches.forEach(({ id }, index) => {
        if (branches.findIndex((branch) => branch.id === id) < index) {
          context.addIssue({ code: 'custom', message: 'Two branches share this name', path: [index, 'id'] });
        }
      });
    })
    .meta({
      ui: {
        label: 'Branches',
        help: 'Checked from the top: people take the first branch that fits, or “Everyone else” if none does.',
        control: 'branches',
      },
    }),
});

/**
 * Sends people different ways. The first branch whose condition is true wins; the branches tried and the values compared are
 * kept with the decision.
 *
 * @example { branches: [{ id: 'yes', label: 'Said yes', condition: { field: 'reply.text', op: 'means_yes' } }] }
 */
export const branch = defineNode({
  type: 'branch',
  version: 1,
  title: 'Branch',
  group: 'logic',
  icon: 'split',
  docs: 'Sends people down different paths, depending on what you know about them or what they replied. The first branch that fits wins.',
  effect: 'none',
  config,
  summary: ({ branches }) => {
    const [first] = branches;
    if (first === undefined) return '';
    const condition = describeCondition(first.condition);
    return branches.length === 1
      ? formatMessage(summaries.single, { condition })
      : formatCount(branches.length - 1, summaries.more, { condition });
  },
  outlets: ({ branches }) => [
    ...branches.map(({ id, label }) => ({ id, label })),
    { id: elseOutlet, label: 'Everyone else' },
  ],
  reasons: {
    branch_matched: (values) => {
      const text = formatMessage('Took “{branch}”: {comparison}', {
        ...values,
        comparison: describeComparison(values),
      });
      const tried = describeTried(values);
      return tried === null ? text : formatMessage('{text}. Tried before that: {tried}', { text, tried });
    },
    no_branch_matched: (values) =>
      formatMessage('No branch fit: {comparison}', { comparison: describeTried(values) ?? describeComparison(values) }),
  },
  check: ({ branches }) =>
    branches.flatMap(({ condition }, index) =>
      validateCondition(condition).map((problem) => ({
        ...problem,
        path: ['branches', index, 'condition', ...problem.path],
      })),
    ),
  run: ({ config: { branches }, contact, event, now }) => {
    const tried: ReasonValues[] = [];
    for (const { id, label, condition } of branches) {
      const { result, reason } = evaluate(condition, { contact, event }, now);
      const values = { ...reason.values, because: reason.code, branch: label };
      if (result) return next(id, { code: 'branch_matched', values: { ...values, ...numbered(tried) } });
      tried.push(values);
    }
    const values = branches.length === 1 ? tried[0] : numbered(tried);
    return next(elseOutlet, { code: 'no_branch_matched', values: { ...values, branches: branches.length } });
  },
});

/** So many of the branches that did not fit are kept with their values, and so much of each value. */
const mostTried = 5;
const longestTried = 60;

/** What each branch that did not fit compared: `field_1`, `actual_1` and so on, as reasons hold plain values only. */
function numbered(tried: readonly ReasonValues[]): ReasonValues {
  const entries = tried.slice(0, mostTried).flatMap((values, index) =>
    Object.entries(values).map(([name, value]) => {
      const shortened = typeof value === 'string' ? cutText(value, longestTried) : value;
      return [`${name}_${index + 1}`, shortened] as const;
    }),
  );
  return Object.fromEntries(tried.length > mostTried ? [...entries, ['tried', tried.length] as const] : entries);
}

const summaries = {
  single: 'If {condition}',
  more: { one: 'If {condition}, or {count} more way', other: 'If {condition}, or {count} more ways' },
} as const;
