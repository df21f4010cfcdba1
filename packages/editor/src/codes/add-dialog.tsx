import type { CodePool } from '@signalbox/engine/codes/contract';
import { useMutation } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { addToPool } from './queries.ts';
import { readCodes } from './read-codes.ts';

/** Puts codes into a pool: some that are made, or those of a shop, from a list or a file. */
export function AddDialog({ pool, onClose }: { readonly pool: CodePool; readonly onClose: () => void }) {
  const [way, setWay] = useState<string>('made');
  const [pattern, setPattern] = useState(`${pool.key.toUpperCase().replaceAll('_', '-').slice(0, 20)}-########`);
  const [count, setCount] = useState('1000');
  const [written, setWritten] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const codes = readCodes(written);
  const save = useMutation({
    mutationFn: () => addToPool(pool.id, way === 'made' ? { pattern, count: Number(count) } : { codes }),
    onSuccess: ({ added, known }) => {
      toast.success(known === 0 ? t('codes.added', { n: added }) : t('codes.added_known', { n: added, known }));
      onClose();
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const ofCodes = (problem?.errors ?? [])
    .filter(({ path }) => path[0] === 'codes')
    .slice(0, 1)
    .map(({ path, message }) => ({
      severity: 'error' as const,
      title: typeof path[1] === 'number' ? t('codes.line', { n: path[1] + 1, message }) : message,
      action: '',
    }));
  const above =
    ofCodes.length > 0
      ? null
      : formNote(problem, ['pattern', 'count'], {
          title: t('goals.changed_elsewhere'),
          action: t('fields.look_again'),
        });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('codes.add_to', { name: pool.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" disabled={save.isPending} onClick={() => save.mutate()}>
            {t('codes.add')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormProblem note={above} />
        <Field id="codes-way" label={t('codes.way')}>
          <Select
            id="codes-way"
            label={t('codes.way')}
            value={way}
            choices={[
              { value: 'made', label: t('codes.way.made'), help: t('codes.way.made.help') },
              { value: 'own', label: t('codes.way.own'), help: t('codes.way.own.help') },
            ]}
            onChange={setWay}
          />
        </Field>
        {way === 'made' ? (
          <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
            <Field
              id="codes-pattern"
              label={t('codes.pattern')}
              help={t('codes.pattern.help')}
              notes={fieldNotes(problem, 'pattern')}
            >
              <Input
                id="codes-pattern"
                className="font-mono"
                value={pattern}
                maxLength={64}
                spellCheck={false}
                aria-describedby="codes-pattern-help codes-pattern-problems"
                onChange={(event) => setPattern(event.target.value)}
              />
            </Field>
            <Field
              id="codes-count"
              label={t('codes.count')}
              help={t('codes.count.help')}
              notes={fieldNotes(problem, 'count')}
            >
              <Input
                id="codes-count"
                type="number"
                min={1}
                max={100_000}
                className="num"
                value={count}
                aria-describedby="codes-count-help codes-count-problems"
                onChange={(event) => setCount(event.target.value)}
              />
            </Field>
          </div>
        ) : (
          <Field id="codes-own" label={t('codes.own')} help={t('codes.own.help')} notes={ofCodes}>
            <Textarea
              id="codes-own"
              rows={6}
              className="font-mono text-sm"
              value={written}
              spellCheck={false}
              aria-describedby="codes-own-help codes-own-problems"
              onChange={(event) => setWritten(event.target.value)}
            />
            <div className="flex flex-wrap items-center gap-3">
              <input
                ref={file}
                type="file"
                accept=".csv,.txt,text/csv,text/plain"
                aria-label={t('codes.file')}
                tabIndex={-1}
                className="sr-only"
                onChange={(event) => {
                  const [chosen] = event.target.files ?? [];
                  event.target.value = '';
                  if (chosen !== undefined) void chosen.text().then(setWritten);
                }}
              />
              <Button size="sm" onClick={() => file.current?.click()}>
                <FileUp aria-hidden />
                {t('codes.file')}
              </Button>
              <span className="num text-ink-2 text-sm">{t('codes.codes_n', { n: codes.length })}</span>
            </div>
          </Field>
        )}
      </div>
    </Dialog>
  );
}
