import type { Goal } from '@signalbox/engine/goals/contract';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatDate, formatNumber } from '../lib/format.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t } from '../lib/translate.ts';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { describeGoal } from './goal-texts.ts';
import { goalDaysQuery } from './queries.ts';

/** What a goal came to in the last 30 days; a bar a day. */
export function GoalDays({ goal }: { readonly goal: Goal }) {
  const { currency, last_30_days: lately, window_days, delivery_days } = goal;
  const days = useQuery(goalDaysQuery(goal.id));
  const facts = [
    { label: t('goals.conversions'), value: formatNumber(lately.conversions) },
    { label: t('goals.people'), value: formatNumber(lately.people) },
    ...(currency === null
      ? []
      : [{ label: t('goals.revenue'), value: shownAmount(lately.micro_units ?? '0', currency) }]),
  ];
  return (
    <Section title={t('goals.lately')} text={describeGoal(goal)}>
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt className="text-ink-3 text-sm">{label}</dt>
            <dd className="num font-semibold text-xl">{value}</dd>
          </div>
        ))}
      </dl>
      {currency !== null && lately.without_value > 0 ? (
        <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-sm">
          <Signal tone="wait" icon={TriangleAlert} quiet>
            {t('goals.without_value', { n: lately.without_value })}
          </Signal>
          {t('goals.without_value.why', { field: goal.value_field ?? '', currency })}
        </p>
      ) : null}
      {days.isPending ? <Skeleton className="mt-5 h-24" /> : null}
      {days.isError ? (
        <ErrorState problem={problemFrom(days.error)} onRetry={() => void days.refetch()} className="py-4" />
      ) : null}
      {days.data === undefined ? null : <Bars days={days.data} currency={currency} />}
      <p className="mt-4 text-ink-3 text-sm">
        {t('goals.windows', {
          clicks: t('goals.days_n', { n: window_days }),
          deliveries: t('goals.days_n', { n: delivery_days }),
        })}
      </p>
    </Section>
  );
}

type Day = {
  readonly day: string;
  readonly conversions: number;
  readonly micro_units: string | null;
};

function Bars({ days, currency }: { readonly days: readonly Day[]; readonly currency: string | null }) {
  const most = Math.max(1, ...days.map(({ conversions }) => conversions));
  const [first, last] = [days[0], days.at(-1)];
  return (
    <>
      <ol aria-label={t('goals.days')} className="mt-5 flex h-24 items-end gap-0.5">
        {days.map(({ day, conversions, micro_units }) => {
          const counted = t('goals.day', { day: formatDate(day), n: conversions });
          const said =
            currency === null || micro_units === null
              ? counted
              : t('goals.day.worth', { said: counted, amount: shownAmount(micro_units, currency) });
          return (
            <li key={day} title={said} className="flex h-full flex-1 items-end">
              <span className="sr-only">{said}</span>
              <span
                aria-hidden
                className={cn('w-full rounded-t-sm', conversions === 0 ? 'bg-line' : 'bg-live')}
                style={{ height: `${Math.max(2, (conversions / most) * 100)}%` }}
              />
            </li>
          );
        })}
      </ol>
      <p className="num mt-1 flex justify-between text-ink-3 text-xs">
        <span>{first === undefined ? '' : formatDate(first.day)}</span>
        <span>{last === undefined ? '' : formatDate(last.day)}</span>
      </p>
    </>
  );
}
