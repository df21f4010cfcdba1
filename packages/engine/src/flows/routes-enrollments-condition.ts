import { generalProblem } from '@signalbox/nodes/define/problems';
import { comparisons, conditionSchema } from '@signalbox/nodes/flow/conditions';

import { describeIssue } from '@signalbox/nodes/flow/describe-issue';
import { validateCondition } from '@signalbox/nodes/flow/validate-condition';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { z } from 'zod';
import { fieldProblem } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';

/**
 * The condition to store; null for everyone.
 *
 * @throws ProblemError `validation_failed` at the place that does not fit.
 */
export function readCondition(input: unknown): unknown {
  const everyone = z.strictObject({ all: z.tuple([]) }).safeParse(input);
  if (everyone.success) return null;
  const parsed = conditionSchema.safeParse(input, { error: describeIssue });
  if (!parsed.success) {
    const { path, message } = deepest(parsed.error.issues);
    throw refusal(path, message);
  }
  const [problem] = validateCondition(parsed.data);
  if (problem !== undefined) throw refusal(problem.path, generalProblem(problem.code, problem).title);
  const outside = comparisons(parsed.data).find(({ comparison }) => !comparison.field.startsWith('contact.'));
  if (outside !== undefined)
    throw fieldProblem(
      ['condition', ...outside.path, 'field'],
      'condition_field_unfit',
      fieldTexts.condition_field_unfit,
    );
  return parsed.data;
}

type Found = { readonly path: ReadonlyArray<string | number>; readonly message: string };

function refusal(path: ReadonlyArray<string | number>, message: string) {
  return fieldProblem(
    ['condition', ...path],
    'condition_invalid',
    formatMessage(fieldTexts.condition_invalid, { message }),
  );
}

/** The finding furthest inside: of the forms a condition can have, the one that was meant got furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): Found {
  return issues.flatMap(flatten).reduce((best, found) => (found.path.length > best.path.length ? found : best), {
    path: [],
    message: issues[0]?.message ?? '',
  });
}

function flatten(issue: z.core.$ZodIssue): Found[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ path, message: issue.message }];
  const inner = deepest(issue.errors.flat());
  return [{ path: [...path, ...inner.path], message: inner.message }];
}
