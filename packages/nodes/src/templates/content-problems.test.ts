import { expect, it } from 'vitest';
import { contentProblems } from './content-problems.ts';

const known = (newest: number | null, archived = false) => new Map([['bye', { name: 'Goodbye', newest, archived }]]);
const problemsOf = (text: string, snippets = known(1), kind: 'template' | 'snippet' = 'template', whole = text) => {
  const content = { default_language: 'en', texts: [{ language: 'en', text, missing: [] }] };
  return contentProblems(kind, content, { snippets, whole: [{ text: whole, missing: [] }] });
};

it.each([
  [' ', known(1), 'template', 'template_text_empty', 'error'],
  ['{{ snippet.none }}', known(1), 'template', 'snippet_gone', 'error'],
  ['{{ snippet.bye }}', known(null), 'template', 'template_unpublished', 'error'],
  ['{{ snippet.bye.v2 }}', known(1), 'template', 'template_version_gone', 'error'],
  ['{{ snippet.bye }}', known(1, true), 'template', 'template_archived', 'warning'],
  ['{{ snippet.bye }}', known(1), 'snippet', 'snippet_in_snippet', 'error'],
  ['{{ contact.first_name', known(1), 'template', 'template_invalid', 'error'],
] as const)('%s has the problem %4$s', (text, snippets, kind, code, severity) => {
  const found = problemsOf(text, snippets, kind);
  expect(found.map((problem) => [problem.code, problem.severity, problem.path])).toEqual([
    [code, severity, ['texts', 0, 'text']],
  ]);
  for (const { title, fix } of found) expect(`${title} ${fix}`).not.toMatch(/\{\w+\}|undefined/);
});

it('measures a text with its snippets in it', () => {
  expect(problemsOf('{{ snippet.bye }}', known(1), 'template', 'x'.repeat(1_601)).map(({ code }) => code)).toEqual([
    'message_too_long',
  ]);
  expect(problemsOf('Hi {{ snippet.bye }}')).toEqual([]);
});
