import type { CodePool } from '@signalbox/engine/codes/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { rememberPool } from './queries.ts';

/** Adds a pool of codes, or changes what one is called and when it is low. */
export function PoolDialog({
  pool,
  onDone,
  onClose,
}: {
  readonly pool: CodePool | null;
  readonly onDone?: (pool: CodePool) => void;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState(pool?.name ?? '');
  const [low, setLow] = useState(pool === null ? '100' : String(pool.low_at ?? ''));
  const save = useMutation({
    mutationFn: () => {
      const body = { name, low_at: low.trim() === '' ? null : Number(low) };
      return pool === null
        ? request<CodePool>('POST', '/code-pools', { body, idempotencyKey: randomId() })
        : request<CodePool>('PATCH', `/code-pools/${pool.id}`, { body, revision: pool.revision });
    },
    onSuccess: (saved) => {
      rememberPool(saved);
      onClose();
      onDone?.(saved);
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const above = formNote(problem, ['name', 'key', 'low_at'], {
    title: t('goals.changed_elsewhere'),
    action: t('fields.look_again'),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={pool === null ? t('codes.new') : t('goals.edit_of', { name: pool.name })}
      description={pool === null ? t('codes.new.text') : undefined}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t(pool === null ? 'codes.add_pool' : 'codes.save')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate();
        }}
      >
        <FormProblem note={above} />
        <Field
          id="pool-name"
          label={t('codes.name')}
          notes={[...fieldNotes(problem, 'name'), ...fieldNotes(problem, 'key')]}
        >
          <Input
            id="pool-name"
            autoFocus
            value={name}
            maxLength={80}
            placeholder={t('codes.name.placeholder')}
            aria-describedby="pool-name-problems"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          id="pool-low"
          label={t('codes.low_at')}
          help={t('codes.low_at.help')}
          notes={fieldNotes(problem, 'low_at')}
        >
          <Input
            id="pool-low"
            type="number"
            min={1}
            className="num w-32"
            value={low}
            aria-describedby="pool-low-help pool-low-problems"
            onChange={(event) => setLow(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
