import type { z } from 'zod';
import { describeIssue } from './describe-issue.ts';

/** Where a value does not fit its schema, and what is needed there, as a sentence for people. */
export type Misfit = { readonly path: ReadonlyArray<string | number>; readonly message: string };

/** Everywhere that a value does not fit its schema; empty where it fits. */
export function misfits(schema: z.ZodType, value: unknown): Misfit[] {
  const parsed = schema.safeParse(value, { error: describeIssue });
  return parsed.success ? [] : parsed.error.issues.map(deepestIssue);
}

/** Of a union's alternatives, the one that got furthest says best what is wrong. */
function deepestIssue(issue: z.core.$ZodIssue): Misfit {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  if (issue.code === 'invalid_key') return { path, message: issue.issues[0]?.message ?? issue.message };
  if (issue.code !== 'invalid_union') return { path, message: issue.message };
  const inner = issue.errors.flat().map(deepestIssue);
  const deepest = inner.reduce((best, one) => (one.path.length > best.path.length ? one : best), {
    path: [],
    message: issue.message,
  });
  return deepest.path.length === 0
    ? { path, message: issue.message }
    : { path: [...path, ...deepest.path], message: deepest.message };
}
