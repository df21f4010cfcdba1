import type { Flow } from '@signalbox/engine/flows/contract';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { FlowAction } from '../flow-model/flow-actions.ts';
import { problemFrom, request } from '../lib/api.ts';
import { counts } from '../lib/counts-store.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { type MessageKey, t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Refusal } from '../ui/refusal.tsx';
import { lookOf } from './action-look.ts';

type StateAction = Exclude<FlowAction, 'describe' | 'archive'>;
type Texts = { readonly title: MessageKey; readonly text: MessageKey; readonly done: MessageKey };

function textsOf(action: StateAction, flow: Flow): Texts {
  switch (action) {
    case 'pause':
      return { title: 'pause.title', text: 'pause.text', done: 'pause.done' };
    case 'resume':
      return { title: 'resume.title', text: 'resume.text', done: 'resume.done' };
    case 'stop':
      return { title: 'stop.title', text: 'stop.text', done: 'stop.done' };
    case 'start':
      return { title: 'start.title', text: startText(flow), done: 'resume.done' };
  }
}

function startText({ kind, live_version: version, has_unpublished_changes: changed }: Flow): MessageKey {
  if (version === null) return 'start.first_text';
  return kind === 'drawn' && changed ? 'start.changed_text' : 'start.text';
}

/** Asks before a flow is paused, resumed, stopped or started again, and says what that does to people. */
export function StateConfirm({
  flow,
  action,
  onClose,
}: {
  readonly flow: Flow;
  readonly action: StateAction;
  readonly onClose: () => void;
}) {
  const texts = textsOf(action, flow);
  const { label, danger } = lookOf(action, flow);
  const here = flow.graph.steps.reduce((sum, step) => sum + (counts.step(flow.id, step.id)?.here ?? 0), 0);
  const act = useMutation({
    mutationFn: () => request<Flow>('POST', `/flows/${flow.id}/${action}`, { idempotencyKey: randomId() }),
    onSuccess: (next) => {
      queryClient.setQueryData(flowQuery(flow.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      toast.success(t(flow.state === 'draft' ? 'start.first_done' : texts.done, { flow: flow.name }));
      onClose();
    },
    // Someone else may have changed it meanwhile: the menu then offers what is possible now.
    onError: () => void queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey, exact: true }),
  });
  return (
    <Confirm
      open
      onOpenChange={(open) => open || onClose()}
      title={t(texts.title, { flow: flow.name })}
      description={t(texts.text, { n: here, version: String(flow.live_version?.number ?? 1) })}
      confirm={t(label)}
      danger={danger}
      busy={act.isPending}
      onConfirm={() => act.mutate()}
    >
      {act.isError ? <Refusal problem={problemFrom(act.error)} /> : null}
    </Confirm>
  );
}
