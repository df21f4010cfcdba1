import type { WaitingCodeList } from '@signalbox/engine/sending/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import type { Held } from './hold-names.ts';
import { codesQuery } from './queue-queries.ts';

/** Stands for any code: no code is called so. */
const any = '*';
const ages = [0, 10, 60, 720] as const;

/** What messages wait for and how old they are, as the API takes it. */
export type Chosen = { readonly queued_before?: string; readonly code?: string };

type Choice = { readonly chosen: Chosen; readonly code: string; readonly age: string };

/** @param asked what they wait for, where that is what was asked about. */
export function useChoice(asked: string | undefined): Choice & {
  readonly setCode: (code: string) => void;
  readonly setAge: (age: string) => void;
} {
  const [age, setAge] = useState('0');
  const [code, setCode] = useState(asked ?? any);
  const [openedAt] = useState(() => Date.now());
  const chosen: Chosen = {
    ...(code === any ? {} : { code }),
    ...(age === '0' ? {} : { queued_before: new Date(openedAt - Number(age) * 60_000).toISOString() }),
  };
  return { chosen, code, age, setCode, setAge };
}

/** Asks what the messages of something wait for, and how old they are. */
export function ChoiceFields({
  held,
  asked,
  waiting,
  choice: { code, age, setCode, setAge },
}: {
  readonly held: Held;
  readonly asked: string | undefined;
  /** How they wait, where only such are meant. */
  readonly waiting?: string;
  readonly choice: ReturnType<typeof useChoice>;
}) {
  const codes = useQuery(codesQuery({ ...held.subject, ...(waiting === undefined ? {} : { waiting }) }));
  return (
    <>
      <Field id="queue-code" label={t('queue.cancel.code')}>
        <Select
          id="queue-code"
          label={t('queue.cancel.code')}
          value={code}
          onChange={setCode}
          choices={[
            { value: any, label: t('queue.code.any') },
            ...withAsked(codes.data?.data ?? [], asked).map((each) => ({ value: each.code, label: codeText(each) })),
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
    </>
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
