import type { Enrollment, EnrollmentDetail } from '@signalbox/engine/flows/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, Route } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { contactEnrollmentsQuery, enrollmentQuery } from '../lib/queries.ts';
import { t, tr } from '../lib/translate.ts';
import { EnrollmentSignal } from '../people/enrollment-signal.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState, ErrorState, Skeleton, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

/** Every enrollment of a person in a flow; each opens to its path with the reason at every turn. */
export function ContactPaths({ contactId, opened }: { readonly contactId: string; readonly opened: string | null }) {
  const list = useInfiniteQuery(contactEnrollmentsQuery(contactId));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const [open, setOpen] = useState<string | null>(opened);
  const shown = open ?? rows[0]?.id ?? null;
  if (list.isPending) return <SkeletonRows label={t('loading')} rows={3} />;
  if (list.isError) return <ErrorState problem={problemFrom(list.error)} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) {
    return (
      <EmptyState
        art={<Route aria-hidden className="size-8 text-ink-3" />}
        title={t('path.empty.title')}
        text={t('path.empty.text')}
      />
    );
  }
  return (
    <div className="space-y-3">
      {rows.map((row) => (
        <Passage
          key={row.id}
          contactId={contactId}
          enrollment={row}
          open={row.id === shown}
          onToggle={() => setOpen(row.id === shown ? '' : row.id)}
        />
      ))}
      {list.hasNextPage ? <Button onClick={() => void list.fetchNextPage()}>{t('action.more')}</Button> : null}
    </div>
  );
}

type PassageProps = {
  readonly contactId: string;
  readonly enrollment: Enrollment;
  readonly open: boolean;
  readonly onToggle: () => void;
};

function Passage({ contactId, enrollment, open, onToggle }: PassageProps) {
  return (
    <section className="rounded-lg border border-line bg-surface shadow-card">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-left"
      >
        <ChevronDown aria-hidden className={cn('size-4 text-ink-3 transition-transform', !open && '-rotate-90')} />
        <span className="flex min-w-0 flex-1 items-baseline gap-1.5 max-md:basis-[calc(100%-1.75rem)]">
          <span dir="auto" className="truncate font-semibold">
            {enrollment.flow_name}
          </span>
          <span
            className="num shrink-0 text-ink-3"
            title={t('versions.number', { version: String(enrollment.version) })}
          >
            {t('versions.short', { version: String(enrollment.version) })}
          </span>
        </span>
        <EnrollmentSignal state={enrollment.state} />
        <Time at={enrollment.started_at} className="text-ink-3 text-sm" />
      </button>
      {open ? <Path contactId={contactId} enrollment={enrollment} /> : null}
    </section>
  );
}

function Path({ contactId, enrollment }: { readonly contactId: string; readonly enrollment: Enrollment }) {
  const detail = useQuery(enrollmentQuery(contactId, enrollment.id));
  if (detail.isPending) return <Skeleton className="mx-4 mb-4 h-24" />;
  if (detail.isError)
    return <ErrorState problem={problemFrom(detail.error)} onRetry={() => void detail.refetch()} className="py-6" />;
  return (
    <div className="border-line border-t px-4 py-4">
      <ol data-testid="path" className="space-y-4">
        {detail.data.path.map((entry) => (
          <li
            key={entry.hop}
            className="relative pl-6 before:absolute before:top-4 before:-bottom-6 before:left-[5px] before:w-0.5 before:bg-track"
          >
            <span
              aria-hidden
              className="absolute top-[5px] left-0 size-3 rounded-full border-2 border-track bg-surface"
            />
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span dir="auto" className="min-w-0 font-medium [overflow-wrap:anywhere]">
                {tr(entry.step_title)}
              </span>
              {entry.outlet_label === null || entry.outlet === 'next' ? null : (
                <span
                  dir="auto"
                  className="min-w-0 rounded-full border border-line px-1.5 text-ink-2 text-xs [overflow-wrap:anywhere]"
                >
                  {tr(entry.outlet_label)}
                </span>
              )}
              <span className="flex-1" />
              <Time at={entry.at} className="text-ink-3 text-xs" />
            </p>
            {detailOf(entry) === '' ? null : (
              <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
                {tr(detailOf(entry))}
              </p>
            )}
          </li>
        ))}
        <Now detail={detail.data} />
      </ol>
      <Button kind="link" size="text" className="mt-4" asChild>
        <Link
          to="/flows/$flowId"
          params={{ flowId: enrollment.flow_id }}
          search={enrollment.step_id === null ? {} : { step: enrollment.step_id }}
        >
          {t('path.show_in_flow')}
        </Link>
      </Button>
    </div>
  );
}

/** Why it went as it did, else what the step does: of two messages one sees which it was. */
function detailOf({ reason, outlet_label, step_summary }: EnrollmentDetail['path'][number]): string {
  return reason === null || reason.text === outlet_label ? step_summary : reason.text;
}

function Now({ detail }: { readonly detail: EnrollmentDetail }) {
  // The last step on the path says the same where the enrollment ended there.
  const reason = detail.reason?.text === detail.path.at(-1)?.reason?.text ? null : detail.reason;
  return (
    <li className="relative pl-6">
      <span
        aria-hidden
        className={cn('absolute top-1 left-0 size-3 rounded-full', detail.state === 'failed' ? 'bg-stop' : 'bg-action')}
      />
      <p className="flex flex-wrap items-center gap-2">
        <EnrollmentSignal state={detail.state} />
        {detail.due_at === null ? null : (
          <span className="text-ink-3 text-sm">
            {t('path.until')} <Time at={detail.due_at} />
          </span>
        )}
      </p>
      {reason === null ? null : (
        <p dir="auto" className="text-ink-2 text-sm [overflow-wrap:anywhere]">
          {tr(reason.text)}
        </p>
      )}
    </li>
  );
}
