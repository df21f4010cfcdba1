import { useMutation } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';

/** Says that samples are here, and takes them away with one button. */
export function SampleNotice() {
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => request<void>('POST', '/demo/remove-sample-data', { idempotencyKey: randomId() }),
    onSuccess: () => {
      setAsking(false);
      toast.success(t('sample.removed'));
      void queryClient.invalidateQueries();
    },
    onError: (error) => toast.error(problemFrom(error).title),
  });
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface px-4 py-2.5 text-sm">
      <FlaskConical aria-hidden className="size-4 shrink-0 text-ink-3" />
      <p className="min-w-52 flex-1 text-ink-2">{t('sample.text')}</p>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t('sample.remove')}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('sample.confirm.title')}
        description={t('sample.confirm.text')}
        confirm={t('sample.remove')}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </div>
  );
}
