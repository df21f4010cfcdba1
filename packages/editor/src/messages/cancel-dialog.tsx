import type { HeldWaiting } from '@signalbox/engine/db/states';
import type { WaitingCodeList } from '@signalbox/engine/sending/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import type { Held } from './hold-names.ts';
import { codesQuery } from './queue-queries.ts';

const waitings = ['due', 'put_off', 'retrying'] as const satisfies readonly HeldWaiting[];
/** Stands for any code: no code is called so. */
const any = '*';
const ages = [0, 10, 60, 720] as const;

export type Cancel = Held['subject'] & {
  readonly waiting?: string;
  readonly queued_before?: string;
  readonly code?: string;
};

/** Asks which messages to take out of the queue, and says how many that is, before it does. */
export function CancelDialog({
  held,
  code: askedCode,
  busy,
  onClose,
  onConfirm,
}: {
  readonly held: Held;
  /** What they wait for, where that is what was asked about. */
  readonly code?: string | undefined;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: (cancel: Cancel) => void;
}) {
  const [waiting, setWaiting] = useState('any');
  const [age, setAge] = useState('0');
  const [code, setCode] = useState(askedCode ?? any);
  const codes = useQuery(codesQuery(held.subject));
  const [openedAt] = useState(() => Date.now());
  const cancel: Cancel = {
    ...held.subject,
    ...(waiting === 'any' ? {} : { waiting }),
    ...(code === any ? {} : { code }),
    ...(age === '0' ? {} : { queued_before: new Date(openedAt - Number(age) * 60_000).toISOString() }),
  };
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
        <Field id="queue-code" label={t('queue.cancel.code')}>
          <Select
            id="queue-code"
            label={t('queue.cancel.code')}
            value={code}
            onChange={setCode}
            choices={[
              { value: any, label: t('queue.code.any') },
              ...withAsked(codes.data?.data ?? [], askedCode).map((each) => ({
                value: each.code,
                label: codeText(each),
              })),
            ]}
          />
        </Field>
        <Field id="queue-age" label={t('queue.cancel.age')}>
          <Select
            id="queue-age"
            label={t('queue.cancel.age')}
            value={age}
            onChange={setAge}
            choices={ages.map((minutes) => ({
              value: String(minutes),
              label: minutes === 0 ? t('queue.age.any') : t('queue.age.older', { n: minutes }),
            }))}
          />
        </Field>
      </div>
    </Confirm>
  );
}

type Code = WaitingCodeList['data'][number];

/** The codes that messages wait for now, with the one that was asked about, for which none may wait. */
function withAsked(codes: readonly Code[], asked: string | undefined): readonly Code[] {
  if (asked === undefined || codes.some(({ code }) => code === asked)) return codes;
  return [{ code: asked, text: null, count: 0 }, ...codes];
}

const codeText = ({ code, text, count }: Code): string =>
  t('queue.code.count', { what: text ?? t('queue.code.provider', { code }), n: count });

function waitingText(value: string): string {
  if (value === 'due') return t('queue.which.due');
  if (value === 'put_off') return t('queue.which.put_off');
  if (value === 'retrying') return t('queue.which.retrying');
  return t('queue.which.any');
}
