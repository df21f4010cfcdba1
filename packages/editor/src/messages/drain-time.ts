import { t } from '../lib/translate.ts';

type Draining = {
  readonly depth: number;
  /** Null where nothing waits for its turn: what there is waits for a time. */
  readonly oldest_since: string | null;
  readonly seconds_to_drain: number | null;
};

/** How long what waits takes to go, as people say it: `3 minutes`; else why nobody can tell. */
export function drainTime({ depth, oldest_since, seconds_to_drain: seconds }: Draining): string {
  if (depth === 0) return t('queue.drained');
  if (oldest_since === null) return t('queue.none');
  if (seconds === null) return t('queue.not_moving');
  if (seconds < 60) return t('queue.seconds', { n: Math.max(1, seconds) });
  if (seconds < 5_400) return t('queue.minutes', { n: Math.round(seconds / 60) });
  return t('queue.hours', { n: Math.round(seconds / 3_600) });
}

/** Messages a minute: whole above ten, with one decimal below. */
export const perMinute = (rate: number): number => (rate >= 10 ? Math.round(rate) : Math.round(rate * 10) / 10);
