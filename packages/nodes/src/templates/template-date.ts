import { type FilterImplOptions, toValue } from 'liquidjs';
import { inZone, type MomentInZone, strftime } from '../time/strftime.ts';
import { readWrittenDate, type WrittenDate } from '../time/written-date.ts';
import { instantOf, zoneOrUtc } from '../time/zoned-time.ts';
import { MovedInstant } from './shown-instant.ts';
import { measuredNumber } from './template-numbers.ts';

/** Thrown for what is to be shown as a date, and names no day and no time. */
export class NoDateError extends Error {
  override readonly name = 'NoDateError';
}

/** How a date is shown where a template says nothing else. */
const usualFormat = '%B %-d, %Y';

/**
 * The `date` filter on the data's clock: `'now'` and `'today'` are the data's `now`, instants are shown in the person's zone, and a date
 * without a time stays the day it names, wherever the server and the person are. A named zone as second argument wins. What has no digits
 * stays as it is written; what has some and names no day and no time fails: a machine would make a day of it that nobody wrote.
 */
export const dateInZone: FilterImplOptions = function (input: unknown, format: unknown, zone: unknown) {
  const data = this.context.environments;
  const written: unknown = toValue(input);
  const value: unknown = written === 'now' || written === 'today' ? Reflect.get(data, 'now') : written;
  if (value === null || value === undefined || (typeof value === 'string' && !/\d/.test(value))) return value;
  const read = readDate(value);
  if (read === null) {
    if (typeof Reflect.get(data, measuredNumber) === 'number') return value;
    throw new NoDateError('The text names no date');
  }
  const shownFormat: unknown = toValue(format);
  return strftime(
    shownFormat === null || shownFormat === undefined ? usualFormat : String(shownFormat),
    shownIn(read, zoneOrUtc(typeof zone === 'string' ? zone : personZone(data))),
    (characters) => this.context.memoryLimit.use(characters),
  );
};

/** The zone that the person's times are shown in, as `toScope` put it into the data. */
export const zoneKey = Symbol('zone');

function personZone(data: object): string | null {
  const zone: unknown = Reflect.get(data, zoneKey);
  return typeof zone === 'string' ? zone : null;
}

/** A day begins when it does in the zone, and is that day even where the zone has no such midnight. */
function shownIn({ is, at }: WrittenDate, zone: string): MomentInZone {
  return is === 'day' ? { at: instantOf(at, zone), wall: at, zone } : inZone(at, zone);
}

function readDate(value: unknown): WrittenDate | null {
  if (typeof value === 'string' || typeof value === 'number') return readWrittenDate(String(value));
  const at = value instanceof MovedInstant ? value.date : value instanceof Date ? value.getTime() : null;
  return at === null ? null : { is: 'moment', at };
}
