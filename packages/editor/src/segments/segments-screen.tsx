import type { Segment } from '@signalbox/engine/segments/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleDashed, LoaderCircle, Plus } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { reachQuery, segmentsQuery } from '../lib/segments.ts';
import { t, tr } from '../lib/translate.ts';
import { ReachLine } from '../people/reach-line.tsx';
import { Button } from '../ui/button.tsx';
import { Signal } from '../ui/signal.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';

/** Segments: what each asks, how many people are in it, and how many of them can be written to. */
export function SegmentsScreen() {
  const segments = useQuery(segmentsQuery);
  const all = segments.data ?? [];
  const add = (
    <Button kind="primary" asChild>
      <Link to="/contacts/segments/$segmentId" params={{ segmentId: 'new' }}>
        <Plus aria-hidden />
        {t('segments.new')}
      </Link>
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('segments.title')}</ScreenTitle>} pageTitle={t('segments.title')}>
        {add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-5 md:px-8 md:py-7">
          {segments.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {segments.isError ? (
            <ErrorState problem={problemFrom(segments.error)} onRetry={() => void segments.refetch()} />
          ) : null}
          {segments.isSuccess && all.length === 0 ? (
            <EmptyState
              art={<CircleDashed aria-hidden className="size-9 text-ink-3" />}
              title={t('segments.empty.title')}
              text={t('segments.empty.text')}
            >
              {add}
            </EmptyState>
          ) : null}
          {all.length === 0 ? null : (
            <ul
              aria-label={t('segments.list')}
              className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface shadow-card"
            >
              {all.map((segment) => (
                <SegmentRow key={segment.id} segment={segment} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </>
  );
}

function SegmentRow({ segment }: { readonly segment: Segment }) {
  const { id, name, sentence, size, state } = segment;
  const reach = useQuery(reachQuery(id));
  return (
    <li className="relative flex items-start gap-x-6 gap-y-1 px-4 py-3.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 max-md:flex-col md:px-5">
      <div className="min-w-0 flex-1">
        <Link
          to="/contacts/segments/$segmentId"
          params={{ segmentId: id }}
          dir="auto"
          className="font-semibold outline-none [overflow-wrap:anywhere] after:absolute after:inset-0"
        >
          {name}
        </Link>
        <p
          dir="auto"
          className="mt-0.5 line-clamp-2 text-ink-2 text-sm first-letter:uppercase [overflow-wrap:anywhere]"
        >
          {tr(sentence)}
        </p>
      </div>
      <div className="flex shrink-0 flex-col gap-1 md:items-end">
        <span className="flex items-center gap-2">
          {state === 'building' ? (
            <Signal tone="wait" icon={LoaderCircle}>
              {t('segments.building')}
            </Signal>
          ) : null}
          <span className="num font-semibold">{t('segments.size', { n: size })}</span>
        </span>
        {reach.data === undefined ? (
          <Skeleton className="h-4 w-40" />
        ) : (
          <ReachLine reach={reach.data} label={t('segments.reach')} />
        )}
      </div>
    </li>
  );
}
