import type { CampaignCalendar } from '@signalbox/engine/campaigns/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatClock, formatCount, formatDay } from '../lib/format.ts';
import { locale, t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { dayOf, daysShown, moved } from './calendar-days.ts';
import { calendarQuery } from './queries.ts';

type Entry = CampaignCalendar['data'][number];
type View = 'month' | 'week';

const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });

/** Everything that campaigns send, and sent, day by day, with how many people it goes to. */
export function CalendarScreen() {
  const [view, setView] = useState<View>('month');
  const [anchor, setAnchor] = useState(() => new Date());
  const days = daysShown(view, anchor);
  const [first = anchor] = days;
  const last = days.at(-1) ?? anchor;
  const end = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  const found = useQuery(calendarQuery(first.toISOString(), end.toISOString()));
  const byDay = Map.groupBy(found.data ?? [], ({ at }) => dayOf(new Date(at)));
  const isEmpty = found.isSuccess && byDay.size === 0;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('campaigns.calendar')}</ScreenTitle>} pageTitle={t('campaigns.calendar')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          <div className="mb-4 flex flex-wrap items-center gap-2">
            <IconButton
              icon={ChevronLeft}
              label={t(view === 'month' ? 'campaigns.calendar.month_before' : 'campaigns.calendar.week_before')}
              onClick={() => setAnchor(moved(view, anchor, -1))}
            />
            <IconButton
              icon={ChevronRight}
              label={t(view === 'month' ? 'campaigns.calendar.month_after' : 'campaigns.calendar.week_after')}
              onClick={() => setAnchor(moved(view, anchor, 1))}
            />
            <h2 aria-live="polite" className="min-w-40 px-1 text-lg">
              {month.format(view === 'month' ? anchor : first)}
            </h2>
            <Button size="sm" onClick={() => setAnchor(new Date())}>
              {t('campaigns.calendar.today')}
            </Button>
            <span className="flex-1" />
            <Select
              label={t('campaigns.calendar.view')}
              className="w-32"
              value={view}
              choices={[
                { value: 'month', label: t('campaigns.calendar.month') },
                { value: 'week', label: t('campaigns.calendar.week') },
              ]}
              onChange={(value) => setView(value === 'week' ? 'week' : 'month')}
            />
          </div>
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {found.isPending ? <Skeleton className="h-96" /> : null}
          {isEmpty ? <p className="mb-4 text-ink-2">{t('campaigns.calendar.empty')}</p> : null}
          {found.isSuccess ? <Days days={days} byDay={byDay} anchor={anchor} view={view} /> : null}
        </div>
      </div>
    </>
  );
}

function Days({
  days,
  byDay,
  anchor,
  view,
}: {
  readonly days: readonly Date[];
  readonly byDay: ReadonlyMap<string, readonly Entry[]>;
  readonly anchor: Date;
  readonly view: View;
}) {
  const today = dayOf(new Date());
  return (
    <ol
      aria-label={t('campaigns.calendar')}
      className="grid overflow-clip rounded-lg border border-line bg-surface shadow-card md:grid-cols-7"
    >
      {days.map((day, index) => {
        const name = dayOf(day);
        const entries = byDay.get(name) ?? [];
        const load = entries.reduce((sum, { people }) => sum + people, 0);
        const isOther = view === 'month' && day.getMonth() !== anchor.getMonth();
        return (
          <li
            key={name}
            aria-label={formatDay(day.toISOString())}
            aria-current={name === today ? 'date' : undefined}
            className={cn(
              'flex min-w-0 flex-col gap-1 border-line p-2 max-md:border-b md:min-h-28 md:border-r md:border-b md:[&:nth-child(7n)]:border-r-0',
              entries.length === 0 && 'max-md:hidden',
              isOther && 'bg-sunken',
              view === 'week' && 'md:min-h-72',
            )}
          >
            <span className="flex items-baseline justify-between gap-2 text-xs">
              <span
                aria-hidden
                className={cn(
                  'num font-medium',
                  name === today ? 'rounded-full bg-action px-1.5 text-action-ink' : 'text-ink-2',
                )}
              >
                <span className={cn('mr-1', index >= 7 && 'md:hidden')}>{weekday.format(day)}</span>
                {day.getDate()}
              </span>
              {load === 0 ? null : (
                <span className="num truncate text-ink-3" title={t('campaigns.people_n', { n: load })}>
                  {formatCount(load)}
                </span>
              )}
            </span>
            {entries.map((entry) => (
              <Link
                key={`${entry.campaign_id} ${entry.at}`}
                to="/campaigns/$campaignId"
                params={{ campaignId: entry.campaign_id }}
                className={cn(
                  'block rounded-md px-1.5 py-1 text-xs hover:bg-hover max-md:min-h-11',
                  entry.state === 'draft' ? 'border border-line border-dashed' : 'bg-action-soft',
                )}
              >
                <span dir="auto" className="block truncate font-medium">
                  {entry.name}
                </span>
                <span className="num block text-ink-2">
                  {t('campaigns.calendar.entry', {
                    time: formatClock(entry.at),
                    n: entry.people,
                    state: t(`campaigns.time.${entry.state}`),
                  })}
                </span>
              </Link>
            ))}
          </li>
        );
      })}
    </ol>
  );
}
