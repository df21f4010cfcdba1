/** A date as somebody wrote it: a day, by its midnight as if it were in UTC, or a moment. Milliseconds since 1970. */
export type WrittenDate = { readonly is: 'day' | 'moment'; readonly at: number };

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

/** Minutes ahead of UTC of the zones that RFC 5322 has names for. */
const namedZones: Readonly<Record<string, number>> = {
  ...{ z: 0, utc: 0, gmt: 0 },
  ...{ est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420 },
};
const zoneName = Object.keys(namedZones).join('|');
/** A time of day at the end of a text, with the zone that it is meant in and a note in brackets. */
const timeOfDay = new RegExp(
  [
    '(?:T|[ ,]+(?:at )?)(?<hour>\\d{1,2})(?::(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?)?)?',
    '(?: ?(?<half>[ap])\\.?m\\.?)?',
    ` ?(?<zone>${zoneName})?(?:(?<sign>[+-])(?<ahead>\\d\\d)(?::?(?<minutes>\\d\\d))?)?(?: ?\\((?<note>[^)]*)\\))?$`,
  ].join(''),
  'i',
);

const second = 1_000;
const minuteMs = 60 * second;
const hourMs = 60 * minuteMs;

/**
 * The day or the moment that a text names, whatever the machine's own zone; null where it names none. A time without an offset is UTC.
 * Eight digits are a day, other numbers seconds or milliseconds since 1970 of the years 1973 to 2099, or back to 1900.
 */
export function readWrittenDate(written: string): WrittenDate | null {
  const text = written.replace(/\s+/g, ' ').trim().replace(dayName, '').trim();
  const day = dayOf(text);
  if (day !== null) return { is: 'day', at: day };
  const at = /^-?\d+(?:\.\d+)?$/.test(text) ? sinceEpoch(Number(text)) : momentOf(text);
  return at === null ? null : { is: 'moment', at };
}

/** The midnight, as if in UTC, of the day that a text names; null where it names none. */
function dayOf(text: string): number | null {
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
    return at.getUTCMonth() === month - 1 && at.getUTCDate() === Number(day) && year >= 1000 ? at.getTime() : null;
  }
  return null;
}

/** A day with a time of day behind it. */
function momentOf(text: string): number | null {
  const found = timeOfDay.exec(text);
  const day = found === null ? null : dayOf(text.slice(0, found.index).replace(/,$/, ''));
  const time = clockOf(found?.groups ?? {});
  const ahead = offsetOf(found?.groups ?? {});
  return day === null || time === null || ahead === null ? null : day + time - ahead * minuteMs;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Milliseconds since midnight of what stands on a clock of 24 hours or of 12. */
function clockOf({ hour = '', minute, second: seconds = '0', fraction = '', half }: Groups): number | null {
  if (minute === undefined && half === undefined) return null;
  const shown = Number(hour);
  const hours = half === undefined ? shown : (shown % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  if (shown > (half === undefined ? 24 : 12) || Number(minute ?? 0) > 59 || Number(seconds) > 59) return null;
  const at =
    hours * hourMs +
    Number(minute ?? 0) * minuteMs +
    Number(seconds) * second +
    Number(fraction.slice(0, 3).padEnd(3, '0'));
  // 24:00 is the end of the day; nothing comes after it.
  return at > 24 * hourMs ? null : at;
}

/** Minutes ahead of UTC; null for a zone that nobody can tell. */
function offsetOf({ zone, sign, ahead = '', minutes = '0', note }: Groups): number | null {
  const isUtc = zone === undefined || /^(?:utc|gmt)$/i.test(zone);
  if (sign !== undefined) {
    if (!isUtc || Number(ahead) > 18 || Number(minutes) > 59) return null;
    return (sign === '-' ? -1 : 1) * (Number(ahead) * 60 + Number(minutes));
  }
  const named = (zone ?? note ?? 'utc').toLowerCase();
  return Object.hasOwn(namedZones, named) ? (namedZones[named] ?? null) : null;
}

/** Seconds of 1973-03-03, with nine digits, to the end of 2099, and of as long before 1970 back to 1900. */
const isPlausible = (seconds: number): boolean =>
  Math.abs(seconds) >= 100_000_000 && seconds >= -2_208_988_800 && seconds < 4_102_444_800;

/** The moment that a number of seconds or of milliseconds since 1970 means; null for a number that means something else. */
function sinceEpoch(number: number): number | null {
  if (isPlausible(number)) return Math.floor(number * second);
  return isPlausible(number / second) ? Math.floor(number) : null;
}
