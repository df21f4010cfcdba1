import { nextTimes, readCron } from '@signalbox/nodes/time/cron';
import { instantOf } from '@signalbox/nodes/time/zoned-time';
import type { Pace, Schedule } from './contract.ts';

const hourMs = 3_600_000;

/** The zone whose clocks are furthest ahead: a day begins there before it begins anywhere else. */
const firstZone = 'Pacific/Kiritimati';

const momentOf = (date: string, time: string, zone: string): Date =>
  new Date(instantOf(Date.parse(`${date}T${time}:00Z`), zone));

/**
 * When a campaign goes out next; null where it never does again. At each person's local time people are let in when it is that time where it
 * is that time first, and wait for it in the flow.
 *
 * @param after the moment after which it is asked for: of `now` and of a segment's comings it is the moment itself.
 */
export function nextOccurrence(schedule: Schedule, after: Date): Date | null {
  switch (schedule.kind) {
    case 'now':
    case 'segment':
      return after;
    case 'at': {
      const at = momentOf(schedule.date, schedule.time, schedule.zone);
      return at > after ? at : null;
    }
    case 'local': {
      const last = momentOf(schedule.date, schedule.time, lastZone);
      const first = momentOf(schedule.date, schedule.time, firstZone);
      return last <= after ? null : first > after ? first : after;
    }
    case 'recurring':
      return occurrencesOf(schedule, after, 1)[0] ?? null;
  }
}

/** The zone whose clocks are furthest behind. */
const lastZone = 'Etc/GMT+12';

/** The next times of a campaign that goes out again and again, up to its end. */
export function occurrencesOf(
  { cron: line, zone, ends_at: endsAt }: Extract<Schedule, { kind: 'recurring' }>,
  after: Date,
  most: number,
): Date[] {
  const cron = readCron(line);
  if (cron === null) return [];
  const times = nextTimes(cron, { from: after, zone, most });
  return endsAt === null ? times : times.filter((time) => time <= new Date(endsAt));
}

/** The last time of a campaign that came within the last hour; null where none did. */
export function lastOccurrence(schedule: Extract<Schedule, { kind: 'recurring' }>, now: Date): Date | null {
  const from = new Date(now.getTime() - hourMs - 1);
  return occurrencesOf(schedule, from, mostInAnHour).findLast((at) => at <= now) ?? null;
}

/** By minutes there are no more. */
const mostInAnHour = 61;

/** What nobody was there for is missed once it is this late. */
const lateMs = hourMs;

/** Of a campaign that goes out again and again: whether a time that came up is passed over. */
export function isMissed({ missed }: Extract<Schedule, { kind: 'recurring' }>, at: Date, now: Date): boolean {
  return missed === 'skip' && now.getTime() - at.getTime() > lateMs;
}

/** People an hour; null where nothing but the queue holds them back. */
export function ratePerHour(pace: Pace, expected: number): number | null {
  if (pace === null) return null;
  return pace.kind === 'rate' ? pace.people_per_hour : Math.max(1, Math.ceil(expected / pace.hours));
}

/** Of what a pace lets in a minute, a page holds no more. */
const pagesPerHour = 60;

/** How many people a page may hold. */
export function pageOf(rate: number | null, most: number): number {
  return rate === null ? most : Math.max(1, Math.min(most, Math.ceil(rate / pagesPerHour)));
}

/** When the next page may come: once as much time is over as those take who came since the pace holds. */
export function pageDue(paced: { readonly from: Date; readonly people: number }, rate: number | null): Date {
  return rate === null ? paced.from : new Date(paced.from.getTime() + (paced.people / rate) * hourMs);
}
