import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { linesOf } from '../lib/lines-of.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';

/** Blocks numbers, one a line, with a note that says why. */
export function BlockDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const numbers = linesOf(text);
  const block = useMutation({
    mutationFn: () =>
      request<unknown>('POST', '/suppressions', {
        body: { numbers, reason: 'blocked', ...(note.trim() === '' ? {} : { note }) },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['suppressions'] });
      toast.success(t('suppressions.blocked_now', { n: numbers.length }));
      onClose();
    },
  });
  const problem = block.isError ? problemFrom(block.error) : null;
  const placed = (problem?.errors ?? [])
    .map(({ path }) => path.join('.'))
    .filter((path) => path.startsWith('numbers') || path === 'note');
  const above = formNote(problem, placed, { title: '', action: '' });
  const notes = placed
    .filter((path) => path.startsWith('numbers'))
    .flatMap((path) =>
      fieldNotes(problem, path).map((each) => {
        const line = numbers[Number(path.split('.')[1])];
        return line === undefined ? each : { ...each, title: t('suppressions.wrong', { line, problem: each.title }) };
      }),
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('suppressions.block')}
      description={t('suppressions.block_text')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={numbers.length === 0 || block.isPending} onClick={() => block.mutate()}>
            {t('suppressions.block')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem note={above} />
        <Field id="block-numbers" label={t('suppressions.numbers')} help={t('suppressions.numbers_help')} notes={notes}>
          <Textarea
            id="block-numbers"
            rows={4}
            value={text}
            spellCheck={false}
            aria-invalid={notes.length > 0 || undefined}
            aria-describedby="block-numbers-help block-numbers-problems"
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Field id="block-note" label={t('suppressions.note')} notes={fieldNotes(problem, 'note')}>
          <Input id="block-note" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
