import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { type DeletedWhom, deletePeople, restorePeople } from '../lib/deleted-contacts.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Refusal } from '../ui/refusal.tsx';

/** For how long the way back is offered right there. */
const undoMs = 15_000;

/** Asks before people are deleted, with how many they are, and offers the way back afterwards. */
export function DeleteConfirm({
  whom,
  count,
  name,
  onDeleted,
  onClose,
}: {
  readonly whom: DeletedWhom;
  readonly count: number;
  /** Of the one person; null for several. */
  readonly name: string | null;
  readonly onDeleted?: () => void;
  readonly onClose: () => void;
}) {
  const remove = useMutation({
    mutationFn: () => deletePeople(whom, count),
    onSuccess: ({ deleted, deletion_id }) => {
      onClose();
      onDeleted?.();
      toast.success(name === null ? t('deleted.done', { n: deleted }) : t('deleted.done_one', { name }), {
        duration: undoMs,
        action: { label: t('action.undo'), onClick: () => void restorePeople({ deletion_id }) },
      });
    },
  });
  const verb = name === null ? t('deleted.delete', { n: count }) : t('deleted.delete_one', { name });
  return (
    <Confirm
      open
      onOpenChange={(open) => open || onClose()}
      title={verb}
      description={t(name === null ? 'deleted.text' : 'deleted.text_one')}
      confirm={verb}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
    >
      {remove.isError ? <Refusal problem={problemFrom(remove.error)} /> : null}
    </Confirm>
  );
}
