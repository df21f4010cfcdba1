import { type TemplateContent, templateContentSchema } from '@signalbox/nodes/templates/template-content';
import { sql } from 'kysely';
import { containing } from '../db/like.ts';
import type { Scope, Work } from '../db/work.ts';
import { instantText } from '../http/instants.ts';
import type { Recorder } from '../http/recorder.ts';
import type { templateKinds } from './contract.ts';

/** Templates and snippets of a workspace at most. */
export const mostTemplates = 1_000;

export type TemplateKind = (typeof templateKinds)[number];

/** A template or a snippet as it is stored. */
export type TemplateRow = {
  readonly id: string;
  readonly kind: TemplateKind;
  readonly key: string | null;
  readonly name: string;
  readonly content: TemplateContent;
  readonly newest: number | null;
  readonly changed: boolean;
  readonly archived_at: Date | null;
  readonly is_sample: boolean;
  readonly revision: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  /** `updated_at` to the microsecond: the list's key. */
  readonly updated_key: string;
};

export type VersionRow = {
  readonly number: number;
  readonly content: TemplateContent;
  readonly note: string;
  readonly by_kind: string;
  readonly by_id: string;
  readonly created_at: Date;
};

const withContent = <Row extends { readonly content: unknown }>(row: Row) => ({
  ...row,
  content: templateContentSchema.parse(row.content),
});

const columns = sql`
  t.id, t.kind, t.key, t.name, t.content, t.newest, t.archived_at, t.is_sample, t.revision, t.created_at, t.updated_at, ${instantText('t.updated_at')} AS updated_key,
  (v.id IS NULL OR v.content <> t.content) AS changed`;
const source = sql`
  message_templates t LEFT JOIN message_template_versions v ON v.workspace_id = t.workspace_id AND v.template_id = t.id AND v.number = t.newest`;

/** Templates, last changed first: the archived ones, or the others. */
export async function listTemplates(
  { tx, workspaceId }: Scope,
  query: {
    readonly kind: TemplateKind | undefined;
    readonly search: string | undefined;
    readonly archived: boolean;
    readonly limit: number;
    readonly after: readonly [string, string] | null;
  },
): Promise<TemplateRow[]> {
  const { kind, search = '', archived, limit, after } = query;
  const pattern = containing(search.trim());
  const { rows } = await sql<TemplateRow>`
    SELECT ${columns} FROM ${source}
    WHERE t.workspace_id = ${workspaceId} AND ${archived ? sql`t.archived_at IS NOT NULL` : sql`t.archived_at IS NULL`}
      ${kind === undefined ? sql`` : sql`AND t.kind = ${kind}`}
      ${search.trim() === '' ? sql`` : sql`AND (t.name ILIKE ${pattern} OR t.key ILIKE ${pattern} OR EXISTS (SELECT 1 FROM jsonb_array_elements(t.content -> 'texts') x WHERE x ->> 'text' ILIKE ${pattern}))`}
      ${after === null ? sql`` : sql`AND (t.updated_at, t.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    ORDER BY t.updated_at DESC, t.id DESC LIMIT ${limit}`.execute(tx);
  return rows.map(withContent);
}

/** One template, locked where it is to be changed; null where there is none. */
export async function readTemplate({ tx, workspaceId }: Scope, id: string, lock = false): Promise<TemplateRow | null> {
  const { rows } = await sql<TemplateRow>`
    SELECT ${columns} FROM ${source} WHERE t.workspace_id = ${workspaceId} AND t.id = ${id} ${lock ? sql`FOR NO KEY UPDATE OF t` : sql``}`.execute(
    tx,
  );
  const [row] = rows;
  return row === undefined ? null : withContent(row);
}

/** How many there are, archived ones too. */
export async function countTemplates({ tx, workspaceId }: Scope): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM message_templates WHERE workspace_id = ${workspaceId}`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** Versions of a template, the newest first. */
export async function listVersions(
  { tx, workspaceId }: Scope,
  templateId: string,
  query: { readonly before: number | null; readonly limit: number; readonly number?: number },
): Promise<VersionRow[]> {
  const { before, limit, number } = query;
  const { rows } = await sql<VersionRow>`
    SELECT number, content, note, by_kind, by_id, created_at FROM message_template_versions
    WHERE workspace_id = ${workspaceId} AND template_id = ${templateId}
      ${before === null ? sql`` : sql`AND number < ${before}`} ${number === undefined ? sql`` : sql`AND number = ${number}`}
    ORDER BY number DESC LIMIT ${limit}`.execute(tx);
  return rows.map(withContent);
}

/** Makes what is being worked on a version, which people get from now on. The template must be locked. */
export async function insertVersion(
  { tx, workspaceId, now }: Work,
  { id: templateId, newest, content }: Pick<TemplateRow, 'id' | 'newest' | 'content'>,
  version: { readonly id: string; readonly note: string; readonly by: Recorder },
): Promise<number> {
  const number = (newest ?? 0) + 1;
  await tx
    .insertInto('message_template_versions')
    .values({
      workspace_id: workspaceId,
      id: version.id,
      template_id: templateId,
      number,
      content: JSON.stringify(content),
      note: version.note,
      by_kind: version.by.kind,
      by_id: version.by.id,
      created_at: now,
    })
    .execute();
  return number;
}
