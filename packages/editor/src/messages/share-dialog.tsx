import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import type { Share } from './queue-lines.tsx';

/** Sets how many turns a flow's messages get beside those of other flows. */
export function ShareDialog({ share, onClose }: { readonly share: Share; readonly onClose: () => void }) {
  const [written, setWritten] = useState(String(share.weight));
  const save = useMutation({
    mutationFn: (weight: number) =>
      request<unknown>('POST', '/queue/weights', {
        body: { flow_id: share.flow_id, weight },
        idempotencyKey: randomId(),
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['queue'] });
      onClose();
    },
  });
  const notes = fieldNotes(save.isError ? problemFrom(save.error) : null, 'weight');
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('queue.share.title', { what: share.name })}
      description={t('queue.share.text')}
      confirm={t('queue.share.save')}
      busy={save.isPending}
      onConfirm={() => save.mutate(Number(written))}
    >
      <Field id="queue-share" label={t('queue.share.label')} help={t('queue.share.help')} notes={notes}>
        <Input
          id="queue-share"
          type="number"
          inputMode="numeric"
          min={1}
          max={100}
          value={written}
          aria-invalid={notes.length > 0 || undefined}
          aria-describedby="queue-share-help queue-share-problems"
          onChange={(event) => setWritten(event.target.value)}
        />
      </Field>
    </Confirm>
  );
}
