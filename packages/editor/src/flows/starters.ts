import type { Flow } from '@signalbox/engine/flows/contract';
import type { FlowGraph } from '@signalbox/nodes/flow/graph';
import { newStep, newSuffix } from '../flow-model/library.ts';
import { request } from '../lib/api.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';

export type Starter = 'empty' | 'keyword_reply';
export type Started = { readonly flow: Flow; readonly firstStep: string | null };

/** A keyword and the answer to it: two blanks to fill in. */
function keywordReply(): FlowGraph {
  const keyword = newStep('keyword', newSuffix());
  const send = newStep('send-sms', newSuffix());
  send.config = { ...send.config, purpose: 'transactional' };
  return { schema_version: 1, steps: [keyword, send], edges: [{ from: keyword.id, outlet: 'next', to: send.id }] };
}

/** Creates a flow; `firstStep` is the one to fill in first. */
export async function createFlow(starter: Starter, name?: string): Promise<Started> {
  const graph = starter === 'keyword_reply' ? keywordReply() : undefined;
  const title = name ?? t(starter === 'keyword_reply' ? 'starter.keyword_reply.name' : 'flows.untitled');
  const flow = await request<Flow>('POST', '/flows', {
    body: { name: title, ...(graph === undefined ? {} : { graph }) },
    idempotencyKey: randomId(),
  });
  queryClient.setQueryData(flowQuery(flow.id).queryKey, flow);
  void queryClient.invalidateQueries({ queryKey: ['flows'] });
  return { flow, firstStep: graph?.steps[0]?.id ?? null };
}
