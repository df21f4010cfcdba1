import type { MessageText, SnippetRef } from '../define/message-text.ts';
import { TemplateError } from './template-error.ts';

/** What a snippet is named by in a text: `sign_off`. */
export const snippetKey = /^[a-z][a-z0-9_]{0,39}$/;

/** `{{ snippet.sign_off }}`, and `{{ snippet.sign_off.v3 }}` for its third version. */
const placeholder = /\{\{-?\s*snippet\.([a-z][a-z0-9_]{0,39})(?:\.v([1-9]\d{0,5}))?\s*-?\}\}/g;

/** The snippets that a text names, each once. */
export function snippetsIn(source: string): SnippetRef[] {
  const found = new Map<string, SnippetRef>();
  for (const [, key = '', version] of source.matchAll(placeholder))
    found.set(`${key} ${version ?? ''}`, { key, version: version === undefined ? null : Number(version) });
  return [...found.values()];
}

/** A text with nothing where its snippets are, everything else in its place: what is said of it holds of the text as it is written. */
export function withoutSnippets(source: string): string {
  return source.replace(placeholder, (whole) => ' '.repeat(whole.length));
}

/** How a snippet stands in a text. */
export function snippetText({ key, version }: SnippetRef): string {
  return version === null ? `{{ snippet.${key} }}` : `{{ snippet.${key}.v${version} }}`;
}

/**
 * A text with the texts of its snippets in their places. What a snippet does where something is not known holds where the text itself says
 * nothing of it. Snippets name no snippets.
 *
 * @throws TemplateError `template_unknown_snippet` for one that there is not.
 */
export function withSnippets(whole: MessageText, find: (ref: SnippetRef) => MessageText | null): MessageText {
  const missing = [...whole.missing];
  const text = whole.text.replace(placeholder, (_all, key: string, version: string | undefined) => {
    const found = find({ key, version: version === undefined ? null : Number(version) });
    if (found === null) throw new TemplateError('template_unknown_snippet', null);
    for (const policy of found.missing)
      if (!missing.some(({ variable }) => variable === policy.variable)) missing.push(policy);
    return found.text;
  });
  return { text, missing };
}
