import type { Queue } from '@signalbox/engine/sending/contract';
import { formatClock, formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';

const width = 600;
const height = 64;

/** How much waited in each minute of the last hour, as an area; what left each minute as a line. Each is drawn to its own highest. */
export function Hour({ minutes }: { readonly minutes: Queue['minutes'] }) {
  const depths = minutes.map(({ depth }) => depth);
  const went = minutes.map(({ went }) => went);
  const [mostDepth, mostWent] = [Math.max(...depths, 0), Math.max(...went, 0)];
  const first = minutes[0];
  return (
    <figure className="flex flex-col gap-2">
      <svg
        role="img"
        aria-label={t('queue.hour.label', { depth: mostDepth, went: mostWent })}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className="h-16 w-full overflow-visible"
      >
        <path d={`${line(depths, mostDepth)} L${width},${height} L0,${height} Z`} className="fill-wait-soft" />
        <path
          d={line(depths, mostDepth)}
          vectorEffect="non-scaling-stroke"
          className="fill-none stroke-2 stroke-wait"
        />
        <path d={line(went, mostWent)} vectorEffect="non-scaling-stroke" className="fill-none stroke-2 stroke-action" />
      </svg>
      <figcaption className="flex flex-wrap gap-x-5 gap-y-1 text-ink-2 text-xs">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 bg-wait" />
          {t('queue.hour.depth', { n: formatNumber(mostDepth) })}
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 bg-action" />
          {t('queue.hour.went', { n: formatNumber(mostWent) })}
        </span>
        {first === undefined ? null : (
          <span className="num ml-auto">{t('queue.hour.since', { time: formatClock(first.at) })}</span>
        )}
      </figcaption>
    </figure>
  );
}

function line(values: readonly number[], most: number): string {
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number) => (most === 0 ? height : height - (value / most) * height);
  return values.map((value, index) => `${index === 0 ? 'M' : 'L'}${index * step},${y(value)}`).join(' ');
}
