import type { Problem } from '@signalbox/nodes/define/problems';
import { contentProblems, type KnownSnippet } from '@signalbox/nodes/templates/content-problems';
import { snippetsIn } from '@signalbox/nodes/templates/snippets';
import type { TemplateContent } from '@signalbox/nodes/templates/template-content';
import type { Scope } from '../db/work.ts';
import { findTexts } from '../versions/find-texts.ts';
import type { TemplateRow } from './store.ts';

/** What is wrong with what is being worked on of a template, with the snippets that it names as they stand. */
export async function readProblems(
  scope: Scope,
  { kind, content }: Pick<TemplateRow, 'kind' | 'content'>,
): Promise<Problem[]> {
  const whole = await findTexts(
    scope,
    content.texts.map(({ language, text, missing }) => ({ sought: { written: { text, missing } }, language })),
  );
  return contentProblems(kind, content, { snippets: await readSnippets(scope, content), whole });
}

async function readSnippets(
  { tx, workspaceId }: Scope,
  { texts }: TemplateContent,
): Promise<ReadonlyMap<string, KnownSnippet>> {
  const keys = [...new Set(texts.flatMap(({ text }) => snippetsIn(text).map(({ key }) => key)))];
  if (keys.length === 0) return new Map();
  const rows = await tx
    .selectFrom('message_templates')
    .select(['key', 'name', 'newest', 'archived_at'])
    .where('workspace_id', '=', workspaceId)
    .where('key', 'in', keys)
    .execute();
  return new Map(rows.map(({ key, archived_at, ...row }) => [key ?? '', { ...row, archived: archived_at !== null }]));
}
