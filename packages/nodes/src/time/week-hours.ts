import { z } from 'zod';
import { instantOf, wallTime } from './zoned-time.ts';

/** Hours of some days of the week, on the clocks of a place. */
export type WeekHours = {
  /** 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[];
  /** `HH:MM`, from 00:00. */
  readonly from: string;
  /** `HH:MM`, up to 24:00; later than `from`. */
  readonly to: string;
};

/** A rule's hours where somebody may be: they must hold on the clocks of every zone. */
export type PlacedHours = { readonly zone: string; readonly hours: readonly WeekHours[] };

/** `HH:MM`; 24:00 is the end of a day. */
const timeSchema = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'A time of day such as 09:00' });

/** Hours of some days as people set them. */
export const weekHoursSchema = z
  .strictObject({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: timeSchema, to: timeSchema })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'The end comes after the beginning' });

const minuteMs = 60_000;
/** Hours of every rule come within two weeks of each other, or never. */
const furthestMs = 14 * 86_400_000;

/**
 * The first instant from `from` on at which all hours are open, and stay so for `lastingMs`; null where they never are at the same time.
 * Hours are read on the wall's clocks: they last as long as the clocks say, also on the days on which these are changed.
 */
export function openFrom(from: Date, placed: readonly PlacedHours[], lastingMs = 0): Date | null {
  let at = from.getTime();
  const end = at + furthestMs;
  while (at <= end) {
    let next = at;
    for (const each of placed) next = Math.max(next, nextOpening(next, each, lastingMs) ?? Number.POSITIVE_INFINITY);
    if (next === at) return new Date(at);
    at = next;
  }
  return null;
}

/** The first instant from `from` on within one rule's hours, with `lastingMs` left of them; null where there is none in two weeks. */
function nextOpening(from: number, { zone, hours }: PlacedHours, lastingMs: number): number | null {
  const isOpen = (at: number) => isWithin(at, zone, hours) && isWithin(at + lastingMs, zone, hours);
  if (isOpen(from)) return from;
  const { year, month, day } = wallTime(new Date(from), zone);
  for (let ahead = 0; ahead <= 14; ahead += 1) {
    const midnight = Date.UTC(year, month - 1, day + ahead);
    const openings = hours
      .filter(({ days }) => days.includes(weekdayOf(midnight)))
      .map((window) => instantOf(midnight + minutesOf(window.from) * minuteMs, zone))
      .filter((start) => start > from && isOpen(start));
    if (openings.length > 0) return Math.min(...openings);
  }
  return null;
}

/** Whether the clocks of `zone` show a time within the hours. Where a time comes twice, both count, or neither. */
function isWithin(at: number, zone: string, hours: readonly WeekHours[]): boolean {
  const { year, month, day, hour, minute } = wallTime(new Date(at), zone);
  const weekday = weekdayOf(Date.UTC(year, month - 1, day));
  const now = hour * 60 + minute;
  return hours.some(({ days, from, to }) => days.includes(weekday) && minutesOf(from) <= now && now < minutesOf(to));
}

function weekdayOf(wall: number): number {
  return new Date(wall).getUTCDay() || 7;
}

/** Minutes of `HH:MM` since midnight. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
