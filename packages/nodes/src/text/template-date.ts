import { type FilterImplOptions, filters } from 'liquidjs';
import { zoneOrUtc } from '../time/zoned-time.ts';

/**
 * The `date` filter on the data's clock: `'now'` and `'today'` are the data's `now`, instants are shown in the person's zone, and a date
 * without a time stays the day it names, wherever the server stands. A named zone as second argument wins.
 */
export const dateInZone: FilterImplOptions = function (value: unknown, format: unknown, zone: unknown) {
  const data = this.context.environments;
  const instant = value === 'now' || value === 'today' ? Reflect.get(data, 'now') : value;
  const day = namedDay(instant);
  const named = typeof zone === 'string' ? zone : day === null ? personZone(data) : 'UTC';
  const builtIn = filters.date;
  if (typeof builtIn !== 'function') throw new Error('The date filter is missing');
  return Reflect.apply(builtIn, this, [day ?? withOffset(instant), format, zoneOrUtc(named)]);
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

type Parts = readonly [year: string | undefined, month: string | undefined, day: string | undefined];
/** Ways to write a day, and where its parts stand. With slashes the month comes first, unless it cannot be one. */
const dayForms: ReadonlyArray<readonly [RegExp, (found: RegExpExecArray) => Parts]> = [
  [/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/, ([, y, m, d]) => [y, m, d]],
  [/^(\d{4})(\d\d)(\d\d)$/, ([, y, m, d]) => [y, m, d]],
  [/^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/, ([, a, b, y]) => (Number(a) > 12 ? [y, b, a] : [y, a, b])],
  [/^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/, ([, d, m, y]) => [y, m, d]],
  [new RegExp(`^${month} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})$`, 'i'), ([, m, d, y]) => [y, m, d]],
  [new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?\\.? ${month},? (\\d{4})$`, 'i'), ([, d, m, y]) => [y, m, d]],
];

/** The day that a text or number names, as its beginning in UTC; null for anything else. */
function namedDay(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  for (const [form, partsOf] of dayForms) {
    const found = form.exec(text);
    if (found === null) continue;
    const [year = '', named = '', day = ''] = partsOf(found);
    const name = monthNames.indexOf(named.toLowerCase().slice(0, 3));
    const month = name === -1 ? Number(named) : name + 1;
    const at = new Date(Date.UTC(Number(year), month - 1, Number(day)));
    // February 30 is no day, and 20261399 no date but a number.
    if (at.getUTCMonth() === month - 1 && at.getUTCDate() === Number(day) && Number(year) >= 1000)
      return `${at.toISOString().slice(0, 10)}T00:00:00Z`;
  }
  return null;
}

const hasZone = /(?:z|utc|gmt|[+-]\d{2}:?\d{2}|\b[ecmp][sd]t|\([^)]*\))$/i;

/** A time without an offset would be read in the zone of the machine: read it as UTC. */
function withOffset(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text)) return `${text.replace(' ', 'T')}Z`;
  if (/^-?\d+(?:\.\d+)?$/.test(text) || hasZone.test(text)) return value;
  const instant = Date.parse(`${text} UTC`);
  return Number.isNaN(instant) ? value : new Date(instant).toISOString();
}
