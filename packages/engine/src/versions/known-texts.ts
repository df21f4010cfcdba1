import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import type { KnownText, ValidationContext } from '@signalbox/nodes/flow/validate';
import { listPools } from '../codes/store.ts';
import type { Scope } from '../db/work.ts';
import { shown } from '../http/ids.ts';

/**
 * The templates and snippets that a flow may name. One that is archived is as any other for a flow that has it live already: that it is
 * archived keeps others from beginning to use it.
 */
export async function readKnownTexts(
  scope: Scope,
  flowId: string,
  graph: FlowGraph,
): Promise<NonNullable<ValidationContext['texts']>> {
  const templates = new Map<string, KnownText>();
  const snippets = new Map<string, KnownText>();
  const codePools = await readPoolKeys(scope, graph);
  if (!namesTexts(graph)) return { templates, snippets, codePools };
  const { tx, workspaceId } = scope;
  const rows = await tx
    .selectFrom('message_templates')
    .select(['id', 'key', 'name', 'newest', 'archived_at'])
    .where('workspace_id', '=', workspaceId)
    .execute();
  const live = rows.some((row) => row.archived_at !== null) ? await readLiveGraph(scope, flowId) : '';
  for (const { id, key, name, newest, archived_at } of rows) {
    const shownId = shown('template', id);
    const isUsed = live.includes(key === null ? shownId : `snippet.${key}`);
    const known = { name, newest, archived: archived_at !== null && !isUsed };
    if (key === null) templates.set(shownId, known);
    else snippets.set(key, known);
  }
  return { templates, snippets, codePools };
}

/** The pools of codes that texts may name; nothing is read where none is named. */
async function readPoolKeys(scope: Scope, graph: FlowGraph): Promise<ReadonlySet<string>> {
  if (!JSON.stringify(graph.steps).includes('codes.')) return new Set();
  const pools = await listPools(scope);
  return new Set(pools.flatMap(({ key, archived_at }) => (archived_at === null ? [key] : [])));
}

/** Whether a graph may name any: most do not, and nothing is read for them. */
function namesTexts(graph: FlowGraph): boolean {
  const written = JSON.stringify(graph.steps);
  return written.includes('"tpl_') || written.includes('snippet.');
}

async function readLiveGraph({ tx, workspaceId }: Scope, flowId: string): Promise<string> {
  const row = await tx
    .selectFrom('flows as f')
    .innerJoin('flow_versions as v', (join) =>
      join.onRef('v.workspace_id', '=', 'f.workspace_id').onRef('v.id', '=', 'f.live_version_id'),
    )
    .select('v.graph')
    .where('f.workspace_id', '=', workspaceId)
    .where('f.id', '=', flowId)
    .executeTakeFirst();
  return JSON.stringify(row?.graph ?? null);
}
