import type { Decision } from '@signalbox/engine/sending/decide-unknown';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';

/** What a person may say of a message with an unknown outcome. */
export function Decide({ messageId }: { readonly messageId: string }) {
  const decide = useMutation({
    mutationFn: (decision: Decision) =>
      request<void>('POST', `/queue/messages/${messageId}/decide`, {
        body: { decision },
        idempotencyKey: randomId(),
      }),
    onSuccess: () => toast.success(t('queue.decided')),
    onError: (error) => toast.error(problemFrom(error).title),
    onSettled: () => {
      for (const key of ['messages', 'message', 'queue']) void queryClient.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <div className="flex flex-wrap gap-1.5">
      <Button size="sm" disabled={decide.isPending} onClick={() => decide.mutate('arrived')}>
        {t('queue.decide.arrived')}
      </Button>
      <Button size="sm" disabled={decide.isPending} onClick={() => decide.mutate('send_again')}>
        {t('queue.decide.send_again')}
      </Button>
      <Button size="sm" disabled={decide.isPending} onClick={() => decide.mutate('give_up')}>
        {t('queue.decide.give_up')}
      </Button>
    </div>
  );
}
