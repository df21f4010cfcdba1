import { type FilterImplOptions, filters } from 'liquidjs';
import { zoneOrUtc } from '../time/zoned-time.ts';
import { measuredNumber } from './template-numbers.ts';

/** Thrown for what is to be shown as a date, has digits, and names no day and no time. */
export class NoDateError extends Error {
  override readonly name = 'NoDateError';
}

/**
 * The `date` filter on the data's clock: `'now'` and `'today'` are the data's `now`, instants are shown in the person's zone, and a date
 * without a time stays the day it names, wherever the server stands. A named zone as second argument wins. A text with digits in it that
 * names no day and no time fails: what a machine would make of it is a day that nobody wrote.
 */
export const dateInZone: FilterImplOptions = function (value: unknown, format: unknown, zone: unknown) {
  const data = this.context.environments;
  const read = readDate(value === 'now' || value === 'today' ? Reflect.get(data, 'now') : value);
  if (read === null) {
    if (typeof Reflect.get(data, measuredNumber) === 'number') return value;
    throw new NoDateError('The text names no date');
  }
  const named = typeof zone === 'string' ? zone : read.isDay ? 'UTC' : personZone(data);
  const builtIn = filters.date;
  if (typeof builtIn !== 'function') throw new Error('The date filter is missing');
  return Reflect.apply(builtIn, this, [read.value, format, zoneOrUtc(named)]);
};

/** The zone that the person's times are shown in, as `toScope` put it into the data. */
export const zoneKey = Symbol('zone');

function personZone(data: object): string | null {
  const zone: unknown = Reflect.get(data, zoneKey);
  return typeof zone === 'string' ? zone : null;
}

/** An instant that a template shows without a filter: as a date and a time of the person's zone. */
export class ShownInstant extends Date {
  readonly #zone: string;

  constructor(instant: Date, zone: string) {
    super(instant);
    this.#zone = zone;
  }

  override toString(): string {
    return new Intl.DateTimeFormat('en-US', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: this.#zone,
      calendar: 'gregory',
    })
      .format(this)
      .replace(/\u202f/g, ' ');
  }
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const year = '(\\d{4}|\\d\\d)';

type Parts = readonly [year: string | undefined, month: string | undefined, day: string | undefined];
/** Ways to write a day, and where its parts stand. With slashes the month comes first, unless it cannot be one. */
const dayForms: ReadonlyArray<readonly [RegExp, (found: RegExpExecArray) => Parts]> = [
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/, ([, y, m, d]) => [y, m, d]],
  [/^(\d{4})(\d\d)(\d\d)$/, ([, y, m, d]) => [y, m, d]],
  [new RegExp(`^(\\d{1,2})[/-](\\d{1,2})[/-]${year}$`), ([, a, b, y]) => (Number(a) > 12 ? [y, b, a] : [y, a, b])],
  [new RegExp(`^(\\d{1,2})\\.\\s?(\\d{1,2})\\.\\s?${year}$`), ([, d, m, y]) => [y, m, d]],
  [new RegExp(`^${month} (\\d{1,2})(?:st|nd|rd|th)?,? ${year}$`, 'i'), ([, m, d, y]) => [y, m, d]],
  [new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.?[ -]${month},?[ -]${year}$`, 'i'), ([, d, m, y]) => [y, m, d]],
];
const weekday = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?';
/** The name of the day, before a date or in brackets behind it. */
const dayName = new RegExp(`^${weekday},? +|,? *\\(?\\b${weekday}\\)?$`, 'gi');
/** A time with what belongs to it. */
const timeOfDay =
  /[T ,]+(?:at )?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)? ?((?:z|utc|gmt|[ecmp][sd]t)?(?:[+-]\d{2}:?\d{2})?(?: ?\([^)]*\))?)$/i;

/** What a date is read as; null for a text or number that could be meant as one and is none. */
type ReadDate = { readonly value: unknown; readonly isDay: boolean };

function readDate(value: unknown): ReadDate | null {
  const asIs = { value, isDay: false };
  if (typeof value !== 'string' && typeof value !== 'number') return asIs;
  const text = String(value).trim().replace(dayName, '').trim();
  const day = dayOf(text);
  if (day !== undefined) return day === null ? null : { value: day, isDay: true };
  // Seconds since 1970, but no year and no count of something.
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Math.abs(Number(text)) < 10_000_000 ? null : asIs;
  if (!/\d/.test(text)) return asIs;
  const found = timeOfDay.exec(text);
  if (found === null || dayOf(text.slice(0, found.index).replace(/,$/, '')) === null) return null;
  // A time without an offset would be read in the zone of the machine: read it as UTC.
  const written = /^\d{4}-\d{2}-\d{2} \d/.test(text) ? text.replace(' ', 'T') : text;
  const hasZone = (found[1] ?? '') !== '';
  const isIso = /^\d{4}-\d{2}-\d{2}T/.test(written);
  const instant = Date.parse(hasZone ? text : isIso ? `${written}Z` : `${written} UTC`);
  return Number.isNaN(instant) ? null : { value: new Date(instant).toISOString(), isDay: false };
}

/** The beginning in UTC of the day that a text names; null where there is no such day, undefined where it names none. */
function dayOf(text: string): string | null | undefined {
  for (const [form, partsOf] of dayForms) {
    const found = form.exec(text);
    if (found === null) continue;
    const [written = '', named = '', day = ''] = partsOf(found);
    const name = monthNames.indexOf(named.toLowerCase().slice(0, 3));
    const month = name === -1 ? Number(named) : name + 1;
    // Two digits: this century, or the last for those born in it.
    const short = Number(written) < 70 ? 2000 : 1900;
    const year = written.length === 2 ? short + Number(written) : Number(written);
    const at = new Date(Date.UTC(year, month - 1, Number(day)));
    // February 30 is no day.
    if (at.getUTCMonth() === month - 1 && at.getUTCDate() === Number(day) && year >= 1000)
      return `${at.toISOString().slice(0, 10)}T00:00:00Z`;
    // 20261399 may be no date but a number.
    return /^\d+$/.test(text) ? undefined : null;
  }
  return undefined;
}
