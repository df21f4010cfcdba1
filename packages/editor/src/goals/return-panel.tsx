import type { FlowReturn } from '@signalbox/engine/insights/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { formatNumber, formatPercent } from '../lib/format.ts';
import { goalsQuery } from '../lib/goals.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Scrolled } from '../ui/scrolled.tsx';
import { EmptyState, ErrorState, Skeleton } from '../ui/states.tsx';
import { flowReturnQuery, type ReturnSearch } from './queries.ts';
import { ReturnChoices } from './return-choices.tsx';
import { ReturnHoldout } from './return-holdout.tsx';

/** What a flow's messages led to, what that was worth, and what they cost. */
export function ReturnPanel({ flowId }: { readonly flowId: string }) {
  const [search, setSearch] = useState<ReturnSearch>({ model: 'last_touch', goal_id: null, windows: null });
  const goals = useQuery(goalsQuery);
  const found = useQuery(flowReturnQuery(flowId, search));
  const offered = (goals.data ?? []).filter(({ archived }) => !archived);
  if (goals.isSuccess && offered.length === 0)
    return (
      <EmptyState title={t('return.no_goals')} text={t('return.no_goals.text')} className="py-6">
        <Button asChild>
          <Link to="/campaigns/goals">{t('goals.all')}</Link>
        </Button>
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-5">
      <ReturnChoices search={search} goals={offered} onChange={setSearch} />
      {found.isPending ? <Skeleton className="h-40" /> : null}
      {found.isError ? (
        <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} className="py-4" />
      ) : null}
      {found.data === undefined || found.isError ? null : (
        <div aria-busy={found.isPlaceholderData} className="flex flex-col gap-5">
          <Facts found={found.data} />
          <ByGoal found={found.data} />
          <ReturnHoldout found={found.data} />
        </div>
      )}
    </div>
  );
}

const amounts = (all: FlowReturn['revenue']): string =>
  all.length === 0 ? '–' : all.map(({ currency, micro_units }) => shownAmount(micro_units, currency)).join(' + ');

/** Revenue, cost and what came back of it. */
function Facts({ found }: { readonly found: FlowReturn }) {
  const { revenue, cost, messages, roi, roi_missing: missing, days } = found;
  const facts = [
    { label: t('goals.revenue'), value: amounts(revenue), note: null },
    { label: t('return.cost'), value: amounts(cost), note: t('return.messages', { n: messages }) },
    {
      label: t('return.roi'),
      value: roi === null ? '–' : formatPercent(roi),
      note: missing === null ? null : tOpen(`return.missing.${missing}`, missing),
    },
  ];
  return (
    <div>
      <dl className="grid gap-x-8 gap-y-3 md:grid-cols-3">
        {facts.map(({ label, value, note }) => (
          <div key={label}>
            <dt className="text-ink-3 text-sm">{label}</dt>
            <dd className="num font-semibold text-xl [overflow-wrap:anywhere]">{value}</dd>
            {note === null ? null : <dd className="text-ink-3 text-sm">{note}</dd>}
          </div>
        ))}
      </dl>
      <p className="mt-2 text-ink-3 text-sm">
        {t('return.span', { days })}
        {found.complete ? null : ` ${t('return.newest')}`}
      </p>
    </div>
  );
}

/** How much of each goal is put down to the flow. */
function ByGoal({ found }: { readonly found: FlowReturn }) {
  return (
    <Scrolled label={t('return.goals')}>
      <table className="w-full min-w-110 text-sm">
        <thead className="text-left text-ink-3 text-xs">
          <tr>
            {(['goal', 'touched', 'credit', 'revenue'] as const).map((head, index) => (
              <th key={head} scope="col" className={`py-1.5 font-medium ${index === 0 ? 'pr-3' : 'pl-3 text-right'}`}>
                {t(`return.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-line border-t">
          {found.goals.map(({ goal_id, name, conversions, credit_micro, currency, micro_units }) => (
            <tr key={goal_id} className="align-baseline">
              <th scope="row" className="py-2 pr-3 text-left font-medium">
                <bdi className="[overflow-wrap:anywhere]">{name}</bdi>
              </th>
              <td className="num py-2 pl-3 text-right">{formatNumber(conversions)}</td>
              <td className="num py-2 pl-3 text-right">{formatNumber(Number(credit_micro) / 1_000_000)}</td>
              <td className="num py-2 pl-3 text-right">
                {currency === null || micro_units === null ? '–' : shownAmount(micro_units, currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  );
}
