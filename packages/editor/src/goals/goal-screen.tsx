import type { Goal } from '@signalbox/engine/goals/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ChevronRight, LoaderCircle, Pencil } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { goalsQuery } from '../lib/goals.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { ConversionList } from './conversion-list.tsx';
import { GoalDays } from './goal-days.tsx';
import { GoalDialog } from './goal-dialog.tsx';
import { goalQuery } from './queries.ts';

/** One goal: how often it was reached lately and what that was worth, and by whom. */
export function GoalScreen() {
  const { goalId } = useParams({ from: '/frame/campaigns/goals/$goalId' });
  const found = useQuery(goalQuery(goalId));
  const goal = found.data ?? null;
  if (found.isError && problemFrom(found.error).status === 404) return <Missing />;
  return (
    <>
      <TopBar
        pageTitle={goal?.name ?? t('goals.title')}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/campaigns/goals" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('goals.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {goal?.name ?? ''}
            </h1>
          </nav>
        }
        state={<State goal={goal} />}
      >
        {goal === null ? null : <Actions goal={goal} />}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {found.isPending ? <Skeleton className="h-72" /> : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {goal === null ? null : (
            <>
              <GoalDays goal={goal} />
              <ConversionList goal={goal} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function State({ goal }: { readonly goal: Goal | null }) {
  if (goal?.archived === true)
    return (
      <Signal tone="calm" icon={Archive}>
        {t('goals.archived')}
      </Signal>
    );
  if (goal?.state === 'filling')
    return (
      <Signal tone="wait" icon={LoaderCircle}>
        {t('goals.filling')}
      </Signal>
    );
  return null;
}

function Actions({ goal }: { readonly goal: Goal }) {
  const [editing, setEditing] = useState(false);
  const change = useMutation({
    mutationFn: (archived: boolean) =>
      request<Goal>('PATCH', `/goals/${goal.id}`, { body: { archived }, revision: goal.revision }),
    onSuccess: (saved) => {
      queryClient.setQueryData(goalQuery(saved.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: goalsQuery.queryKey });
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  const Icon = goal.archived ? ArchiveRestore : Archive;
  return (
    <>
      <Button disabled={change.isPending} onClick={() => change.mutate(!goal.archived)}>
        <Icon aria-hidden />
        <span className="max-md:sr-only">{t(goal.archived ? 'goals.bring_back' : 'goals.archive')}</span>
      </Button>
      <Button kind="primary" onClick={() => setEditing(true)}>
        <Pencil aria-hidden />
        {t('goals.edit')}
      </Button>
      {editing ? <GoalDialog goal={goal} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

function Missing() {
  return (
    <MissingState title={t('goals.missing.title')} text={t('goals.missing.text')}>
      <Button asChild>
        <Link to="/campaigns/goals">{t('goals.all')}</Link>
      </Button>
    </MissingState>
  );
}
