import type { Test, TestLook } from '@signalbox/engine/experiments/contract';
import { useQuery } from '@tanstack/react-query';
import { problemFrom } from '../lib/api.ts';
import { formatExact } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Scrolled } from '../ui/scrolled.tsx';
import { Section } from '../ui/section.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { formatDifference, formatDifferences, isMoney, labelOf } from './figures.ts';
import { looksQuery } from './queries.ts';

type Point = {
  readonly at: number;
  readonly iso: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
};

/** An arm's differences at the looks that had one. */
function pointsOf(looks: readonly TestLook[], arm: string): Point[] {
  return looks.flatMap(({ at, arms }) => {
    const difference = arms.find((each) => each.arm === arm)?.difference;
    return difference === null || difference === undefined
      ? []
      : [{ at: new Date(at).getTime(), iso: at, ...difference }];
  });
}

/** How far the chart reaches up and down: what the later half of the looks needs, so that the first, wide ones do not flatten it. */
function reachOf(lines: readonly (readonly Point[])[]): number {
  const later = lines.flatMap((points) => points.slice(Math.floor(points.length / 2)));
  return Math.max(1e-6, ...later.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)])) * 1.15;
}

/** Where each arm's true difference to the control lies, look for look: a band that leaves zero is a decision. */
export function DifferenceChart({ test }: { readonly test: Test }) {
  const looks = useQuery(looksQuery(test.id));
  const arms = test.arms.slice(1).filter(({ weight }) => weight > 0);
  const lines = arms.map(({ id }) => ({ arm: id, points: pointsOf(looks.data ?? [], id) }));
  const drawn = lines.filter(({ points }) => points.length > 1);
  const reach = reachOf(drawn.map(({ points }) => points));
  const times = drawn.flatMap(({ points }) => points.map(({ at }) => at));
  const span: readonly [number, number] = [Math.min(...times), Math.max(...times)];
  return (
    <Section title={t('test.chart')} text={t('test.chart.text')}>
      {looks.isPending ? <Skeleton className="h-40" /> : null}
      {looks.isError ? (
        <ErrorState problem={problemFrom(looks.error)} onRetry={() => void looks.refetch()} className="py-4" />
      ) : null}
      {looks.isSuccess && drawn.length === 0 ? <p className="text-ink-3 text-sm">{t('test.chart.none')}</p> : null}
      <div className="flex flex-col gap-6">
        {drawn.map(({ arm, points }) => (
          <ArmChart key={arm} test={test} arm={arm} points={points} reach={reach} span={span} />
        ))}
      </div>
      {drawn.length === 0 ? null : <LookTable test={test} looks={looks.data ?? []} />}
    </Section>
  );
}

const height = 100;
const width = 1_000;

function ArmChart({
  test,
  arm,
  points,
  reach,
  span,
}: {
  readonly test: Test;
  readonly arm: string;
  readonly points: readonly Point[];
  readonly reach: number;
  readonly span: readonly [number, number];
}) {
  const inMoney = isMoney(test);
  const last = points.at(-1);
  const [from, to] = span;
  const x = (at: number) => ((at - from) / Math.max(1, to - from)) * width;
  const y = (value: number) => height / 2 - (Math.max(-reach, Math.min(reach, value)) / reach) * (height / 2);
  const line = points.map(({ at, estimate }) => `${x(at)},${y(estimate)}`).join(' ');
  const upper = points.map(({ at, high }) => `${x(at)},${y(high)}`);
  const lower = points.map(({ at, low }) => `${x(at)},${y(low)}`).toReversed();
  if (last === undefined) return null;
  const name = labelOf(test, arm);
  const range = formatDifferences(last, inMoney);
  const estimate = formatDifference(last.estimate, inMoney);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1.5 flex flex-wrap items-baseline gap-x-2 text-sm">
        <span dir="auto" className="font-semibold">
          {name}
        </span>
        <span className="num font-medium text-test">{estimate}</span>
        <span className="num text-ink-3">{range}</span>
      </figcaption>
      <div className="flex gap-2">
        <div
          aria-hidden
          className="num flex w-20 shrink-0 flex-col items-end justify-between py-0.5 text-right text-ink-3 text-xs max-md:w-16"
        >
          <span>{formatDifference(reach, inMoney)}</span>
          <span className="text-ink-2">{t('test.chart.zero')}</span>
          <span>{formatDifference(-reach, inMoney)}</span>
        </div>
        <svg
          role="img"
          aria-label={t('test.chart.of', { arm: name, estimate, range })}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          className="h-36 min-w-0 flex-1 overflow-hidden rounded-md border border-line bg-sunken/40"
        >
          <polygon points={[...upper, ...lower].join(' ')} fill="var(--test)" fillOpacity={0.16} />
          <polyline
            points={upper.join(' ')}
            fill="none"
            stroke="var(--test)"
            strokeOpacity={0.5}
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
          <polyline
            points={lower.join(' ')}
            fill="none"
            stroke="var(--test)"
            strokeOpacity={0.5}
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
          <line
            x1={0}
            x2={width}
            y1={height / 2}
            y2={height / 2}
            stroke="var(--ink-2)"
            strokeDasharray="4 4"
            strokeWidth={1}
            vectorEffect="non-scaling-stroke"
          />
          <polyline
            points={line}
            fill="none"
            stroke="var(--test)"
            strokeWidth={2}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      </div>
      <div aria-hidden className="mt-1 ml-22 flex justify-between max-md:ml-18 gap-4 text-ink-3 text-xs">
        <Time at={new Date(from).toISOString()} />
        <Time at={new Date(to).toISOString()} />
      </div>
    </figure>
  );
}

/** The same for whoever does not see the chart: the looks, latest first. */
function LookTable({ test, looks }: { readonly test: Test; readonly looks: readonly TestLook[] }) {
  const inMoney = isMoney(test);
  const arms = test.arms.slice(1).filter(({ weight }) => weight > 0);
  return (
    <details className="mt-4">
      <summary className="inline-flex min-h-6 cursor-pointer items-center text-action text-sm max-md:min-h-11">
        {t('test.chart.table')}
      </summary>
      <Scrolled label={t('test.chart.looks')} className="mt-2 max-h-80 overflow-auto">
        <table className="w-full text-sm">
          <thead className="text-left text-ink-3 text-xs">
            <tr>
              <th scope="col" className="py-1.5 pr-3 font-medium">
                {t('test.chart.when')}
              </th>
              {arms.map(({ id, label }) => (
                <th key={id} scope="col" dir="auto" className="py-1.5 pr-3 text-right font-medium last:pr-0">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-line border-t">
            {looks.toReversed().map((look) => (
              <tr key={look.at}>
                <th scope="row" className="whitespace-nowrap py-1.5 pr-3 text-left font-normal text-ink-2">
                  {formatExact(look.at)}
                </th>
                {arms.map(({ id }) => {
                  const difference = look.arms.find(({ arm }) => arm === id)?.difference ?? null;
                  return (
                    <td key={id} className="num py-1.5 pr-3 text-right last:pr-0">
                      {difference === null ? t('test.too_few') : formatDifferences(difference, inMoney)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </details>
  );
}
