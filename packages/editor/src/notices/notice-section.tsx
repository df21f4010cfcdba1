import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { NoticeRow } from './notice-row.tsx';
import { noticesQuery } from './queries.ts';
import { readNotices } from './read-notices.ts';

/** The notices of what goes on or of what is over, under their title. */
export function NoticeSection({
  state,
  title,
  none,
}: {
  readonly state: 'open' | 'past';
  readonly title: string;
  readonly none: string;
}) {
  const notices = useInfiniteQuery(noticesQuery(state));
  const [first] = notices.data?.pages ?? [];
  const rows = notices.data?.pages.flatMap((page) => page.data) ?? [];
  useEffect(() => {
    if (first !== undefined) void readNotices(first);
  }, [first]);
  return (
    <section aria-label={title} className="rounded-lg border border-line bg-surface shadow-card">
      <h2 className="px-4 pt-4 pb-2 font-semibold text-base md:px-5">{title}</h2>
      {notices.isPending ? <SkeletonRows rows={2} label={t('loading')} /> : null}
      {notices.isError ? (
        <ErrorState problem={problemFrom(notices.error)} onRetry={() => void notices.refetch()} />
      ) : null}
      {notices.isSuccess && rows.length === 0 ? <p className="px-4 pb-5 text-ink-2 text-sm md:px-5">{none}</p> : null}
      {rows.length === 0 ? null : (
        <ul aria-label={title} className="divide-y divide-line">
          {rows.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} />
          ))}
        </ul>
      )}
      {notices.hasNextPage ? (
        <div className="border-line border-t p-2 text-center">
          <Button kind="ghost" disabled={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
            {t('action.more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
