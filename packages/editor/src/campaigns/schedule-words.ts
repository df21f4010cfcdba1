import type { Campaign } from '@signalbox/engine/campaigns/contract';
import { formatDate, weekdayName } from '../lib/format.ts';
import { t } from '../lib/translate.ts';

export type Schedule = Campaign['schedule'];

/** How often, as people say it, of the cron lines that say so. */
export type Repeat =
  | { readonly every: 'day'; readonly time: string }
  | { readonly every: 'week'; readonly weekday: number; readonly time: string }
  | { readonly every: 'month'; readonly day: number; readonly time: string };

const line = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-7])$/;
const two = (value: string | number): string => String(value).padStart(2, '0');

/** A cron line in words; null where it says more than these can. */
export function readRepeat(cron: string): Repeat | null {
  const [, minute, hour, day, weekday] = line.exec(cron.trim()) ?? [];
  if (minute === undefined || hour === undefined || day === undefined || weekday === undefined) return null;
  const time = `${two(hour)}:${two(minute)}`;
  if (day === '*')
    return weekday === '*' ? { every: 'day', time } : { every: 'week', weekday: Number(weekday) % 7 || 7, time };
  return weekday === '*' ? { every: 'month', day: Number(day), time } : null;
}

/** The cron line of what people say. */
export function writeRepeat(repeat: Repeat): string {
  const [hour = '9', minute = '0'] = repeat.time.split(':');
  const day = repeat.every === 'month' ? String(repeat.day) : '*';
  const weekday = repeat.every === 'week' ? String(repeat.weekday % 7) : '*';
  return `${Number(minute)} ${Number(hour)} ${day} * ${weekday}`;
}

function repeatInWords(cron: string): string {
  const repeat = readRepeat(cron);
  if (repeat === null) return t('campaigns.schedule.cron_words', { cron });
  const { time } = repeat;
  if (repeat.every === 'day') return t('campaigns.schedule.daily', { time });
  if (repeat.every === 'week')
    return t('campaigns.schedule.weekly', { time, weekday: weekdayName(repeat.weekday, 'long') });
  return t('campaigns.schedule.monthly', { time, day: String(repeat.day) });
}

/** When a campaign goes out, in words. */
export function scheduleInWords(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'now':
      return t('campaigns.schedule.now_words');
    case 'at':
      return t('campaigns.schedule.at_words', {
        date: formatDate(schedule.date),
        time: schedule.time,
        zone: schedule.zone.replaceAll('_', ' '),
      });
    case 'local':
      return t('campaigns.schedule.local_words', { date: formatDate(schedule.date), time: schedule.time });
    case 'recurring':
      return repeatInWords(schedule.cron);
    case 'segment':
      return t('campaigns.schedule.segment_words');
  }
}
