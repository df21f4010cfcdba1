import type { Spending } from '@signalbox/engine/pricing/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { problemFrom, request } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatDate, formatExact } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tOpen } from '../lib/translate.ts';
import { countryName } from '../people/country-name.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { Prices } from './prices.tsx';

const spendingQuery = queryOptions({
  queryKey: ['spending'],
  queryFn: ({ signal }) => request<Spending>('GET', '/spending', { signal }),
  refetchInterval: 30_000,
});

/** What is spent, how the limits stand, and what segments cost. */
export function SpendingScreen() {
  const spending = useQuery(spendingQuery);
  return (
    <>
      <TopBar title={<ScreenTitle>{t('spending.title')}</ScreenTitle>} pageTitle={t('spending.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5 md:px-8 md:py-7">
          {spending.isPending ? <Skeleton className="h-80" /> : null}
          {spending.isError ? (
            <ErrorState problem={problemFrom(spending.error)} onRetry={() => void spending.refetch()} />
          ) : null}
          {spending.data === undefined ? null : (
            <>
              <Burn spending={spending.data} />
              <Limits spending={spending.data} />
              <Parts spending={spending.data} />
            </>
          )}
          <Prices />
        </div>
      </div>
    </>
  );
}

/** Today, the month, and where the month goes; a bar a day. */
function Burn({ spending }: { readonly spending: Spending }) {
  const { currency, today, month, forecast, days } = spending;
  const [first, last] = [days[0], days.at(-1)];
  const most = Math.max(1, ...days.map(({ micro_units }) => Number(micro_units)));
  const facts = [
    { label: t('spending.today'), value: today },
    { label: t('spending.month'), value: month },
    { label: t('spending.forecast'), value: forecast },
  ];
  return (
    <Section title={t('spending.burn')} text={t('spending.burn.text')}>
      <dl className="grid grid-cols-3 gap-3">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-ink-3 text-sm">{label}</dt>
            <dd className="num font-semibold text-xl">{value === null ? '–' : shownAmount(value, currency)}</dd>
          </div>
        ))}
      </dl>
      <ol aria-label={t('spending.days')} className="mt-5 flex h-24 items-end gap-0.5">
        {days.map(({ day, micro_units, messages }) => {
          const said = t('spending.day', {
            day: formatDate(day),
            amount: shownAmount(micro_units, currency),
            n: messages,
          });
          return (
            <li key={day} title={said} className="flex h-full flex-1 items-end">
              <span className="sr-only">{said}</span>
              <span
                aria-hidden
                className={cn('w-full rounded-t-sm', Number(micro_units) === 0 ? 'bg-line' : 'bg-action')}
                style={{ height: `${Math.max(2, (Number(micro_units) / most) * 100)}%` }}
              />
            </li>
          );
        })}
      </ol>
      <p className="num mt-1 flex justify-between text-ink-3 text-xs">
        <span>{first === undefined ? '' : formatDate(first.day)}</span>
        <span>{last === undefined ? '' : formatDate(last.day)}</span>
      </p>
      {spending.real.messages === 0 ? null : <p className="mt-3 text-ink-2 text-sm">{realText(spending)}</p>}
    </Section>
  );
}

/** By how much what providers charged differs from what was reckoned. */
function realText({ real: { messages, difference }, currency }: Spending): string {
  const amount = Number(difference);
  if (amount === 0) return t('spending.real.same', { n: messages });
  const shown = shownAmount(difference.replace('-', ''), currency);
  const said = amount > 0 ? t('spending.real.more', { amount: shown }) : t('spending.real.less', { amount: shown });
  return t('spending.real', { n: messages, difference: said });
}

/** Every limit with how much of it is spent. */
function Limits({ spending: { currency, limits } }: { readonly spending: Spending }) {
  return (
    <Section
      title={t('spending.limits')}
      text={t('spending.limits.text')}
      actions={
        <Button asChild size="sm">
          <a href="/settings/rules">{t('spending.limits.change')}</a>
        </Button>
      }
    >
      {limits.length === 0 ? (
        <p className="text-ink-2 text-sm">{t('spending.limits.none')}</p>
      ) : (
        <ul aria-label={t('spending.limits')} className="flex flex-col gap-4">
          {limits.map(({ scope, subject, name, period, amount, spent, until }) => {
            const percent = Math.round((Number(spent) / Math.max(1, Number(amount))) * 100);
            const of =
              scope === 'workspace'
                ? t('limits.scope.workspace')
                : scope === 'country'
                  ? countryName(subject)
                  : (name ?? t('spending.limits.gone'));
            return (
              <li key={`${scope} ${subject} ${period} ${amount}`}>
                <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
                  <span className="font-medium">
                    {of} <span className="font-normal text-ink-3">{tOpen(`limits.period.${period}`, period)}</span>
                  </span>
                  <span className="num">
                    {t('spending.limits.spent', {
                      spent: shownAmount(spent, currency),
                      amount: shownAmount(amount, currency),
                      percent,
                    })}
                  </span>
                </p>
                <div
                  role="progressbar"
                  aria-label={of}
                  aria-valuenow={Math.min(100, percent)}
                  aria-valuemin={0}
                  aria-valuemax={100}
                  className="mt-1 h-2 overflow-hidden rounded-full bg-line"
                >
                  <div
                    className={cn('h-full', percent >= 100 ? 'bg-stop' : percent >= 80 ? 'bg-wait' : 'bg-live')}
                    style={{ width: `${Math.min(100, percent)}%` }}
                  />
                </div>
                <p className="mt-1 text-ink-3 text-xs">{t('spending.limits.until', { time: formatExact(until) })}</p>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

/** Where this month's money went. */
function Parts({ spending }: { readonly spending: Spending }) {
  const { currency, by_account, by_flow, by_country } = spending;
  const lists = [
    { title: t('spending.by_account'), rows: by_account, nameOf: (name: string | null) => name },
    { title: t('spending.by_flow'), rows: by_flow, nameOf: (name: string | null) => name },
    { title: t('spending.by_country'), rows: by_country, nameOf: (_: string | null, id: string) => countryName(id) },
  ].filter(({ rows }) => rows.length > 0);
  if (lists.length === 0) return null;
  return (
    <Section title={t('spending.parts')}>
      <div className="grid gap-5 sm:grid-cols-3">
        {lists.map(({ title, rows, nameOf }) => (
          <div key={title}>
            <h3 className="mb-1 font-medium text-ink-2 text-sm">{title}</h3>
            <ul className="flex flex-col gap-1 text-sm">
              {rows.map(({ id, name, messages, micro_units }) => (
                <li key={id} className="flex justify-between gap-2">
                  <span className="min-w-0 truncate" title={t('spending.messages', { n: messages })}>
                    {nameOf(name, id) ?? t('spending.limits.gone')}
                  </span>
                  <span className="num">{shownAmount(micro_units, currency)}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  );
}
