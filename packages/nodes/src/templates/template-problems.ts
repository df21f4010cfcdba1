import type { ConfigProblem } from '../define/define-node.ts';
import type { MessageText, MissingValue } from '../define/message-text.ts';
import { missableVariables } from './fill-in.ts';
import { snippetsIn, withoutSnippets } from './snippets.ts';
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
export function templateProblems(
  written: string,
  path: ReadonlyArray<string | number>,
  missing: readonly MissingValue[] = [],
): TemplateProblem[] {
  const source = withoutSnippets(written);
  const error = checkTemplate(source);
  if (error !== null) return [unreadable(error, path)];
  const unknown = templateVariables(source)
    .filter((variable) => !isKnownVariable(variable))
    .map((variable): TemplateProblem => ({ code: 'template_unknown_variable', path, values: { variable } }));
  const failures = constantFailures(source);
  if (failures.length > 0) return [...failures.map((failure) => unreadable(failure, path)), ...unknown];
  const failure = failureWithoutValues({ text: source, missing });
  if (failure === null) return unknown;
  const code = someFail[failure.code];
  return [...unknown, code === undefined ? unreadable(failure, path) : { code, path }];
}

/** What is wrong with a text and with what it does where something is not known. */
export function messageProblems(
  { text, missing }: MessageText,
  paths: Readonly<Record<'text' | 'missing', ReadonlyArray<string | number>>>,
): Array<TemplateProblem | ConfigProblem<'missing_not_named'>> {
  const problems = templateProblems(text, paths.text, missing);
  if (problems.some(({ code }) => code === 'template_invalid') || snippetsIn(text).length > 0) return problems;
  const named = missableVariables(text);
  return [
    ...problems,
    ...missing.flatMap(({ variable }, index) =>
      named.includes(variable)
        ? []
        : [{ code: 'missing_not_named' as const, path: [...paths.missing, index], values: { variable } }],
    ),
  ];
}

/** A template that nobody can be sent, with the reason. */
export function unreadable(
  { code, message, position }: TemplateError,
  path: ReadonlyArray<string | number>,
): ConfigProblem<'template_invalid'> {
  const { line, column } = position ?? { line: 1, column: 1 };
  return { code: 'template_invalid', path, values: { message, problem: code, line, column } };
}
