import type { ImportResult } from '@signalbox/engine/contacts/contract';
import { storedContactFields, writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import { decodeCsv } from '@signalbox/nodes/text/csv-bytes';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Download, FileUp } from 'lucide-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { refusedRows } from './refused-rows.ts';

type Outcome = { readonly result: ImportResult; readonly text: string; readonly name: string };
const largest = 5 * 1024 * 1024;

/** A file as it may look: what we know of people, and a column of one's own. */
const exampleFile = [
  ['phone', ...writtenFieldNames, 'plan'],
  ['+12025550143', ...writtenFieldNames.map((name) => storedContactFields[name].sample), 'gold'],
]
  .map((row) => row.join(','))
  .join('\n');

/** Takes a CSV file, by choosing or dropping it; refused rows are named and can be had back as a file. */
export function ImportDialog({ file, onClose }: { readonly file: File | null; readonly onClose: () => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const load = useMutation({
    mutationFn: async (chosen: File): Promise<Outcome> => {
      if (chosen.size > largest) throw new Error(t('import.too_large'));
      // Its bytes as they are: a browser that reads them as text replaces what it does not understand.
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      const result = await request<ImportResult>('POST', '/contacts/import', {
        raw: { body: bytes, type: 'text/csv' },
        idempotencyKey: randomId(),
      });
      return { result, text: decodeCsv(bytes) ?? '', name: chosen.name };
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['contacts'] }),
  });
  const { mutate } = load;
  useEffect(() => {
    if (file !== null) mutate(file);
  }, [file, mutate]);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped !== undefined) mutate(dropped);
  };
  const problem = load.isError ? problemFrom(load.error) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('contacts.import')}
      description={t('import.text')}
      width="max-w-2xl"
      footer={
        load.isSuccess ? (
          <Button kind="primary" onClick={onClose}>
            {t('action.done')}
          </Button>
        ) : undefined
      }
    >
      {load.isSuccess ? (
        <Result outcome={load.data} />
      ) : (
        <>
          <button
            type="button"
            disabled={load.isPending}
            onClick={() => picker.current?.click()}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={onDrop}
            className={cn(
              'flex w-full flex-col items-center gap-2 rounded-lg border-[1.5px] border-line-strong/60 border-dashed px-6 py-10 text-center transition-colors hover:border-action hover:bg-action-soft',
              over && 'border-action bg-action-soft',
            )}
          >
            <FileUp aria-hidden className="size-6 text-ink-3" />
            <span className="font-medium">{t(load.isPending ? 'import.busy' : 'import.choose')}</span>
            <span className="text-ink-3 text-sm">{t('import.columns')}</span>
          </button>
          <input
            ref={picker}
            type="file"
            accept=".csv,text/csv"
            aria-label={t('import.choose')}
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              if (chosen !== undefined) mutate(chosen);
              event.target.value = '';
            }}
          />
          <pre className="mt-4 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-ink-2 text-xs">
            {exampleFile}
          </pre>
          {problem === null ? null : (
            <p role="alert" className="mt-3 flex gap-2 text-sm text-stop">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {problemLine(problem)}
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}

function Result({ outcome }: { readonly outcome: Outcome }) {
  const { result } = outcome;
  const download = () => {
    const url = URL.createObjectURL(new Blob([refusedRows(outcome.text, result.errors)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = outcome.name.replace(/(\.csv)?$/i, '-refused.csv');
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="space-y-4">
      <ul className="space-y-1.5">
        <li className="num flex items-center gap-2 text-live">
          <CircleCheck aria-hidden className="size-4" />
          {t('import.created', { n: result.created })}, {t('import.updated', { n: result.updated })}
        </li>
        {result.failed === 0 ? null : (
          <li className="num flex items-center gap-2 text-stop">
            <CircleAlert aria-hidden className="size-4" />
            {t('import.failed', { n: result.failed })}
          </li>
        )}
      </ul>
      <Columns columns={result.columns} />
      {result.errors.length === 0 ? null : (
        <>
          <div className="thin-scroll max-h-72 overflow-auto rounded-md border border-line">
            <table className="w-full table-fixed text-left text-sm">
              <thead className="sticky top-0 bg-sunken text-ink-3">
                <tr>
                  <th className="w-14 px-3 py-2 font-medium">{t('import.row')}</th>
                  <th className="px-3 py-2 font-medium">{t('import.field')}</th>
                  <th className="px-3 py-2 font-medium">{t('import.value')}</th>
                  <th className="px-3 py-2 font-medium">{t('import.problem')}</th>
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {result.errors.map((error) => (
                  <tr key={`${error.row} ${error.field} ${error.code}`}>
                    <td className="px-3 py-1.5">{error.row}</td>
                    <td dir="auto" className="px-3 py-1.5 text-start [overflow-wrap:anywhere]">
                      {error.field}
                    </td>
                    <td dir="auto" className="truncate px-3 py-1.5 text-start font-mono text-xs">
                      {error.value}
                    </td>
                    <td dir="auto" className="px-3 py-1.5 text-start [overflow-wrap:anywhere]">
                      {tOpen(`error.${error.code}`, error.message)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {result.failed > result.errors.length ? (
            <p className="text-ink-2 text-sm">{t('import.first_shown', { n: result.errors.length })}</p>
          ) : null}
          <Button onClick={download}>
            <Download aria-hidden />
            {t('import.download')}
          </Button>
        </>
      )}
    </div>
  );
}

/** Which column became what, where that is not plain from its name, and which were left out. */
function Columns({ columns }: Pick<ImportResult, 'columns'>) {
  const leftOut = columns.filter(({ field }) => field === null).map(({ header }) => header || t('import.no_name'));
  const renamed = columns.filter(({ header, field }) => field !== null && field !== header.toLowerCase());
  return (
    <>
      {renamed.length === 0 ? null : (
        <p dir="auto" className="text-ink-2 text-sm">
          {t('import.renamed', { list: renamed.map(({ header, field }) => `${header} → ${field}`).join(', ') })}
        </p>
      )}
      {leftOut.length === 0 ? null : (
        <p dir="auto" className="text-ink-2 text-sm">
          {t('import.left_out', { list: leftOut.join(', ') })}
        </p>
      )}
    </>
  );
}
