import type { ConfigProblem } from '../define/define-node.ts';
import { constantFailures } from './template-constants.ts';
import type { TemplateError, TemplateErrorCode } from './template-error.ts';
import { failureWithoutValues } from './template-sample.ts';
import { checkTemplate, isKnownVariable, templateVariables } from './templates.ts';

type SomeFail = 'template_no_result' | 'template_no_date' | 'template_no_words';
type TemplateProblem = ConfigProblem<'template_invalid' | 'template_unknown_variable' | SomeFail>;

/** What it is called where some would fail by it. */
const someFail: Readonly<Partial<Record<TemplateErrorCode, SomeFail>>> = {
  template_no_result: 'template_no_result',
  template_no_date: 'template_no_date',
  template_comparison: 'template_no_words',
};

/**
 * What is wrong with a template: that it cannot be read, or else places that fail for everybody, variables that nothing is known under,
 * and what would fail for people without a value.
 */
export function templateProblems(source: string, path: ReadonlyArray<string | number>): TemplateProblem[] {
  const error = checkTemplate(source);
  if (error !== null) return [unreadable(error, path)];
  const unknown = templateVariables(source)
    .filter((variable) => !isKnownVariable(variable))
    .map((variable): TemplateProblem => ({ code: 'template_unknown_variable', path, values: { variable } }));
  const failures = constantFailures(source);
  if (failures.length > 0) return [...failures.map((failure) => unreadable(failure, path)), ...unknown];
  const failure = failureWithoutValues(source);
  if (failure === null) return unknown;
  const code = someFail[failure.code];
  return [...unknown, code === undefined ? unreadable(failure, path) : { code, path }];
}

/** A template that nobody can be sent, with the reason. */
export function unreadable(
  { code, message, position }: TemplateError,
  path: ReadonlyArray<string | number>,
): ConfigProblem<'template_invalid'> {
  const { line, column } = position ?? { line: 1, column: 1 };
  return { code: 'template_invalid', path, values: { message, problem: code, line, column } };
}
