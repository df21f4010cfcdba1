import type { Test } from '@signalbox/engine/experiments/contract';
import { CircleCheck, CircleSlash, Clock, FlaskConical, type LucideIcon, OctagonAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../lib/cn.ts';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import type { SignalTone } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';
import { knownOf } from './figures.ts';
import { verdictWords } from './verdict-words.ts';

const looks: Readonly<Record<SignalTone, { readonly icon: LucideIcon; readonly look: string }>> = {
  live: { icon: CircleCheck, look: 'bg-live-soft text-live' },
  wait: { icon: Clock, look: 'bg-wait-soft text-wait' },
  stop: { icon: OctagonAlert, look: 'bg-stop-soft text-stop' },
  test: { icon: FlaskConical, look: 'bg-test-soft text-test' },
  calm: { icon: CircleSlash, look: 'bg-hover text-ink-2' },
};

/** What may be said of the test, in words, with how far it is. */
export function VerdictCard({ test, children }: { readonly test: Test; readonly children: ReactNode }) {
  const { tone, title, text } = verdictWords(test);
  const { icon: Icon, look } = looks[tone];
  const known = knownOf(test.seen?.arms ?? []);
  const share = Math.min(1, known / test.plan.people);
  const runs = test.ended === null;
  return (
    <section aria-label={title} className="flex gap-4 rounded-lg border border-line bg-surface p-4 shadow-card md:p-5">
      <span aria-hidden className={cn('grid size-10 shrink-0 place-items-center rounded-lg', look)}>
        <Icon className="size-5" />
      </span>
      <div className="min-w-0 flex-1">
        <h2 dir="auto" className="text-balance text-xl [overflow-wrap:anywhere]">
          {title}
        </h2>
        <p dir="auto" className="mt-1 max-w-prose text-pretty text-ink-2 [overflow-wrap:anywhere]">
          {text}
        </p>
        {test.ended === null ? null : (
          <p className="mt-1 text-ink-3 text-sm">
            <Time at={test.ended.at} />
          </p>
        )}
        {runs ? (
          <div className="mt-4 flex flex-col gap-1.5">
            <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-hover">
              <div className="h-full rounded-full bg-test" style={{ width: `${share * 100}%` }} />
            </div>
            <p className="num flex flex-wrap justify-between gap-x-4 text-ink-3 text-sm">
              <span>{t('test.progress', { known: formatNumber(known), people: formatNumber(test.plan.people) })}</span>
              {test.waiting === 0 ? null : <span>{t('test.waiting', { n: test.waiting })}</span>}
            </p>
          </div>
        ) : null}
        {children}
      </div>
    </section>
  );
}
