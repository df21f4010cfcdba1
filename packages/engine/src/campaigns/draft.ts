import { emptyGraph, type FlowGraph, type Step, stepSchema } from '@signalbox/nodes/flow/graph';
import { writeFeed } from '../db/feed.ts';
import type { Work } from '../db/work.ts';
import { publishFlow } from '../flows/publish.ts';
import { requireFlow, showProblem } from '../flows/routes-shared.ts';
import type { FlowDeps } from '../flows/services.ts';
import { unknownConfigKeys } from '../flows/unknown-config.ts';
import { unknownField } from '../http/field-errors.ts';
import { fieldProblem, ProblemError } from '../http/problems.ts';
import { fieldTexts } from '../http/texts.ts';
import type { Schedule, Settings } from './contract.ts';
import { messageNode, readShape, withLocalMoment, withMessage } from './shape.ts';

type Deps = Pick<FlowDeps, 'engine'>;
type Message = Step['config'];

/** The config of a message's step, as a request holds it. */
export const readMessage = (message: NonNullable<Settings['message']>): Message =>
  stepSchema.shape.config.parse(message);

/** A message that is to be written yet. */
export const blankMessage: Message = { source: 'text', text: '', purpose: 'marketing', shorten_links: true };

/**
 * Refuses keys that the message's step does not know.
 *
 * @throws ProblemError `validation_failed` at each.
 */
export function requireKnownMessage({ engine }: Deps, message: Message): void {
  const step = { id: 'message', type: messageNode.type, version: messageNode.version, config: message };
  const unknown = unknownConfigKeys(engine.nodes, { ...emptyGraph, steps: [step] });
  const errors = unknown.map(({ path, name }) => unknownField(['message', ...path.slice(3)], name));
  if (errors.length > 0) throw new ProblemError('validation_failed', { errors });
}

const localMoment = (schedule: Schedule) =>
  schedule.kind === 'local' ? { date: schedule.date, time: schedule.time } : null;

/**
 * A flow as a change of its campaign leaves it: the message in its step, and the wait for a time of each person's own. What was drawn beside
 * them stays.
 *
 * @throws ProblemError at what would have to change and is not there.
 */
export function changedGraph(
  deps: Deps,
  graph: FlowGraph,
  { message, schedule }: Pick<Settings, 'message' | 'schedule'>,
): FlowGraph {
  let changed = graph;
  if (message !== undefined && !isSame(message, readShape(graph).message)) {
    const config = readMessage(message);
    requireKnownMessage(deps, config);
    const written = withMessage(changed, config);
    if (written === null) throw fieldProblem(['message'], 'campaign_message_gone', fieldTexts.campaign_message_gone);
    changed = written;
  }
  if (schedule !== undefined) {
    const waiting = withLocalMoment(changed, localMoment(schedule));
    if (waiting === null) throw fieldProblem(['schedule'], 'campaign_start_gone', fieldTexts.campaign_start_gone);
    changed = waiting;
  }
  return changed;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Writes what a campaign's flow is called and does, where either is another. The flow must be locked. */
export async function writeDraft(
  work: Work,
  flow: { readonly id: string; readonly name: string; readonly graph: FlowGraph },
  change: { readonly name: string; readonly graph: FlowGraph },
): Promise<boolean> {
  const { tx, workspaceId, now } = work;
  const same = isSame(flow.graph, change.graph);
  if (same && flow.name === change.name) return false;
  await tx
    .updateTable('flows')
    .set((eb) => ({
      revision: eb('revision', '+', 1),
      updated_at: now,
      name: change.name,
      graph: JSON.stringify(change.graph),
    }))
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', flow.id)
    .execute();
  await writeFeed(work, { flowIds: [flow.id] });
  return !same;
}

/** Makes the flow of a new campaign. */
export async function insertDraft(
  { engine }: Deps,
  work: Work,
  flow: { readonly name: string; readonly graph: FlowGraph; readonly isSample: boolean },
): Promise<string> {
  const { tx, workspaceId, now } = work;
  const id = engine.ids.uuid();
  await tx
    .insertInto('flows')
    .values({
      workspace_id: workspaceId,
      id,
      name: flow.name,
      description: '',
      kind: 'drawn',
      state: 'draft',
      graph: JSON.stringify(flow.graph),
      is_sample: flow.isSample,
      created_at: now,
      updated_at: now,
    })
    .execute();
  await writeFeed(work, { flowIds: [id] });
  return id;
}

/**
 * Publishes the flow of a campaign: whoever comes from now on gets its draft. Where it is live as it is, nothing happens.
 *
 * @throws ProblemError `flow_has_problems`.
 */
export async function publishDraft(deps: Deps, work: Work, flowId: string): Promise<void> {
  const { ids, nodes } = deps.engine;
  const { changed, state } = await requireFlow(deps, work, flowId);
  if (!changed && (state === 'live' || state === 'paused')) return;
  const published = await publishFlow({ ids, nodes }, work, flowId);
  if (published.kind === 'problems')
    throw new ProblemError('flow_has_problems', { problems: published.problems.map(showProblem) });
  await writeFeed(work, { flowIds: [flowId] });
}
