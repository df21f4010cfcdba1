import type { Test } from '@signalbox/engine/experiments/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

type EndProps = { readonly test: Test; readonly onClose: () => void };

/** Ends a test over the API, and shows it as it stands then. */
function useEnd({ test, onClose }: EndProps, how: 'decide' | 'stop', said: string) {
  return useMutation({
    mutationFn: (body: object) => request<Test>('POST', `/tests/${test.id}/${how}`, { body }),
    onSuccess: (ended) => {
      queryClient.setQueryData(['test', test.id], ended);
      void queryClient.invalidateQueries({ queryKey: ['tests'] });
      toast.success(said);
      onClose();
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
}

/** Decides a test by hand: what everybody gets from now on, and why. */
export function DecideDialog(props: EndProps) {
  const { test, onClose } = props;
  const { verdict } = test.seen ?? { verdict: null };
  const proven = verdict?.state === 'winner' ? verdict.arm : null;
  const [arm, setArm] = useState(proven ?? test.arms[0]?.id ?? '');
  const [reason, setReason] = useState('');
  const label = test.arms.find(({ id }) => id === arm)?.label ?? '';
  const end = useEnd(props, 'decide', t('test.decided', { arm: label }));
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={t('test.decide')}
      description={t('test.decide.text')}
      confirm={t('test.decide.confirm', { arm: label })}
      busy={end.isPending || reason.trim() === ''}
      onConfirm={() => end.mutate({ arm, reason: reason.trim() })}
    >
      <div className="flex flex-col gap-4">
        <Field id="decide-arm" label={t('test.decide.arm')}>
          <Select
            id="decide-arm"
            label={t('test.decide.arm')}
            value={arm}
            choices={test.arms.map(({ id, label: name }) => ({ value: id, label: name }))}
            onChange={setArm}
          />
        </Field>
        {arm === proven ? null : <p className="text-sm text-wait">{t('test.decide.early')}</p>}
        <Reason id="decide-reason" value={reason} onChange={setReason} />
      </div>
    </Confirm>
  );
}

/** Stops a test without a winner. */
export function StopDialog(props: EndProps) {
  const [reason, setReason] = useState('');
  const end = useEnd(props, 'stop', t('test.stopped'));
  return (
    <Confirm
      open
      onOpenChange={props.onClose}
      title={t('test.stop')}
      description={t('test.stop.text')}
      confirm={t('test.stop')}
      danger
      busy={end.isPending || reason.trim() === ''}
      onConfirm={() => end.mutate({ reason: reason.trim() })}
    >
      <Reason id="stop-reason" value={reason} onChange={setReason} />
    </Confirm>
  );
}

function Reason({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field id={id} label={t('test.reason')}>
      <Textarea
        id={id}
        rows={2}
        maxLength={500}
        value={value}
        placeholder={t('test.reason.placeholder')}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
