import type { ConfigProblem } from '@signalbox/nodes/define/define-node';
import { type GeneralProblemCode, nodeProblem, type Problem, type ProblemText } from '@signalbox/nodes/define/problems';
import { snippetsIn } from '@signalbox/nodes/templates/snippets';
import type { TemplateContent } from '@signalbox/nodes/templates/template-content';
import { lengthProblems } from '@signalbox/nodes/templates/template-length';
import { messageProblems } from '@signalbox/nodes/templates/template-problems';
import type { Scope } from '../db/work.ts';
import { findTexts } from '../versions/find-texts.ts';
import type { TemplateRow } from './store.ts';

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

/** What is wrong with the texts of a template, by their places in it; of a text with snippets the length is that of the whole. */
export async function contentProblems(
  scope: Scope,
  { kind, content }: Pick<TemplateRow, 'kind' | 'content'>,
): Promise<Problem[]> {
  const snippets = await readSnippets(scope, content);
  const found = await Promise.all(
    content.texts.map(async ({ language, text, missing }, index): Promise<Found[]> => {
      const path = ['texts', index, 'text'];
      if (text.trim() === '') return [{ code: 'template_text_empty', path, values: { language } }];
      const written = messageProblems({ text, missing }, { text: path, missing: ['texts', index, 'missing'] });
      const refs = snippetsIn(text);
      if (kind === 'snippet' && refs.length > 0) return [...written, { code: 'snippet_in_snippet', path }];
      const faulty = refs.flatMap(({ key, version }) => snippetProblem(snippets.get(key), { key, version }, path));
      if (faulty.length > 0 || written.some(({ code }) => code === 'template_invalid')) return [...written, ...faulty];
      const [whole] =
        refs.length === 0
          ? [{ text, missing }]
          : await findTexts(scope, [{ sought: { written: { text, missing } }, language }]);
      return [...written, ...lengthProblems(whole ?? { text, missing }, path, null)];
    }),
  );
  return found.flat().map(({ code, ...at }) => nodeProblem({ problems }, code, at));
}

type Snippet = { readonly name: string; readonly newest: number | null; readonly archived_at: Date | null };

function snippetProblem(
  snippet: Snippet | undefined,
  { key, version }: { readonly key: string; readonly version: number | null },
  path: ReadonlyArray<string | number>,
): Found[] {
  if (snippet === undefined) return [{ code: 'snippet_gone', path, values: { key } }];
  const { name, newest, archived_at } = snippet;
  if (newest === null) return [{ code: 'template_unpublished', path, values: { name } }];
  if (version !== null && version > newest) return [{ code: 'template_version_gone', path, values: { name, version } }];
  // Whoever publishes a text says it anew: an archived snippet is none to begin with.
  return archived_at === null ? [] : [{ code: 'template_archived', path, values: { name }, severity: 'warning' }];
}

async function readSnippets(
  { tx, workspaceId }: Scope,
  { texts }: TemplateContent,
): Promise<ReadonlyMap<string, Snippet>> {
  const keys = [...new Set(texts.flatMap(({ text }) => snippetsIn(text).map(({ key }) => key)))];
  if (keys.length === 0) return new Map();
  const rows = await tx
    .selectFrom('message_templates')
    .select(['key', 'name', 'newest', 'archived_at'])
    .where('workspace_id', '=', workspaceId)
    .where('key', 'in', keys)
    .execute();
  return new Map(rows.map((row) => [row.key ?? '', row]));
}
