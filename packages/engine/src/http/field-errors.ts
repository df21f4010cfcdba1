import { formatMessage } from '@signalbox/nodes/text/format-message';
import type { z } from 'zod';
import type { ProblemErrorEntry } from './problems.ts';
import { fieldTexts } from './texts.ts';

/** A field of a request that nothing here knows. */
export function unknownField(path: ReadonlyArray<string | number>, name: string): ProblemErrorEntry {
  return {
    path: [...path, name],
    code: 'field_unknown',
    message: formatMessage(fieldTexts.field_unknown, { name }),
  };
}

/** One of zod's findings as entries of a problem's `errors`: one, or one for each field that is not known. */
export function toEntries(issue: z.core.$ZodIssue): ProblemErrorEntry[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownField(path, name));
  if (issue.code === 'invalid_union') {
    // Of the forms that it can have, the one that fits but for fields too many is the one that was meant.
    const meant = issue.errors.find(
      (issues) => issues.length > 0 && issues.every(({ code }) => code === 'unrecognized_keys'),
    );
    if (meant !== undefined)
      return meant.flatMap((inner) => toEntries({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ path, code: issue.code ?? 'invalid', message: issue.message }];
}
