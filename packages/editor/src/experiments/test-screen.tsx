import type { Test } from '@signalbox/engine/experiments/contract';
import { holm } from '@signalbox/statistics/checks/holm';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, Workflow } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { TestCalculator } from '../forms/test-calculator.tsx';
import { problemFrom } from '../lib/api.ts';
import { cn } from '../lib/cn.ts';
import { formatNumber } from '../lib/format.ts';
import { goalsQuery } from '../lib/goals.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { TopBar } from '../ui/top-bar.tsx';
import { ArmTable } from './arm-table.tsx';
import { DifferenceChart } from './difference-chart.tsx';
import { DecideDialog, StopDialog } from './end-dialogs.tsx';
import { formatLeast, formatP, isMoney, labelOf } from './figures.ts';
import { testQuery } from './queries.ts';
import { Reading } from './reading.tsx';
import { TestState } from './test-state.tsx';
import { VerdictCard } from './verdict-card.tsx';

/** One A/B test: what may be said of it, each arm, the differences over time, and how to end it. */
export function TestScreen() {
  const { testId } = useParams({ from: '/frame/campaigns/tests/$testId' });
  const found = useQuery(testQuery(testId));
  const test = found.data ?? null;
  const [ending, setEnding] = useState<'decide' | 'stop' | null>(null);
  if (found.isError && problemFrom(found.error).status === 404) return <Missing />;
  const title = test?.flow.name ?? '';
  return (
    <>
      <TopBar
        pageTitle={title === '' ? t('tests.title') : title}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/campaigns/tests" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink max-md:hidden">
              {t('tests.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3 max-md:hidden" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {title}
            </h1>
          </nav>
        }
        state={test === null ? null : <TestState test={test} />}
      >
        {test === null ? null : <Ends test={test} onEnd={setEnding} className="max-md:hidden" />}
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-5xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {found.isPending ? <Skeleton className="h-72" /> : null}
          {found.isError ? (
            <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} />
          ) : null}
          {test === null ? null : (
            <Page test={test}>
              <Ends test={test} onEnd={setEnding} className="mt-4 md:hidden" />
            </Page>
          )}
        </div>
      </div>
      {test === null || ending === null ? null : ending === 'decide' ? (
        <DecideDialog test={test} onClose={() => setEnding(null)} />
      ) : (
        <StopDialog test={test} onClose={() => setEnding(null)} />
      )}
    </>
  );
}

/** Whether the figures leave it to somebody: what is not proven is not offered as the thing to do. */
const isProven = ({ seen }: Test): boolean =>
  seen?.verdict.state === 'winner' || seen?.verdict.state === 'no_difference';

/** How a test that runs can be ended by hand. */
function Ends({
  test,
  onEnd,
  className,
}: {
  readonly test: Test;
  readonly onEnd: (how: 'decide' | 'stop') => void;
  readonly className: string;
}) {
  if (test.ended !== null) return null;
  return (
    <div className={cn('flex flex-wrap gap-2', className)}>
      <Button onClick={() => onEnd('stop')}>{t('test.stop')}</Button>
      <Button kind={isProven(test) ? 'primary' : 'plain'} onClick={() => onEnd('decide')}>
        {t('test.decide')}
      </Button>
    </div>
  );
}

function Page({ test, children }: { readonly test: Test; readonly children: ReactNode }) {
  const { seen } = test;
  const weights = test.arms.map(({ weight }) => weight);
  const hidden = seen?.arms.every(({ converted }) => converted === null) ?? true;
  return (
    <>
      <VerdictCard test={test}>{children}</VerdictCard>
      {seen === null ? null : <ArmTable test={test} seen={seen} note={<Several test={test} />} />}
      {hidden ? null : <DifferenceChart test={test} />}
      {seen === null || hidden ? null : <Reading test={test} arms={seen.arms} />}
      <Settings test={test} />
      <Section title={t('test.plan_next')} text={t('test.plan_next.text')}>
        <TestCalculator weights={weights} isMoney={isMoney(test)} kind={test.plan.kind} />
      </Section>
    </>
  );
}

/** Of several arms: how certain each difference is once all of them are looked at together. */
function Several({ test }: { readonly test: Test }) {
  const others = (test.seen?.arms ?? []).slice(1);
  const found = others.flatMap(({ arm, difference }) => (difference === null ? [] : [{ arm, p: difference.p }]));
  if (others.length < 2 || found.length === 0) return null;
  const raised = holm(found.map(({ p }) => p));
  const list = found.map(({ arm }, index) => `${labelOf(test, arm)} ${formatP(raised[index] ?? 1)}`).join(', ');
  return <p className="mt-3 text-ink-3 text-sm">{t('test.holm', { list })}</p>;
}

function Settings({ test }: { readonly test: Test }) {
  const { plan, metric, seen } = test;
  const least =
    plan.smallest_difference === null
      ? t('test.plan.least.none')
      : formatLeast(plan.smallest_difference, isMoney(test));
  return (
    <Section
      title={t('test.settings')}
      actions={
        <Button size="sm" asChild>
          <Link to="/flows/$flowId" params={{ flowId: test.flow.id }} search={{ step: test.step_id }}>
            <Workflow aria-hidden />
            {t('test.open_flow')}
          </Link>
        </Button>
      }
    >
      <dl className="grid gap-x-8 gap-y-3 text-sm sm:grid-cols-2">
        <Fact label={t('test.settings.metric')}>
          <MetricWords metric={metric} />
        </Fact>
        <Fact label={t('test.settings.window')}>{t('test.settings.window.hours', { n: test.window_hours })}</Fact>
        <Fact label={t('test.settings.plan')}>{t(`test.plan.${plan.kind}`)}</Fact>
        <Fact label={t('test.settings.people')}>{formatNumber(plan.people)}</Fact>
        <Fact label={t('test.settings.least')}>{least}</Fact>
        <Fact label={t('test.settings.sent')}>{t(`test.settings.sent.${test.winner_is_sent}`)}</Fact>
        <Fact label={t('test.settings.tested')}>{`${test.tested} %`}</Fact>
        <Fact label={t('test.settings.version')}>{formatNumber(test.version)}</Fact>
        {seen === null ? null : (
          <Fact label={t('test.settings.looked')}>
            <Time at={seen.at} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}

/** What counts; of a goal its name, and the currency that every amount on the page is in. */
function MetricWords({ metric }: Pick<Test, 'metric'>) {
  const goals = useQuery({ ...goalsQuery, enabled: metric.goal !== null });
  const goal = goals.data?.find(({ id }) => id === metric.goal);
  const words = t(`test.metric.${metric.kind}`);
  if (goal === undefined) return words;
  return (
    <span dir="auto">
      {metric.kind === 'revenue' && goal.currency !== null
        ? t('test.settings.metric.money', { words, goal: goal.name, currency: goal.currency })
        : t('test.settings.metric.goal', { words, goal: goal.name })}
    </span>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-line border-b pb-2">
      <dt className="text-ink-2">{label}</dt>
      <dd className="num text-right font-medium">{children}</dd>
    </div>
  );
}

function Missing() {
  return (
    <MissingState title={t('test.missing.title')} text={t('test.missing.text')}>
      <Button asChild>
        <Link to="/campaigns/tests">{t('tests.all')}</Link>
      </Button>
    </MissingState>
  );
}
