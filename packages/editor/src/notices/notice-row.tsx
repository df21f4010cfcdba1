import type { Notice } from '@signalbox/engine/notices/contract';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import { cn } from '../lib/cn.ts';
import { t, tr } from '../lib/translate.ts';
import { Time } from '../ui/time.tsx';

/** What tells how much a notice matters, or that it is over. */
function NoticeMark({ severity, resolved_at }: Notice) {
  if (resolved_at !== null)
    return <CircleCheck aria-label={t('notices.over')} className="mt-0.5 size-4 shrink-0 text-live" />;
  return severity === 'error' ? (
    <CircleX aria-label={t('notices.error')} className="mt-0.5 size-4 shrink-0 text-stop" />
  ) : (
    <TriangleAlert aria-label={t('notices.warning')} className="mt-0.5 size-4 shrink-0 text-wait" />
  );
}

/** One notice: what happened and when, what to do, and the way there. */
export function NoticeRow({
  notice,
  onLeave,
  dense = false,
}: {
  readonly notice: Notice;
  /** Called when its link is followed. */
  readonly onLeave?: () => void;
  readonly dense?: boolean;
}) {
  const { title, action, remedy, raised_at, resolved_at, read_at, mailed_at } = notice;
  return (
    <li className={cn('flex gap-3', dense ? 'px-4 py-3' : 'px-4 py-3.5 md:px-5')}>
      <NoticeMark {...notice} />
      <div className="min-w-0 flex-1 text-sm">
        <p dir="auto" className={cn('text-pretty [overflow-wrap:anywhere]', read_at === null && 'font-semibold')}>
          {tr(title)}
        </p>
        {resolved_at === null ? (
          <p dir="auto" className="mt-0.5 text-pretty text-ink-2 [overflow-wrap:anywhere]">
            {tr(action)}
          </p>
        ) : null}
        <p className="mt-1 flex flex-wrap items-center gap-x-3 text-ink-3 text-xs">
          <Time at={raised_at} />
          {dense || mailed_at === null ? null : <span>{t('notices.mailed')}</span>}
          {resolved_at === null ? null : (
            <span>
              {t('notices.over')} <Time at={resolved_at} />
            </span>
          )}
          {remedy === null || resolved_at !== null ? null : (
            <Link
              to={remedy.path}
              {...(onLeave === undefined ? {} : { onClick: onLeave })}
              className="inline-flex min-h-6 items-center font-medium text-action text-sm hover:underline max-md:min-h-11"
            >
              {tr(remedy.label)}
            </Link>
          )}
        </p>
      </div>
    </li>
  );
}
