import { t } from '../lib/translate.ts';

/** A length of time as people say it: "about 3 minutes"; a dash where it is not known. */
export function drainTime(depth: number, seconds: number | null): string {
  if (depth === 0) return t('queue.drained');
  if (seconds === null) return t('queue.not_moving');
  if (seconds < 60) return t('queue.seconds', { n: Math.max(1, seconds) });
  if (seconds < 5_400) return t('queue.minutes', { n: Math.round(seconds / 60) });
  return t('queue.hours', { n: Math.round(seconds / 3_600) });
}

/** Messages a minute: whole above ten, with one decimal below. */
export const perMinute = (rate: number): number => (rate >= 10 ? Math.round(rate) : Math.round(rate * 10) / 10);
