import { snippetsIn } from '@signalbox/nodes/templates/snippets';
import { type TemplateContent, templateContentSchema } from '@signalbox/nodes/templates/template-content';
import { sql } from 'kysely';
import { z } from 'zod';
import { containing } from '../db/like.ts';
import type { Scope } from '../db/work.ts';
import { flowsNaming } from '../flows/flows-naming.ts';
import { shown } from '../http/ids.ts';
import type { TemplateUse } from './contract.ts';
import type { TemplateRow } from './store.ts';

/** What of a step's config may name a template or a snippet; steps of later builds may have more in them. */
const graphSchema = z
  .object({
    steps: z.array(
      z.object({
        config: z
          .object({
            source: z.string().catch('text'),
            text: z.string().catch(''),
            template: z
              .object({ id: z.string(), version: z.number().nullable().catch(null) })
              .nullable()
              .catch(null),
          })
          .partial(),
      }),
    ),
  })
  .catch({ steps: [] });

/** The versions that something names; null stands for the newest. */
type Named = ReadonlyArray<number | null>;

/** The flows, and of a snippet also the templates, in which a template is, by name. */
export async function readUses(scope: Scope, template: Pick<TemplateRow, 'id' | 'key'>): Promise<TemplateUse[]> {
  const id = shown('template', template.id);
  const { key } = template;
  const flows = await flowsNaming(scope, key === null ? id : `snippet.${key}`);
  const inGraph = (graph: unknown): Named =>
    graphSchema.parse(graph).steps.flatMap(({ config }): Named => {
      if (key !== null) return config.source === 'template' ? [] : versionsOfSnippet(key, config.text ?? '');
      const named = config.source === 'template' ? config.template : null;
      return named?.id === id ? [named.version] : [];
    });
  const ofFlows = flows.map((flow) => {
    const live = inGraph(flow.live_graph);
    return useOf(
      { kind: 'flow', id: shown('flow', flow.id), name: flow.name, state: flow.state },
      live,
      inGraph(flow.graph),
    );
  });
  const ofTemplates = key === null ? [] : await usesInTemplates(scope, key);
  return [...ofTemplates, ...ofFlows].filter(({ follows, versions }) => follows || versions.length > 0);
}

function useOf(what: Pick<TemplateUse, 'kind' | 'id' | 'name' | 'state'>, live: Named, draft: Named): TemplateUse {
  const all = [...live, ...draft];
  const versions = [...new Set(all)].filter((version) => version !== null).sort((a, b) => a - b);
  return { ...what, live: live.length > 0, follows: all.includes(null), versions };
}

const versionsOfSnippet = (key: string, text: string): Named =>
  snippetsIn(text).flatMap((ref) => (ref.key === key ? [ref.version] : []));

const inContent = (key: string, { texts }: TemplateContent): Named =>
  texts.flatMap(({ text }) => versionsOfSnippet(key, text));

async function usesInTemplates({ tx, workspaceId }: Scope, key: string): Promise<TemplateUse[]> {
  const pattern = containing(`snippet.${key}`);
  const { rows } = await sql<{ id: string; name: string; content: unknown; live: unknown }>`
    SELECT t.id, t.name, t.content, v.content AS live
    FROM message_templates t LEFT JOIN message_template_versions v ON v.workspace_id = t.workspace_id AND v.template_id = t.id AND v.number = t.newest
    WHERE t.workspace_id = ${workspaceId} AND t.kind = 'template' AND t.archived_at IS NULL AND (t.content::text LIKE ${pattern} OR v.content::text LIKE ${pattern})
    ORDER BY lower(t.name), t.id LIMIT 200`.execute(tx);
  return rows.map(({ id, name, content, live }) =>
    useOf(
      { kind: 'template', id: shown('template', id), name, state: null },
      live === null ? [] : inContent(key, templateContentSchema.parse(live)),
      inContent(key, templateContentSchema.parse(content)),
    ),
  );
}
