/** A date and time of day as a clock on the wall shows it. `month` is 1 to 12. */
export type WallTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

const dayMs = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat | null>();

/** True for a time zone name that this runtime knows. */
export function isTimeZone(zone: string): boolean {
  return formatterFor(zone) !== null;
}

/** The zone itself where it is known, else `UTC`. */
export function zoneOrUtc(zone: string | null): string {
  return zone !== null && isTimeZone(zone) ? zone : 'UTC';
}

/** The first of the zones that is known, else `UTC`. */
export function firstZone(...zones: ReadonlyArray<string | null>): string {
  return zones.find((zone): zone is string => zone !== null && isTimeZone(zone)) ?? 'UTC';
}

/** Whoever comes this long past a time of day has not missed it: sending takes a while. */
const graceMs = 5 * 60_000;

/**
 * The first instant at or after the same time of day `days` calendar days later at which the clocks of `zone` show `time` (`HH:MM`). Days
 * are counted on the calendar, so a change of the clocks in between makes none longer or shorter. A time that clocks skip comes when they
 * jump; one that comes twice counts the first time.
 */
export function timeOfDayAfter(request: {
  readonly from: Date;
  readonly days: number;
  readonly time: string;
  readonly zone: string;
}): Date {
  const [hour = 0, minute = 0] = request.time.split(':').map(Number);
  const from = wallTime(new Date(request.from.getTime() - graceMs), request.zone);
  const isPast = hour * 60 + minute < from.hour * 60 + from.minute;
  const day = from.day + request.days + (isPast ? 1 : 0);
  return new Date(instantOf(Date.UTC(from.year, from.month - 1, day, hour, minute), request.zone));
}

/**
 * The first instant at or after `from` plus a length of time at which the clocks of `zone` show `time` (`HH:MM`), after `from` in any case.
 * A length that ends a little past the time has not missed it; one of whole days has, as 24 hours are asked for instead of a day by whom the
 * hours matter to.
 */
export function timeOfDayAfterLength(request: {
  readonly from: Date;
  readonly lengthMs: number;
  readonly time: string;
  readonly zone: string;
}): Date {
  const { lengthMs, time, zone } = request;
  const from = request.from.getTime();
  const earliest = lengthMs % dayMs === 0 ? from + lengthMs : Math.max(from + 1, from + lengthMs - graceMs);
  return nextTimeOfDay({ from: new Date(earliest), time, zone });
}

/** What the clocks of `zone` show at `instant`. An unknown zone counts as UTC. */
export function wallTime(instant: Date, zone: string): WallTime {
  const shown = new Date(instant.getTime() + offsetAt(instant.getTime(), zone));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
  };
}

/**
 * The first instant at or after `from` at which the clocks of `zone` show `time` (`HH:MM`).
 *
 * Where clocks go forward over that time, the day's instant is the moment they jump (02:30 becomes 03:00). Where they go
 * back and the time comes twice, only the first of the two counts: someone past it waits for the next day.
 */
export function nextTimeOfDay(request: { readonly from: Date; readonly time: string; readonly zone: string }): Date {
  const [hour = 0, minute = 0] = request.time.split(':').map(Number);
  const { year, month, day } = wallTime(request.from, request.zone);
  for (let ahead = 0; ahead <= 2; ahead += 1) {
    const candidate = instantOf(Date.UTC(year, month - 1, day + ahead, hour, minute), request.zone);
    if (candidate >= request.from.getTime()) return new Date(candidate);
  }
  return new Date(instantOf(Date.UTC(year, month - 1, day + 3, hour, minute), request.zone));
}

/** The instant of a wall time, which is given as if it were UTC. */
export function instantOf(wall: number, zone: string): number {
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  const matching = [wall - before, wall - after].filter((instant) => instant + offsetAt(instant, zone) === wall);
  if (matching.length > 0) return Math.min(...matching);

  // The clocks jump over this time: find the jump between the two readings.
  let early = Math.min(wall - before, wall - after);
  let late = Math.max(wall - before, wall - after);
  const offset = offsetAt(early, zone);
  while (late - early > 1_000) {
    const middle = early + Math.floor((late - early) / 2_000) * 1_000;
    if (offsetAt(middle, zone) === offset) early = middle;
    else late = middle;
  }
  return late;
}

/** Milliseconds that the clocks of `zone` are ahead of UTC at `instant`. */
export function offsetAt(instant: number, zone: string): number {
  const formatter = formatterFor(zone);
  if (formatter === null) return 0;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}

function formatterFor(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const formatter = createFormatter(zone);
  // Names come from data: keep the map from growing without end.
  if (formatters.size >= 1_000) formatters.clear();
  formatters.set(zone, formatter);
  return formatter;
}

function createFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
