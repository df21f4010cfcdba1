import type { Goal } from '@signalbox/engine/goals/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Archive, LoaderCircle, Plus, Target, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { goalsQuery } from '../lib/goals.ts';
import { shownAmount } from '../lib/micro-units.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Signal } from '../ui/signal.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { GoalDialog } from './goal-dialog.tsx';
import { describeGoal } from './goal-texts.ts';

/** What people are to do, how many did it lately and what it was worth. */
export function GoalsScreen() {
  const goals = useQuery(goalsQuery);
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  const all = goals.data ?? [];
  const add = (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('goals.new')}
    </Button>
  );
  return (
    <>
      <TopBar title={<ScreenTitle>{t('goals.title')}</ScreenTitle>} pageTitle={t('goals.title')}>
        {add}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-4xl px-4 py-5 md:px-8 md:py-7">
          {goals.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {goals.isError ? (
            <ErrorState problem={problemFrom(goals.error)} onRetry={() => void goals.refetch()} />
          ) : null}
          {goals.isSuccess && all.length === 0 ? (
            <EmptyState
              art={<Target aria-hidden className="size-9 text-ink-3" />}
              title={t('goals.empty.title')}
              text={t('goals.empty.text')}
            >
              {add}
            </EmptyState>
          ) : null}
          {all.length === 0 ? null : (
            <>
              <p className="mb-3 text-ink-2 text-sm">{t('goals.lately')}</p>
              <ul
                aria-label={t('goals.list')}
                className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface shadow-card"
              >
                {all.map((goal) => (
                  <GoalRow key={goal.id} goal={goal} />
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
      {adding ? (
        <GoalDialog
          goal={null}
          onClose={() => setAdding(false)}
          onDone={({ id }) => void navigate({ to: '/campaigns/goals/$goalId', params: { goalId: id } })}
        />
      ) : null}
    </>
  );
}

function GoalRow({ goal }: { readonly goal: Goal }) {
  const { id, name, state, archived, currency, last_30_days: lately } = goal;
  return (
    <li className="relative flex items-start gap-x-6 gap-y-1 px-4 py-3.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 max-md:flex-col md:px-5">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/campaigns/goals/$goalId"
            params={{ goalId: id }}
            dir="auto"
            className="font-semibold outline-none [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            {name}
          </Link>
          {archived ? (
            <Signal tone="calm" icon={Archive}>
              {t('goals.archived')}
            </Signal>
          ) : null}
          {state === 'filling' && !archived ? (
            <Signal tone="wait" icon={LoaderCircle}>
              {t('goals.filling')}
            </Signal>
          ) : null}
        </div>
        <p dir="auto" className="mt-0.5 text-ink-2 text-sm [overflow-wrap:anywhere]">
          {describeGoal(goal)}
        </p>
      </div>
      <div className="flex shrink-0 flex-col gap-1 md:items-end">
        <span className="num font-semibold">{t('goals.conversions_n', { n: lately.conversions })}</span>
        {currency === null ? null : (
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            {lately.without_value === 0 ? null : (
              <Signal tone="wait" icon={TriangleAlert} quiet>
                {t('goals.without_value', { n: lately.without_value })}
              </Signal>
            )}
            <span className="num text-ink-2">{shownAmount(lately.micro_units ?? '0', currency)}</span>
          </span>
        )}
      </div>
    </li>
  );
}
