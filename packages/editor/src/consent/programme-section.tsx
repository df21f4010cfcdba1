import type { Programme } from '@signalbox/engine/programmes/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ProgrammeDialog } from './programme-dialog.tsx';
import { programmesQuery } from './queries.ts';

/** What people sign up for, each with every version of the words that they were shown. */
export function ProgrammeSection() {
  const [adding, setAdding] = useState(false);
  const list = useInfiniteQuery(programmesQuery);
  const programmes = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      title={t('programmes.title')}
      text={t('programmes.text')}
      actions={
        <>
          <Button asChild>
            <a href="/api/v1/consents/export" download>
              {t('programmes.export')}
            </a>
          </Button>
          <Button onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            {t('programmes.add')}
          </Button>
        </>
      }
    >
      {list.isPending ? <SkeletonRows label={t('loading')} rows={2} /> : null}
      {list.isError ? <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && programmes.length === 0 ? <p className="text-ink-2 text-sm">{t('programmes.none')}</p> : null}
      <ul aria-label={t('programmes.title')} className="flex flex-col gap-5">
        {programmes.map((programme) => (
          <ProgrammeItem key={programme.id} programme={programme} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button className="mt-3" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('action.more')}
        </Button>
      ) : null}
      {adding ? <ProgrammeDialog programme={null} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function ProgrammeItem({ programme }: { readonly programme: Programme }) {
  const [rewording, setRewording] = useState(false);
  const { id, name, brand, purpose, description, archived, versions, revision } = programme;
  const archive = useMutation({
    mutationFn: () =>
      request<Programme>('PATCH', `/consent/programmes/${id}`, { body: { archived: !archived }, revision }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['programmes'] }),
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <li>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <h3 dir="auto" className="font-medium [overflow-wrap:anywhere]">
            {name}
          </h3>
          <p className="text-ink-2 text-sm">
            {t(archived ? 'programmes.about_archived' : 'programmes.about', {
              brand,
              purpose: tOpen(`purpose.${purpose}`, purpose),
            })}
          </p>
          {description === '' ? null : (
            <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
              {description}
            </p>
          )}
        </div>
        <div className="flex gap-1.5">
          <Button disabled={archive.isPending} onClick={() => archive.mutate()}>
            {t(archived ? 'programmes.unarchive' : 'programmes.archive')}
          </Button>
          <Button onClick={() => setRewording(true)}>{t('programmes.reword')}</Button>
        </div>
      </div>
      <ol className="mt-2 space-y-3">
        {versions.map((version) => (
          <li key={version.version} className="border-line border-s-2 ps-3 text-sm">
            <p className="flex flex-wrap gap-x-2 text-ink-3">
              <span className="num">{t('programmes.version', { version: version.version })}</span>
              <Time at={version.created_at} />
              <code className="font-mono text-xs">{version.hash.slice(0, 12)}</code>
            </p>
            <p dir="auto" className="whitespace-pre-line [overflow-wrap:anywhere]">
              {version.disclosure}
            </p>
            {version.question === null ? null : (
              <p dir="auto" className="text-ink-2 [overflow-wrap:anywhere]">
                {t('programmes.asks', { question: version.question })}
              </p>
            )}
          </li>
        ))}
      </ol>
      {rewording ? <ProgrammeDialog programme={programme} onClose={() => setRewording(false)} /> : null}
    </li>
  );
}
