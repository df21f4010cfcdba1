import type { ConfigProblem } from '../define/define-node.ts';
import type { MessageText, SnippetRef } from '../define/message-text.ts';
import { type GeneralProblemCode, nodeProblem, type Problem, type ProblemText } from '../define/problems.ts';
import { snippetsIn } from './snippets.ts';
import type { TemplateContent } from './template-content.ts';
import { lengthProblems } from './template-length.ts';
import { messageProblems } from './template-problems.ts';

/** Problems that templates alone have; the others are those of every text. */
const problems = {
  template_text_empty: {
    severity: 'error',
    title: 'There is no text in the language {language}',
    fix: 'Write the text, or take the language out.',
  },
  snippet_in_snippet: {
    severity: 'error',
    title: 'A snippet stands in a snippet',
    fix: 'Write its words here: snippets stand in messages alone.',
  },
} as const satisfies Record<string, ProblemText>;

type Found = ConfigProblem<GeneralProblemCode | keyof typeof problems>;

/** A snippet that texts may name. */
export type KnownSnippet = { readonly name: string; readonly newest: number | null; readonly archived: boolean };

/** What is known of the world around a template. */
export type AroundTemplate = {
  /** The snippets that there are, by their keys. */
  readonly snippets: ReadonlyMap<string, KnownSnippet>;
  /** Its texts with their snippets in their places, in their order; null where one is missing. */
  readonly whole: ReadonlyArray<MessageText | null>;
};

/** What is wrong with the texts of a template, by their places in it; of a text with snippets the length is that of the whole. */
export function contentProblems(
  kind: 'template' | 'snippet',
  { texts }: TemplateContent,
  { snippets, whole }: AroundTemplate,
): Problem[] {
  const found = texts.flatMap(({ language, text, missing }, index): Found[] => {
    const path = ['texts', index, 'text'];
    if (text.trim() === '') return [{ code: 'template_text_empty', path, values: { language } }];
    const written = messageProblems({ text, missing }, { text: path, missing: ['texts', index, 'missing'] });
    const refs = snippetsIn(text);
    if (kind === 'snippet' && refs.length > 0) return [...written, { code: 'snippet_in_snippet', path }];
    const faulty = refs.flatMap((ref) => snippetProblem(snippets.get(ref.key), ref, path));
    if (faulty.length > 0 || written.some(({ code }) => code === 'template_invalid')) return [...written, ...faulty];
    return [...written, ...lengthProblems(whole[index] ?? { text, missing }, path, null)];
  });
  return found.map(({ code, ...at }) => nodeProblem({ problems }, code, at));
}

function snippetProblem(
  snippet: KnownSnippet | undefined,
  { key, version }: SnippetRef,
  path: ReadonlyArray<string | number>,
): Found[] {
  if (snippet === undefined) return [{ code: 'snippet_gone', path, values: { key } }];
  const { name, newest, archived } = snippet;
  if (newest === null) return [{ code: 'template_unpublished', path, values: { name } }];
  if (version !== null && version > newest) return [{ code: 'template_version_gone', path, values: { name, version } }];
  // It goes on where it is: a text that is published again says so, and is not kept back by it.
  return archived ? [{ code: 'template_archived', path, values: { name }, severity: 'warning' }] : [];
}
