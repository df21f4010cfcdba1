import { useQuery } from '@tanstack/react-query';
import { query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import type { QueueDialogProps } from './cancel-dialog.tsx';
import type { Held } from './hold-names.ts';
import { ChoiceFields, type Chosen, useChoice } from './queue-choice.tsx';

export type Retry = Held['subject'] & Chosen;

/** Asks which messages to try again at once, and says how many that is, before it does. */
export function RetryDialog({ held, code, busy, onClose, onConfirm }: QueueDialogProps<Retry>) {
  const choice = useChoice(code);
  const retry: Retry = { ...held.subject, ...choice.chosen };
  const counted = useQuery({
    queryKey: ['queue', 'retry-count', retry],
    queryFn: ({ signal }) => request<{ matched: number }>('GET', `/queue/retries/count${query(retry)}`, { signal }),
  });
  const n = counted.data?.matched;
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('queue.retry.title', { what: held.name })}
      description={t('queue.retry.text')}
      confirm={n === undefined ? t('queue.cancel.counting') : t('queue.retry.confirm', { n })}
      busy={busy || n === undefined || n === 0}
      onConfirm={() => onConfirm(retry)}
    >
      <div className="flex flex-col gap-4">
        <ChoiceFields held={held} asked={code} waiting="retrying" choice={choice} />
      </div>
    </Confirm>
  );
}
