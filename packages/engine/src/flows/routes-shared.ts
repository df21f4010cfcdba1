import { z } from '@hono/zod-openapi';
import type { Problem } from '@signalbox/nodes/define/problems';
import { showKey } from '@signalbox/nodes/define/trigger';
import { stepSchema } from '@signalbox/nodes/flow/graph';
import { formatMessage } from '@signalbox/nodes/text/format-message';
import { pauseCauseSchema } from '../cohorts/flow-state.ts';
import type { Scope, Work } from '../db/work.ts';
import { changedDocument } from '../http/effect.ts';
import { shown } from '../http/ids.ts';
import { ProblemError } from '../http/problems.ts';
import { showReason } from '../http/reasons.ts';
import { pauseTexts, sourceTexts } from '../http/texts.ts';
import type { flowSchema, flowSummarySchema } from './contract.ts';
import { draftProblems } from './publish.ts';
import type { FlowDeps, FlowServices } from './services.ts';
import { type CountsOfFlow, countsOf, type FlowDocument, type FlowRow, peopleOf, readFlow } from './store.ts';

/** Types of the library's trigger nodes. */
export function triggerTypes(deps: Pick<FlowDeps, 'engine'>): string[] {
  return [...deps.engine.nodes.values()].filter((node) => node.group === 'trigger').map((node) => node.type);
}

/** What a draft's triggers listen for; those that are not filled in yet are left out. */
function draftTriggers(nodes: FlowServices['nodes'], entries: unknown) {
  return z
    .array(stepSchema)
    .parse(entries)
    .flatMap(({ type, config }) => {
      const node = nodes.get(type);
      const trigger = node?.config.safeParse(config).success === true ? node.bind(config).trigger() : null;
      if (trigger === null) return [];
      const { kind, keys, match = 'first_word' } = trigger;
      return keys.map(({ key }) => ({ kind, value: showKey(kind, key), ...(kind === 'keyword' ? { match } : {}) }));
    });
}

/** A flow in a list. */
export function showSummary(
  { engine }: Pick<FlowDeps, 'engine'>,
  row: FlowRow,
  counts: CountsOfFlow | undefined,
): z.infer<typeof flowSummarySchema> {
  const sourceProblem = showSourceProblem(row);
  const pausedBy = showPauseCause(row);
  return {
    id: shown('flow', row.id),
    name: row.name,
    description: row.description,
    kind: row.kind,
    state: row.state,
    triggers: row.triggers.map(({ kind, value }) => ({ kind, value: showKey(kind, value) })),
    draft_triggers: draftTriggers(engine.nodes, row.draft_entries),
    live_version:
      row.live_number === null || row.live_at === null
        ? null
        : { number: row.live_number, published_at: row.live_at.toISOString() },
    has_unpublished_changes: row.changed,
    ...(sourceProblem === null ? {} : { source_problem: sourceProblem }),
    ...(pausedBy === null ? {} : { paused_by: pausedBy }),
    people: peopleOf(row, counts),
    is_sample: row.is_sample,
    ...(row.archived_at === null ? {} : { archived_at: row.archived_at.toISOString() }),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** What keeps a code flow's file from being used, with its texts. */
function showSourceProblem(
  row: Pick<FlowRow, 'source_path' | 'source_problem' | 'source_detail'>,
): { readonly code: string; readonly title: string; readonly action: string } | null {
  if (row.source_problem === null) return null;
  const code = row.source_problem === 'gone' ? 'source_gone' : 'source_broken';
  const { title, action } = sourceTexts[code];
  return {
    code,
    title: formatMessage(title, { path: row.source_path ?? '', detail: inSentence(row.source_detail ?? '') }),
    action,
  };
}

/** What is wrong with a file as a part of a sentence: its lines after one another, without the last full stop. */
function inSentence(detail: string): string {
  return detail.replaceAll('\n', ' ').replace(/\.$/, '');
}

/** Why a flow paused itself, with its texts. */
function showPauseCause(row: Pick<FlowRow, 'state' | 'paused_by'>) {
  const cause = pauseCauseSchema.safeParse(row.paused_by);
  if (!cause.success || row.state !== 'paused') return null;
  const { code, step } = cause.data;
  const { title, action } = pauseTexts.too_many_failed;
  // What stood in place of the reason's values differs from person to person.
  const reason = (showReason({ code })?.text ?? code).replace(/\{\w+\}/g, '…');
  return { code, step_id: step, title: formatMessage(title, { reason }), action };
}

/** The same among the problems of a flow. */
export function sourceProblems(flow: FlowRow) {
  const problem = showSourceProblem(flow);
  return problem === null ? [] : [{ ...problem, severity: 'error' as const, step_id: null, path: [] }];
}

/** A problem of a graph with its texts. */
export function showProblem(problem: Problem) {
  return {
    code: problem.code,
    severity: problem.severity,
    step_id: problem.step_id ?? null,
    path: [...problem.path],
    title: problem.title,
    action: problem.fix,
  };
}

/** A flow with its graph, its problems and its people, as it stands in this transaction. */
export async function showFlow(
  deps: Pick<FlowDeps, 'engine'>,
  work: Scope,
  flow: FlowDocument,
): Promise<z.infer<typeof flowSchema>> {
  const counts = await countsOf(work, [flow.id]);
  const problems = flow.kind === 'workflow' ? [] : await draftProblems(deps.engine, work, flow.id, flow.graph);
  return {
    ...showSummary(deps, flow, counts.get(flow.id)),
    graph: flow.graph,
    revision: flow.revision,
    live_graph: flow.liveGraph,
    source_path: flow.source_path,
    problems: [...sourceProblems(flow), ...problems.map(showProblem)],
  };
}

/** What a change of a flow came to: the flow as it stands now. */
export async function changedFlow(deps: Pick<FlowDeps, 'engine'>, work: Work, flowId: string) {
  return changedDocument(deps, work, await showFlow(deps, work, await requireFlow(deps, work, flowId)));
}

/**
 * A flow of the workspace, locked where it is to be changed.
 *
 * @throws ProblemError `not_found`.
 */
export async function requireFlow(
  deps: Pick<FlowDeps, 'engine'>,
  work: Scope,
  flowId: string,
  options: { readonly lock?: boolean; readonly archived?: boolean } = {},
): Promise<FlowDocument> {
  const flow = await readFlow(work, flowId, { triggerTypes: triggerTypes(deps), ...options });
  if (flow === null) throw new ProblemError('not_found');
  return flow;
}

/** @throws ProblemError `flow_read_only` for a flow written in code. */
export function requireDrawn(flow: FlowDocument): void {
  if (flow.kind !== 'drawn') throw new ProblemError('flow_read_only');
}
