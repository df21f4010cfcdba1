import type { Test } from '@signalbox/engine/experiments/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FlaskConical, SearchX } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { testsQuery } from './queries.ts';
import { TestState } from './test-state.tsx';
import { verdictWords } from './verdict-words.ts';

const everything = 'all';
const states = ['running', 'decided', 'stopped'] as const;

/** A/B tests, the latest begun first, each with what it says. */
export function TestsScreen() {
  const search = useSearch({ from: '/frame/campaigns/tests' });
  const navigate = useNavigate({ from: '/campaigns/tests' });
  const found = useInfiniteQuery(testsQuery(search));
  const rows = found.data?.pages.flatMap((page) => page.data) ?? [];
  const filtered = search.state !== undefined;
  const empty = found.isSuccess && rows.length === 0;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('tests.title')}</ScreenTitle>} pageTitle={t('tests.title')} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-5xl px-4 py-5 md:px-8 md:py-7">
          {empty && !filtered ? null : (
            <div className="mb-4">
              <Select
                label={t('tests.state')}
                className="w-48"
                value={search.state ?? everything}
                choices={[
                  { value: everything, label: t('tests.state.all') },
                  ...states.map((state) => ({ value: state, label: t(`test.state.${state}`) })),
                ]}
                onChange={(state) => void navigate({ search: state === everything ? {} : { state }, replace: true })}
              />
            </div>
          )}
          {found.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={4} />
            </div>
          ) : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {empty ? <Nothing filtered={filtered} /> : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('tests.title')}
              heads={
                <>
                  <span className="w-72">{t('tests.head.test')}</span>
                  <span className="flex-1">{t('tests.head.verdict')}</span>
                  <span className="w-24 text-right">{t('tests.head.people')}</span>
                  <span className="w-28 text-right">{t('tests.head.began')}</span>
                </>
              }
            >
              {rows.map((test) => (
                <Row key={test.id} test={test} />
              ))}
            </ListCard>
          )}
          <More list={found} className="pt-4 text-center" />
        </div>
      </div>
    </>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  if (filtered)
    return (
      <EmptyState
        art={<SearchX aria-hidden className="size-8 text-ink-3" />}
        title={t('tests.none')}
        text={t('tests.none.text')}
      >
        <Button asChild>
          <Link to="/campaigns/tests">{t('tests.all')}</Link>
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState
      art={<FlaskConical aria-hidden className="size-9 text-test" />}
      title={t('tests.empty.title')}
      text={t('tests.empty.text')}
    >
      <Button kind="primary" asChild>
        <Link to="/flows">{t('tests.empty.action')}</Link>
      </Button>
    </EmptyState>
  );
}

function Row({ test }: { readonly test: Test }) {
  const words = verdictWords(test);
  const people = test.seen?.arms.reduce((sum, arm) => sum + arm.people, 0) ?? 0;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2">
      <div className="min-w-0 max-md:basis-full md:w-72">
        <Link
          to="/campaigns/tests/$testId"
          params={{ testId: test.id }}
          dir="auto"
          className="block truncate font-semibold outline-none after:absolute after:inset-0"
        >
          {test.flow.name}
        </Link>
        <p dir="auto" className="truncate text-ink-3 text-sm">
          {test.arms.map(({ label }) => label).join(' / ')}
        </p>
      </div>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 max-md:basis-full">
        <TestState test={test} />
        <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
          {words.title}
        </span>
      </div>
      <span className="num w-24 text-right max-md:w-auto max-md:text-ink-2 max-md:text-sm">
        <span className="md:hidden">{t('test.people')} </span>
        {formatNumber(people)}
      </span>
      <span className="w-28 text-right text-ink-2 text-sm max-md:w-auto">
        <Time at={test.created_at} />
      </span>
    </li>
  );
}
