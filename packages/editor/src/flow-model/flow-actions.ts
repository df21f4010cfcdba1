import type { Flow } from '@signalbox/engine/flows/contract';

/** What can be done with a flow as a whole, besides publishing it. */
export type FlowAction = 'describe' | 'pause' | 'resume' | 'start' | 'stop' | 'archive';

export type Acting = Pick<Flow, 'kind' | 'state' | 'source_problem'>;

/** A code flow cannot run without its file, a workflow not with a broken one either. */
function canStart({ kind, state, source_problem: problem }: Acting): boolean {
  if (problem?.code === 'source_gone' || (problem !== undefined && kind === 'workflow')) return false;
  return state === 'stopped' || (state === 'draft' && kind === 'code');
}

/** With its file there, a code flow would be back at the next start. */
function canArchive({ kind, state, source_problem: problem }: Acting): boolean {
  if (state !== 'draft' && state !== 'stopped') return false;
  return kind === 'drawn' || problem?.code === 'source_gone';
}

/** What a flow's state and kind allow, in the order of its menu. */
export function actionsOf(flow: Acting): readonly FlowAction[] {
  const allowed: Readonly<Record<FlowAction, boolean>> = {
    describe: flow.kind === 'drawn',
    pause: flow.state === 'live',
    resume: flow.state === 'paused',
    start: canStart(flow),
    stop: flow.state === 'live' || flow.state === 'paused',
    archive: canArchive(flow),
  };
  const order: readonly FlowAction[] = ['describe', 'pause', 'resume', 'start', 'stop', 'archive'];
  return order.filter((action) => allowed[action]);
}
