import type { ConfigProblem } from '../define/define-node.ts';
import { TemplateError } from './template-error.ts';
import { failsWithoutValues } from './template-sample.ts';

/** A calculation that has no result for people without a value, as a warning: they would fail at this step. */
export function calculationProblems(source: string, path: ReadonlyArray<string | number>): ConfigProblem[] {
  try {
    return failsWithoutValues(source) ? [{ code: 'template_no_result', path, severity: 'warning' }] : [];
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}
