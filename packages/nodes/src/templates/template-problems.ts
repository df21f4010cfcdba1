import type { ConfigProblem } from '../define/define-node.ts';
import { TemplateError } from './template-error.ts';
import { failsWithoutValues } from './template-sample.ts';
import { checkTemplate, isKnownVariable, templateVariables } from './templates.ts';

type TemplateProblem = ConfigProblem<'template_invalid' | 'template_unknown_variable' | 'template_no_result'>;

/**
 * What is wrong with a template: that it cannot be read, or else variables that nothing is known under, and calculations that have no
 * result for people without a value, who would fail at this step.
 */
export function templateProblems(source: string, path: ReadonlyArray<string | number>): TemplateProblem[] {
  const error = checkTemplate(source);
  if (error !== null) return [unreadable(error, path)];
  const unknown = templateVariables(source)
    .filter((variable) => !isKnownVariable(variable))
    .map((variable): TemplateProblem => ({ code: 'template_unknown_variable', path, values: { variable } }));
  return [...unknown, ...calculationProblems(source, path)];
}

/** A template that cannot be read, with the reason. */
export function unreadable(
  { code, message, position }: TemplateError,
  path: ReadonlyArray<string | number>,
): ConfigProblem<'template_invalid'> {
  const { line, column } = position ?? { line: 1, column: 1 };
  return { code: 'template_invalid', path, values: { message, problem: code, line, column } };
}

function calculationProblems(source: string, path: ReadonlyArray<string | number>): TemplateProblem[] {
  try {
    return failsWithoutValues(source) ? [{ code: 'template_no_result', path }] : [];
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}
