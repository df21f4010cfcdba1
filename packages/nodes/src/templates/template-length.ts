import type { ConfigProblem } from '../define/define-node.ts';
import type { MessageText } from '../define/message-text.ts';
import type { LinkLook } from '../text/utm.ts';
import { withoutSnippets } from './snippets.ts';
import { TemplateError } from './template-error.ts';
import { unreadable } from './template-problems.ts';
import { measureSample, measureWorstCase, sampleData } from './template-sample.ts';
import { templateVariables } from './templates.ts';

/** Characters of a message, filled in. */
export const longestMessage = 1_600;

/**
 * Too long for everyone is an error; too long for someone with the longest names is a warning. Snippets that are still in the text count
 * nothing.
 */
export function lengthProblems(
  { text, missing }: MessageText,
  path: ReadonlyArray<string | number>,
  links: LinkLook | null,
): Array<ConfigProblem<'template_invalid' | 'message_too_long'>> {
  const source = withoutSnippets(text);
  try {
    const sample = measureSample(source, sampleData, links, missing).text.length;
    const worst = Math.max(sample, measureWorstCase(source, templateVariables(source), {}, links, missing).text.length);
    if (worst <= longestMessage) return [];
    const values = { characters: worst, limit: longestMessage };
    return [{ code: 'message_too_long', path, values, severity: sample > longestMessage ? 'error' : 'warning' }];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [unreadable(error, path)];
  }
}
