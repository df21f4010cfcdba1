import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { NoticeRow } from './notice-row.tsx';
import { screen } from './notices.screen.ts';
import { newestNoticesQuery } from './queries.ts';
import { readNotices } from './read-notices.ts';

/** The newest notices behind a bell that says how many nobody has read. What it showed is read once it closes. */
export function NoticeBell() {
  const [open, setOpen] = useState(false);
  const { data: newest } = useQuery(newestNoticesQuery);
  const unread = newest?.unread ?? 0;
  const close = () => {
    setOpen(false);
    if (newest !== undefined) void readNotices(newest);
  };
  return (
    <Popover
      open={open}
      onOpenChange={(next) => (next ? setOpen(true) : close())}
      align="end"
      label={t('notices.title')}
      className="flex max-h-[min(34rem,var(--radix-popover-content-available-height))] w-96 max-w-[calc(100vw-1rem)] flex-col overflow-hidden"
      trigger={
        <Button
          kind="ghost"
          size="icon"
          className="relative shrink-0"
          aria-label={unread === 0 ? t('notices.title') : t('notices.unread', { n: unread })}
        >
          <Bell aria-hidden />
          {unread === 0 ? null : (
            <span
              aria-hidden
              className="num absolute -top-0.5 -right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-stop px-1 font-semibold text-[10px] text-white leading-none dark:text-[oklch(0.2_0.04_25)]"
            >
              {formatCount(unread)}
            </span>
          )}
        </Button>
      }
    >
      <h2 className="border-line border-b px-4 py-2.5 font-semibold text-base">{t('notices.title')}</h2>
      {newest === undefined || newest.data.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-2 text-sm">{t('notices.none')}</p>
      ) : (
        <ul aria-label={t('notices.title')} className="thin-scroll min-h-0 divide-y divide-line overflow-y-auto">
          {newest.data.map((notice) => (
            <NoticeRow key={notice.id} notice={notice} onLeave={close} dense />
          ))}
        </ul>
      )}
      <div className="border-line border-t p-1.5">
        <Button kind="ghost" className="w-full" asChild>
          <Link to={screen.path} onClick={close}>
            {t('notices.all')}
          </Link>
        </Button>
      </div>
    </Popover>
  );
}
