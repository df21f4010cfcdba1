import type { Suppression, SuppressionImport } from '@signalbox/engine/suppression/contract';
import { suppressionReasons } from '@signalbox/nodes/define/consent-codes';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Download, FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { BlockDialog } from './block-dialog.tsx';
import { suppressionsQuery } from './queries.ts';

const every = 'every';

/** Numbers that are never texted, each with why; what the workspace did itself it can take back. */
export function SuppressionSection() {
  const [search, setSearch] = useState('');
  const [reason, setReason] = useState(every);
  const [blocking, setBlocking] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  // What is no number finds nobody: it is not asked for.
  const digits = search.replace(/[^\d\s().+-]/g, '').trim();
  const list = useInfiniteQuery(suppressionsQuery(digits.length < 2 ? '' : digits, reason === every ? '' : reason));
  const load = useMutation({
    mutationFn: async (file: File) =>
      request<SuppressionImport>('POST', '/suppressions/import', {
        raw: { body: new Uint8Array(await file.arrayBuffer()), type: 'text/csv' },
        idempotencyKey: randomId(),
      }),
    onSuccess: ({ suppressed, already, failed }) => {
      void queryClient.invalidateQueries({ queryKey: ['suppressions'] });
      const said = t('suppressions.imported', { suppressed, already });
      if (failed === 0) toast.success(said);
      else toast.warning(`${said} ${t('suppressions.left_out', { n: failed })}`);
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      title={t('suppressions.title')}
      text={t('suppressions.text')}
      actions={
        <>
          <Button disabled={load.isPending} onClick={() => picker.current?.click()}>
            <FileUp aria-hidden />
            {t('suppressions.import_file')}
          </Button>
          <Button asChild>
            <a href="/api/v1/suppressions/export" download>
              <Download aria-hidden />
              {t('suppressions.export')}
            </a>
          </Button>
          <Button kind="primary" onClick={() => setBlocking(true)}>
            <Ban aria-hidden />
            {t('suppressions.block')}
          </Button>
        </>
      }
    >
      <input
        ref={picker}
        type="file"
        accept=".csv,text/csv"
        aria-label={t('suppressions.import_file')}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen !== undefined) load.mutate(chosen);
          event.target.value = '';
        }}
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox
          value={search}
          onChange={setSearch}
          label={t('suppressions.search')}
          className="min-w-0 flex-1 basis-48"
        />
        <Select
          label={t('suppressions.reason')}
          value={reason}
          choices={[
            { value: every, label: t('suppressions.every') },
            ...suppressionReasons.map((value) => ({ value, label: t(`suppressions.${value}`) })),
          ]}
          onChange={setReason}
          className="basis-48"
        />
      </div>
      {list.isPending ? <SkeletonRows label={t('loading')} rows={3} /> : null}
      {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? (
        <p className="text-ink-2 text-sm">
          {t(digits === '' && reason === every ? 'suppressions.none' : 'suppressions.none_found')}
        </p>
      ) : null}
      {rows.length === 0 ? null : (
        <ul aria-label={t('suppressions.title')} className="-mx-4 divide-y divide-line border-line border-y md:-mx-5">
          {rows.map((row) => (
            <SuppressionLine key={row.id} row={row} />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button className="mt-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
      {blocking ? <BlockDialog onClose={() => setBlocking(false)} /> : null}
    </Section>
  );
}

/** One number and one reason, with who gave it and a way to take it back where there is one. */
function SuppressionLine({ row }: { readonly row: Suppression }) {
  const [asking, setAsking] = useState(false);
  const number = row.number ?? t('suppressions.erased');
  const reason = tOpen(`suppressions.${row.reason}`, row.reason);
  const lift = useMutation({
    mutationFn: () => request<null>('DELETE', `/suppressions/${row.id}`),
    onSuccess: () => {
      setAsking(false);
      void queryClient.invalidateQueries({ queryKey: ['suppressions'] });
      toast.success(t('suppressions.lifted', { number }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 md:px-5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="num font-medium">
          {row.contact_id === null ? (
            number
          ) : (
            <Link to="/contacts/$contactId" params={{ contactId: row.contact_id }} className="hover:underline">
              {number}
            </Link>
          )}
        </p>
        <p className="text-ink-2 text-sm">
          {reason}
          {row.note === null ? null : (
            <span dir="auto" className="[overflow-wrap:anywhere]">
              {' '}
              · {row.note}
            </span>
          )}
        </p>
      </div>
      <Time at={row.at} className="text-ink-3 text-sm" />
      {row.liftable ? (
        <Button aria-label={t('suppressions.lift_number', { number })} onClick={() => setAsking(true)}>
          {t('suppressions.lift')}
        </Button>
      ) : (
        <span className="text-ink-3 text-sm">{t('suppressions.theirs')}</span>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('suppressions.lift_number', { number })}
        description={t('suppressions.lift_text', { reason })}
        confirm={t('suppressions.lift')}
        busy={lift.isPending}
        onConfirm={() => lift.mutate()}
      />
    </li>
  );
}
