import type { HeldWaiting } from '@signalbox/engine/db/states';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import type { Held } from './hold-names.ts';
import { ChoiceFields, type Chosen, useChoice } from './queue-choice.tsx';

const waitings = ['due', 'put_off', 'retrying'] as const satisfies readonly HeldWaiting[];

export type Cancel = Held['subject'] & Chosen & { readonly waiting?: string };

/** What a dialog is about that acts on messages of the queue. */
export type QueueDialogProps<Body> = {
  readonly held: Held;
  /** What they wait for, where that is what was asked about. */
  readonly code?: string | undefined;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: (body: Body) => void;
};

/** Asks which messages to take out of the queue, and says how many that is, before it does. */
export function CancelDialog({ held, code, busy, onClose, onConfirm }: QueueDialogProps<Cancel>) {
  const [waiting, setWaiting] = useState('any');
  const choice = useChoice(code);
  const cancel: Cancel = { ...held.subject, ...choice.chosen, ...(waiting === 'any' ? {} : { waiting }) };
  const counted = useQuery({
    queryKey: ['queue', 'count', cancel],
    queryFn: ({ signal }) => request<{ matched: number }>('GET', `/queue/cancels/count${query(cancel)}`, { signal }),
  });
  const n = counted.data?.matched;
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('queue.cancel.title', { what: held.name })}
      description={t('queue.cancel.text')}
      confirm={n === undefined ? t('queue.cancel.counting') : t('queue.cancel.confirm', { n })}
      danger
      busy={busy || n === undefined || n === 0}
      onConfirm={() => onConfirm(cancel)}
    >
      <div className="flex flex-col gap-4">
        <Field id="queue-which" label={t('queue.cancel.which')}>
          <Select
            id="queue-which"
            label={t('queue.cancel.which')}
            value={waiting}
            onChange={setWaiting}
            choices={['any', ...waitings].map((value) => ({ value, label: waitingText(value) }))}
          />
        </Field>
        <ChoiceFields held={held} asked={code} choice={choice} />
      </div>
    </Confirm>
  );
}

function waitingText(value: string): string {
  if (value === 'due') return t('queue.which.due');
  if (value === 'put_off') return t('queue.which.put_off');
  if (value === 'retrying') return t('queue.which.retrying');
  return t('queue.which.any');
}
