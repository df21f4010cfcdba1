import { instantOf, wallTime } from './zoned-time.ts';

/** What the five fields of a cron line say: minute, hour, day of the month, month, weekday. */
export type Cron = {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
};

const fields = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31 },
  { from: 1, to: 12 },
  { from: 0, to: 7 },
] as const;

/**
 * Reads a cron line of five fields, of numbers, `*`, lists, ranges and steps; null where it is none. One that names days of the month and
 * weekdays is none: to some programs it means either, to others both.
 */
export function readCron(line: string): Cron | null {
  const parts = line.trim().split(/\s+/);
  if (parts.length !== fields.length) return null;
  const read = parts.map((part, index) => readField(part, fields[index] ?? fields[0]));
  const [minutes, hours, days, months, weekdays] = read;
  if (minutes == null || hours == null || days == null || months == null || weekdays == null) return null;
  if (parts[2] !== '*' && parts[4] !== '*') return null;
  return { minutes, hours, days, months, weekdays: sorted(weekdays.map((day) => day % 7)) };
}

const part = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/;

function readField(text: string, range: { readonly from: number; readonly to: number }): number[] | null {
  const values: number[] = [];
  for (const each of text.split(',')) {
    const found = part.exec(each);
    if (found === null) return null;
    const [, first, last, every] = found;
    const from = first === undefined ? range.from : Number(first);
    const to = last !== undefined ? Number(last) : first === undefined || every !== undefined ? range.to : from;
    const step = every === undefined ? 1 : Number(every);
    if (from < range.from || to > range.to || from > to || step < 1) return null;
    for (let value = from; value <= to; value += step) values.push(value);
  }
  return sorted(values);
}

const sorted = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The calendar comes around again after four years: a line that names no day within them names none. */
const furthestDays = 4 * 366;

/**
 * The next moments after `from` at which the clocks of `zone` show what a cron line says. A time that clocks skip in spring comes when they
 * jump; one that comes twice in autumn counts the first time.
 */
export function nextTimes(
  cron: Cron,
  request: { readonly from: Date; readonly zone: string; readonly most: number },
): Date[] {
  const { from, zone, most } = request;
  const start = wallTime(from, zone);
  const found: Date[] = [];
  for (let ahead = 0; ahead <= furthestDays && found.length < most; ahead += 1) {
    const day = new Date(Date.UTC(start.year, start.month - 1, start.day + ahead));
    if (!fitsDay(cron, day)) continue;
    const times = cron.hours.flatMap((hour) =>
      cron.minutes.map((minute) => instantOf(day.getTime() + (hour * 60 + minute) * 60_000, zone)),
    );
    for (const time of sorted(times)) {
      const last = found.at(-1)?.getTime() ?? from.getTime();
      if (time > last && found.length < most) found.push(new Date(time));
    }
  }
  return found;
}

function fitsDay({ days, months, weekdays }: Cron, day: Date): boolean {
  return (
    months.includes(day.getUTCMonth() + 1) && days.includes(day.getUTCDate()) && weekdays.includes(day.getUTCDay())
  );
}
