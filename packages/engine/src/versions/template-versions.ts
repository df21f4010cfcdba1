import { type TemplateContent, templateContentSchema } from '@signalbox/nodes/templates/template-content';
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { scalarArray, textArray, uuidArray } from '../db/array-literals.ts';
import type { Scope } from '../db/work.ts';

/** A published version of a template or a snippet, parsed once and kept: it never changes. */
export type TemplateVersion = { readonly id: string; readonly number: number; readonly content: TemplateContent };

/** A version that is wanted: of a template by its id or of a snippet by its key; the newest where no number is said. */
export type WantedVersion = { readonly version: number | null } & ({ readonly id: string } | { readonly key: string });

const byId = new LRUCache<string, TemplateVersion>({ max: 1_000 });
/** Ids of versions that were asked for by number: what has one is settled for good. */
const numbered = new LRUCache<string, string>({ max: 4_000 });

const nameOf = (wanted: WantedVersion): string => ('id' in wanted ? wanted.id : `snippet ${wanted.key}`);

/**
 * Versions in the order in which they are wanted; null for one that there is not. What is in memory is not read again, and of those whose
 * newest version is wanted only which one that is: one statement for any number of them, and a second where one is new here.
 */
export async function readTemplateVersions(
  scope: Scope,
  wanted: readonly WantedVersion[],
): Promise<ReadonlyArray<TemplateVersion | null>> {
  const { workspaceId } = scope;
  const settled = wanted.map((each) =>
    each.version === null ? undefined : numbered.get(`${workspaceId} ${nameOf(each)} ${each.version}`),
  );
  const open = wanted.filter((_, index) => settled[index] === undefined);
  const found = new Map((await findIds(scope, open)).map((id, index) => [open[index], id]));
  const ids = wanted.map((each, index) => settled[index] ?? found.get(each) ?? null);
  const unread = new Set(ids.filter((id) => id !== null && !byId.has(`${workspaceId} ${id}`)));
  await readContents(
    scope,
    [...unread].filter((id) => id !== null),
  );
  return ids.map((id) => (id === null ? null : (byId.get(`${workspaceId} ${id}`) ?? null)));
}

async function findIds({ tx, workspaceId }: Scope, wanted: readonly WantedVersion[]): Promise<Array<string | null>> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ id: string | null }>`
    SELECT v.id
    FROM unnest(
      ${uuidArray(wanted.map((each) => ('id' in each ? each.id : null)))}::uuid[], ${textArray(wanted.map((each) => ('key' in each ? each.key : null)))}::text[],
      ${scalarArray(wanted.map(({ version }) => version))}::int[]
    ) WITH ORDINALITY AS x(id, key, version, place)
    LEFT JOIN message_templates t ON t.workspace_id = ${workspaceId} AND (t.id = x.id OR t.key = x.key)
    LEFT JOIN message_template_versions v ON v.workspace_id = t.workspace_id AND v.template_id = t.id AND v.number = coalesce(x.version, t.newest)
    ORDER BY x.place`.execute(tx);
  wanted.forEach((each, index) => {
    const id = rows[index]?.id ?? null;
    if (each.version !== null && id !== null) numbered.set(`${workspaceId} ${nameOf(each)} ${each.version}`, id);
  });
  return rows.map(({ id }) => id);
}

async function readContents({ tx, workspaceId }: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom('message_template_versions')
    .select(['id', 'number', 'content'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  for (const { id, number, content } of rows) {
    const read = templateContentSchema.safeParse(content);
    if (read.success) byId.set(`${workspaceId} ${id}`, { id, number, content: read.data });
  }
}
