import { basename } from 'node:path';
import type { CompiledFlow } from '@signalbox/nodes/flow/compile-types';
import { emptyGraph } from '@signalbox/nodes/flow/graph';
import { sql } from 'kysely';
import { writeFeed } from '../db/feed.ts';
import type { FlowState } from '../db/states.ts';
import type { Scope, Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { beginTests } from '../versions/tests.ts';
import type { BrokenFile, CodeFlow } from './code-files.ts';
import { stopFlow } from './lifecycle.ts';

/** What is stored of the flow that a file states. */
export type StoredSource = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly graph: unknown;
  /** Of the live version; null before the first. */
  readonly compiled: unknown;
  readonly archived: boolean;
  readonly sourceProblem: string | null;
};

/** The flow of a file, or null; processes that start together register one after another. */
export async function lockSource(work: Scope, sourcePath: string): Promise<StoredSource | null> {
  const { tx, workspaceId } = work;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${workspaceId}/${sourcePath}`}, 0))`.execute(tx);
  const rows = await sql<StoredSource>`
    SELECT f.id, f.name, f.description, f.graph, v.compiled, f.archived_at IS NOT NULL AS archived,
      f.source_problem AS "sourceProblem"
    FROM flows f LEFT JOIN flow_versions v ON v.workspace_id = f.workspace_id AND v.id = f.live_version_id
    WHERE f.workspace_id = ${workspaceId} AND f.source_path = ${sourcePath}`.execute(tx);
  return rows.rows[0] ?? null;
}

/** Stores a version of a plain workflow and makes it the live one. A paused or stopped flow stays what it is. */
export async function addVersion(
  deps: { readonly ids: Ids },
  work: Work,
  version: {
    readonly flowId: string;
    readonly versionId: string;
    readonly graph: string;
    readonly compiled: CompiledFlow & { readonly workflow: string };
  },
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const { flowId, versionId } = version;
  const latest = await tx
    .selectFrom('flow_versions')
    .select((eb) => eb.fn.max('number').as('number'))
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .executeTakeFirst();
  const number = (latest?.number ?? 0) + 1;
  await tx
    .insertInto('flow_versions')
    .values({
      workspace_id: workspaceId,
      id: versionId,
      flow_id: flowId,
      number,
      graph: version.graph,
      compiled: JSON.stringify(version.compiled),
      published_at: now,
    })
    .execute();
  await beginTests(deps, work, { flowId, number, steps: version.compiled.steps });
  await tx
    .updateTable('flows')
    .set((eb) => ({
      live_version_id: versionId,
      state: eb
        .case()
        .when('state', 'in', ['paused', 'stopped'])
        .then(eb.ref('state'))
        .else(eb.val<FlowState>('live'))
        .end(),
      updated_at: now,
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .execute();
}

/**
 * Says of a flow that its file is broken; its last good version goes on. A file that never was good appears as a draft, with
 * its graph where it has one.
 */
export async function markBroken(
  work: Work,
  source: { readonly file: BrokenFile; readonly flow?: CodeFlow },
  freshId: string,
): Promise<void> {
  const { tx, workspaceId, now } = work;
  const { file, flow } = source;
  const known = await lockSource(work, file.sourcePath);
  const id = known?.id ?? freshId;
  if (known === null) {
    await tx
      .insertInto('flows')
      .values({
        workspace_id: workspaceId,
        id,
        kind: file.kind,
        state: 'draft',
        name: flow?.name ?? basename(file.sourcePath),
        description: flow?.description ?? '',
        graph: JSON.stringify(flow?.graph ?? emptyGraph),
        source_path: file.sourcePath,
        source_problem: 'broken',
        source_detail: file.detail,
        created_at: now,
        updated_at: now,
      })
      .execute();
  } else {
    const changed = await tx
      .updateTable('flows')
      .set({ source_problem: 'broken', source_detail: file.detail, archived_at: null, updated_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where((eb) =>
        eb.or([
          eb('source_problem', 'is distinct from', 'broken'),
          eb('source_detail', 'is distinct from', file.detail),
        ]),
      )
      .returning('id')
      .execute();
    if (changed.length === 0) return;
  }
  await writeFeed(work, { flowIds: [id] });
}

/**
 * Stops the flows whose files are not among those present and says why: nobody could change them any more. Whoever is inside
 * is ended as with any stop.
 */
export async function markGone(work: Work, present: readonly string[]): Promise<void> {
  const { tx, workspaceId, now } = work;
  const withoutFile = await sql<{ id: string }>`
    UPDATE flows SET source_problem = 'gone', source_detail = NULL, updated_at = ${now}
    WHERE workspace_id = ${workspaceId} AND kind <> 'drawn' AND archived_at IS NULL AND source_problem IS DISTINCT FROM 'gone'
      AND source_path IS NOT NULL AND source_path <> ALL(${[...present]}::text[])
    RETURNING id`.execute(tx);
  for (const { id } of withoutFile.rows) {
    await stopFlow(work, id);
    await writeFeed(work, { flowIds: [id] });
  }
}

/** Forgets a problem that went away without the file changing, such as a keyword that is free by now. */
export async function clearSourceProblem(work: Scope, flowId: string): Promise<void> {
  const { tx, workspaceId } = work;
  await tx
    .updateTable('flows')
    .set({ source_problem: null, source_detail: null })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .execute();
}
