import type { z } from '@hono/zod-openapi';
import { textInLanguage } from '@signalbox/nodes/templates/template-content';
import { writeTopic } from '../db/feed.ts';
import type { Scope, Work } from '../db/work.ts';
import { changedDocument } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import type { Template, TemplateEntry, templateSchema } from './contract.ts';
import { readProblems } from './read-problems.ts';
import { readTemplate, type TemplateRow } from './store.ts';

function showFields(row: TemplateRow) {
  return {
    id: shown('template', row.id),
    kind: row.kind,
    key: row.key,
    name: row.name,
    newest: row.newest,
    changed: row.changed,
    archived: row.archived_at !== null,
    revision: row.revision,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** A template as lists have it. */
export function showEntry(row: TemplateRow): TemplateEntry {
  const { content } = row;
  return {
    ...showFields(row),
    languages: content.texts.map(({ language }) => language),
    text: textInLanguage(content, null).text,
  };
}

/** A template with what is being worked on and what is wrong with that. */
export async function showTemplate(scope: Scope, row: TemplateRow): Promise<Template> {
  const problems = await readProblems(scope, row);
  return {
    ...showFields(row),
    content: row.content,
    problems: problems.map(({ code, severity, path, title, fix }) => ({
      code,
      severity,
      path: [...path],
      title,
      action: fix,
    })),
  };
}

/** @throws ProblemError `not_found`. */
export async function requireTemplate(scope: Scope, id: string, lock = false): Promise<TemplateRow> {
  const row = await readTemplate(scope, id, lock);
  if (row === null) throw new ProblemError('not_found');
  return row;
}

/** What a change of a template came to: the template as it stands now. */
export async function changedTemplate(deps: Pick<RouteDeps, 'engine'>, work: Work, id: string) {
  const body: z.output<typeof templateSchema> = await showTemplate(work, await requireTemplate(work, id));
  await writeTopic(work, { topic: 'templates', ids: [body.id] });
  return changedDocument(deps, work, body);
}
