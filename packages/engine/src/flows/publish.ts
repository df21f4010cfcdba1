import type { AnyNode } from '@signalbox/nodes/define/define-node';
import type { Problem } from '@signalbox/nodes/define/problems';
import { sendersOf, type Trigger } from '@signalbox/nodes/define/trigger';
import { type FlowGraph, flowGraphSchema } from '@signalbox/nodes/flow/graph';
import { type ValidationContext, validateFlow } from '@signalbox/nodes/flow/validate';
import { sql } from 'kysely';
import type { Scope, Work } from '../db/work.ts';
import type { Ids } from '../runtime/ids.ts';
import { readKnownTexts } from '../versions/known-texts.ts';
import { beginTests } from '../versions/tests.ts';
import { prepareVersion } from './prepare-version.ts';

export type PublishDeps = { readonly ids: Ids; readonly nodes: ReadonlyMap<string, AnyNode> };

/** What the triggers of the workspace's other live flows listen for: some of it is for one flow alone. */
async function keysOfOthers(work: Scope, exceptFlowId: string): Promise<NonNullable<ValidationContext['takenKeys']>> {
  const { tx, workspaceId } = work;
  const rows = await sql<{ kind: string; key: string; sender: string; flow: string }>`
    SELECT t.kind, t.value AS key, t.sender, f.name AS flow FROM flow_triggers t JOIN flows f ON f.workspace_id = t.workspace_id AND f.id = t.flow_id
    WHERE t.workspace_id = ${workspaceId} AND t.flow_id <> ${exceptFlowId}`.execute(tx);
  return rows.rows;
}

/** Everything wrong with a flow's draft, in its workspace. */
export async function draftProblems(
  deps: PublishDeps,
  work: Scope,
  flowId: string,
  graph: FlowGraph,
): Promise<Problem[]> {
  const takenKeys = await keysOfOthers(work, flowId);
  return validateFlow(graph, [...deps.nodes.values()], {
    takenKeys,
    texts: await readKnownTexts(work, flowId, graph),
  });
}

export type PublishResult =
  | { readonly kind: 'published'; readonly versionId: string; readonly number: number }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * Makes the draft an immutable version and points the flow's triggers at it. People inside finish on their version.
 * The flow's row is locked; concurrent publishes of one keyword are settled by a unique index (SQLSTATE 23505).
 *
 * @param options.keepStopped leaves a stopped flow stopped, without triggers: the version waits for its next start.
 */
export async function publishFlow(
  deps: PublishDeps,
  work: Work,
  flowId: string,
  options: { readonly keepStopped?: boolean } = {},
): Promise<PublishResult> {
  const { tx, workspaceId, now } = work;
  const flow = await tx
    .selectFrom('flows')
    .select(['graph', 'state'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const graph = flowGraphSchema.parse(flow.graph);
  const stays = options.keepStopped === true && flow.state === 'stopped';
  const takenKeys = stays ? [] : await keysOfOthers(work, flowId);
  const texts = await readKnownTexts(work, flowId, graph);
  const prepared = prepareVersion(deps.nodes, graph, { takenKeys, texts });
  if (prepared.kind === 'problems') return prepared;
  const versionId = deps.ids.uuid();
  const latest = await sql<{ number: number }>`
    SELECT coalesce(max(number), 0)::int AS number FROM flow_versions WHERE workspace_id = ${workspaceId} AND flow_id = ${flowId}`.execute(
    tx,
  );
  const number = (latest.rows[0]?.number ?? 0) + 1;
  await tx
    .insertInto('flow_versions')
    .values({
      workspace_id: workspaceId,
      id: versionId,
      flow_id: flowId,
      number,
      graph: JSON.stringify(graph),
      compiled: JSON.stringify(prepared.compiled),
      published_at: now,
    })
    .execute();
  await beginTests(deps, work, { flowId, number, steps: prepared.compiled.steps });
  if (!stays) await writeTriggers(work, { flowId, versionId }, prepared.entries);
  await tx
    .updateTable('flows')
    .set({
      live_version_id: versionId,
      state: stays || flow.state === 'paused' ? flow.state : 'live',
      updated_at: now,
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flowId)
    .execute();
  return { kind: 'published', versionId, number };
}

/**
 * Points a flow's triggers at a version, in place of those it had.
 *
 * @throws the database's error 23505 where another flow has one of the keywords.
 */
export async function writeTriggers(
  work: Scope,
  version: { readonly flowId: string; readonly versionId: string },
  entries: ReadonlyArray<{ readonly step: number; readonly trigger: Trigger | null }>,
): Promise<void> {
  const { tx, workspaceId } = work;
  const { flowId, versionId } = version;
  await tx.deleteFrom('flow_triggers').where('workspace_id', '=', workspaceId).where('flow_id', '=', flowId).execute();
  const rows = entries.flatMap(({ step, trigger }) => {
    if (trigger === null) return [];
    const { kind, keys, match = 'first_word', hours = [], onceADay = false, didYouMean = false } = trigger;
    return keys.flatMap(({ key }) =>
      sendersOf(trigger).map((sender) => ({
        workspace_id: workspaceId,
        flow_id: flowId,
        version_id: versionId,
        step,
        kind,
        value: key,
        match,
        sender,
        hours: JSON.stringify(hours),
        once_a_day: onceADay,
        did_you_mean: didYouMean,
      })),
    );
  });
  if (rows.length > 0) await tx.insertInto('flow_triggers').values(rows).execute();
}
