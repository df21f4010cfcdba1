import type { Flow, FlowSummary } from '@signalbox/engine/flows/contract';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { findProblems } from '../flow-model/flow-problems.ts';
import { request } from '../lib/api.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { type SimpleFlow, toSimpleGraph } from './simple-flow.ts';

/** A flow as it was saved, and what keeps it from being live. */
export type SavedReply = { readonly flow: Flow; readonly problems: readonly FlowProblem[] };

const errorsOf = (problems: readonly FlowProblem[]) => problems.filter(({ severity }) => severity === 'error');

function keep(flow: Flow): Flow {
  queryClient.setQueryData(flowQuery(flow.id).queryKey, flow);
  void queryClient.invalidateQueries({ queryKey: ['flows'] });
  return flow;
}

/**
 * Saves an answer as an ordinary flow and publishes it.
 *
 * @param flow what it was until now; null for a new one. A flow with problems that only the server finds is saved and not published.
 * @returns null for what was not even saved, with what is wrong with it.
 */
export async function saveReply(
  flow: Flow | null,
  name: string,
  simple: SimpleFlow,
): Promise<SavedReply | { readonly flow: null; readonly problems: readonly FlowProblem[] }> {
  const graph = toSimpleGraph(simple);
  const own = errorsOf(findProblems(graph, []));
  if (own.length > 0) return { flow: null, problems: own };
  const body = { name, graph };
  const saved = keep(
    flow === null
      ? await request<Flow>('POST', '/flows', { body, idempotencyKey: randomId() })
      : await request<Flow>('PATCH', `/flows/${flow.id}`, {
          body,
          revision: flow.revision,
          idempotencyKey: randomId(),
        }),
  );
  const problems = errorsOf(findProblems(graph, saved.problems));
  return problems.length > 0 ? { flow: saved, problems } : { flow: await publish(saved), problems: [] };
}

const publish = async (flow: Pick<Flow, 'id' | 'revision'>) =>
  keep(
    await request<Flow>('POST', `/flows/${flow.id}/publish`, { revision: flow.revision, idempotencyKey: randomId() }),
  );

const move = async (id: string, what: 'start' | 'resume' | 'stop') =>
  keep(await request<Flow>('POST', `/flows/${id}/${what}`, { idempotencyKey: randomId() }));

/**
 * Turns an answer on or off. Off is stopped and not paused: a paused flow goes on taking its texts, and would answer them all at once
 * when it is resumed.
 */
export async function turnReply(flow: FlowSummary, on: boolean): Promise<Flow> {
  if (!on) return move(flow.id, 'stop');
  if (flow.state === 'paused') return move(flow.id, 'resume');
  if (flow.state === 'stopped') return move(flow.id, 'start');
  return publish(await request<Flow>('GET', `/flows/${flow.id}`));
}
