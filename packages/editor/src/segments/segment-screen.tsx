import type { Segment } from '@signalbox/engine/segments/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronRight, LoaderCircle, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { segmentsQuery } from '../lib/segments.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { MemberList } from './member-list.tsx';
import { segmentQuery } from './queries.ts';
import { SegmentForm, segmentForm } from './segment-form.tsx';

/** One segment, or a new one: its condition with whom it fits right now, and who is in it. */
export function SegmentScreen() {
  const { segmentId } = useParams({ from: '/frame/contacts/segments/$segmentId' });
  const isNew = segmentId === 'new';
  const found = useQuery({ ...segmentQuery(segmentId), enabled: !isNew });
  const segment = isNew ? null : (found.data ?? null);
  if (!isNew && found.isError && problemFrom(found.error).status === 404) return <Missing />;
  const title = isNew ? t('segments.new') : (segment?.name ?? '');
  return (
    <>
      <TopBar
        pageTitle={title === '' ? t('segments.title') : title}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/contacts/segments" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('segments.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {title}
            </h1>
          </nav>
        }
        state={
          segment?.state === 'building' ? (
            <Signal tone="wait" icon={LoaderCircle}>
              {t('segments.building')}
            </Signal>
          ) : null
        }
      >
        {segment === null ? null : <Remove segment={segment} />}
        {isNew || segment !== null ? (
          <Button kind="primary" type="submit" form={segmentForm}>
            {t('segments.save')}
          </Button>
        ) : null}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-6xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {!isNew && found.isPending ? <Skeleton className="h-72" /> : null}
          {!isNew && found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {isNew || segment !== null ? <SegmentForm key={segmentId} segment={segment} /> : null}
          {segment === null ? null : <MemberList segmentId={segment.id} />}
        </div>
      </div>
    </>
  );
}

function Remove({ segment: { id, name } }: { readonly segment: Segment }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/segments/${id}`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      void navigate({ to: '/contacts/segments' });
    },
    onError: (error) => {
      setAsking(false);
      toast.error(problemLine(problemFrom(error)));
    },
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Trash2 aria-hidden />
        <span className="max-md:sr-only">{t('segments.delete')}</span>
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('segments.delete_of', { name })}
        description={t('segments.delete.text')}
        confirm={t('segments.delete_of', { name })}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

function Missing() {
  return (
    <MissingState title={t('segments.missing.title')} text={t('segments.missing.text')}>
      <Button asChild>
        <Link to="/contacts/segments">{t('segments.all')}</Link>
      </Button>
    </MissingState>
  );
}
