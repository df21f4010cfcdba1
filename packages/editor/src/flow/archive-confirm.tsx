import type { Flow } from '@signalbox/engine/flows/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { useOpenFlow } from '../canvas/flow-context.tsx';
import { problemFrom, request } from '../lib/api.ts';
import { flowQuery, queryClient } from '../lib/queries.ts';
import { restoreFlow } from '../lib/restore-flow.ts';
import { type MessageKey, t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Refusal } from '../ui/refusal.tsx';

/** How long the way back is offered, in milliseconds. */
const undoMs = 15_000;

function textOf({ kind, live_version: version }: Flow): MessageKey {
  if (kind !== 'drawn') return 'archive.code_text';
  return version === null ? 'archive.draft_text' : 'archive.text';
}

/** Asks before a flow is archived, says what goes with it, and offers the way back afterwards. */
export function ArchiveConfirm({ flow, onClose }: { readonly flow: Flow; readonly onClose: () => void }) {
  const { store } = useOpenFlow();
  const navigate = useNavigate();
  const archive = useMutation({
    mutationFn: async () => {
      // Edits that are on their way would find no flow any more, and hold the person here.
      if (!(await store.getState().flush())) throw new Error(t('archive.not_saved'));
      // A flow in code is never edited here; its registration may have raised the revision.
      const revision = flow.kind === 'drawn' ? store.getState().revision : flow.revision;
      await request<void>('DELETE', `/flows/${flow.id}`, { revision });
    },
    // What was changed meanwhile is shown before it is asked again.
    onError: () => void queryClient.invalidateQueries({ queryKey: flowQuery(flow.id).queryKey, exact: true }),
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/flows' });
      queryClient.removeQueries({ queryKey: flowQuery(flow.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      toast.success(t('archive.done', { flow: flow.name }), {
        duration: undoMs,
        action: { label: t('action.undo'), onClick: () => void restoreFlow(flow) },
      });
    },
  });
  return (
    <Confirm
      open
      onOpenChange={(open) => open || onClose()}
      title={t('archive.title', { flow: flow.name })}
      description={t(textOf(flow))}
      confirm={t('archive.confirm')}
      danger
      busy={archive.isPending}
      onConfirm={() => archive.mutate()}
    >
      {archive.isError ? <Refusal problem={problemFrom(archive.error)} /> : null}
    </Confirm>
  );
}
