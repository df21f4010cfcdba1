import type { Flow } from '@signalbox/engine/api/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { useOpenFlow } from './flow-context.tsx';

/** How long the way back is offered, in milliseconds. */
const undoMs = 15_000;

async function restore(flow: Flow): Promise<void> {
  try {
    await request<Flow>('POST', `/flows/${flow.id}/restore`, { idempotencyKey: crypto.randomUUID() });
    toast.success(t('archive.undone', { flow: flow.name }));
  } catch (error) {
    toast.error(problemLine(problemFrom(error)));
  }
  void queryClient.invalidateQueries({ queryKey: ['flows'] });
}

/** Asks before a flow is archived, says what goes with it, and offers the way back afterwards. */
export function ArchiveConfirm({
  flow,
  open,
  onClose,
}: {
  readonly flow: Flow;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { store } = useOpenFlow();
  const navigate = useNavigate();
  const archive = useMutation({
    mutationFn: async () => {
      // Edits that are on their way would find no flow any more, and hold the person here.
      if (!(await store.getState().flush())) throw new Error(t('archive.not_saved'));
      await request<void>('DELETE', `/flows/${flow.id}`);
    },
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/flows' });
      queryClient.removeQueries({ queryKey: flowQuery(flow.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      toast.success(t('archive.done', { flow: flow.name }), {
        duration: undoMs,
        action: { label: t('action.undo'), onClick: () => void restore(flow) },
      });
    },
  });
  return (
    <Confirm
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        archive.reset();
        onClose();
      }}
      title={t('archive.title', { flow: flow.name })}
      description={t(flow.live_version === null ? 'archive.draft_text' : 'archive.text')}
      confirm={t('archive.confirm')}
      danger
      busy={archive.isPending}
      onConfirm={() => archive.mutate()}
    >
      {archive.isError ? (
        <p role="alert" className="text-sm text-stop">
          {problemLine(problemFrom(archive.error))}
        </p>
      ) : null}
    </Confirm>
  );
}
