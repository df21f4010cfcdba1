/*
 * Public holidays of two countries, as rules: they hold for every year and need no list. Sources, read in 2026: 5 U.S.C. 6103 (a federal
 * holiday on a Saturday is kept on the Friday, one on a Sunday on the Monday); the holidays acts of the Australian states and territories
 * as the Fair Work Ombudsman lists them. Days that are proclaimed for one year or one town are none of them: people add those.
 */

/** When in a year: a date, the nth weekday of a month (1 is Monday; -1 the last), the first on or after a date, or days from Easter Sunday. */
type When =
  | { readonly month: number; readonly day: number }
  | { readonly month: number; readonly nth: number; readonly weekday: number }
  | { readonly month: number; readonly from: number; readonly weekday: number }
  | { readonly easter: number };

type Rule = {
  readonly name: string;
  readonly when: When;
  /** The parts of the country that have it; all of them without. */
  readonly regions?: readonly string[];
  /** From which year on. */
  readonly since?: number;
  /**
   * On a weekend: `nearest` working day as well, the Monday `instead`, or the next working day as well, that many days on where it falls
   * on a Saturday or on a Sunday.
   */
  readonly weekend?: 'nearest' | 'instead' | { readonly saturday: number; readonly sunday: number };
};

const monday = 1;
const tuesday = 2;
const thursday = 4;
const nextMonday = { saturday: 2, sunday: 1 } as const;

const rules: Readonly<Record<string, readonly Rule[]>> = {
  US: [
    { name: 'New Year’s Day', when: { month: 1, day: 1 }, weekend: 'nearest' },
    { name: 'Birthday of Martin Luther King, Jr.', when: { month: 1, nth: 3, weekday: monday } },
    { name: 'Washington’s Birthday', when: { month: 2, nth: 3, weekday: monday } },
    { name: 'Memorial Day', when: { month: 5, nth: -1, weekday: monday } },
    { name: 'Juneteenth', when: { month: 6, day: 19 }, since: 2021, weekend: 'nearest' },
    { name: 'Independence Day', when: { month: 7, day: 4 }, weekend: 'nearest' },
    { name: 'Labor Day', when: { month: 9, nth: 1, weekday: monday } },
    { name: 'Columbus Day', when: { month: 10, nth: 2, weekday: monday } },
    { name: 'Veterans Day', when: { month: 11, day: 11 }, weekend: 'nearest' },
    { name: 'Thanksgiving Day', when: { month: 11, nth: 4, weekday: thursday } },
    { name: 'Christmas Day', when: { month: 12, day: 25 }, weekend: 'nearest' },
  ],
  AU: [
    { name: 'New Year’s Day', when: { month: 1, day: 1 }, weekend: nextMonday },
    { name: 'Australia Day', when: { month: 1, day: 26 }, weekend: 'instead' },
    { name: 'Good Friday', when: { easter: -2 } },
    {
      name: 'Easter Saturday',
      when: { easter: -1 },
      regions: ['AU-ACT', 'AU-NSW', 'AU-NT', 'AU-QLD', 'AU-SA', 'AU-VIC'],
    },
    {
      name: 'Easter Sunday',
      when: { easter: 0 },
      regions: ['AU-ACT', 'AU-NSW', 'AU-NT', 'AU-QLD', 'AU-SA', 'AU-VIC', 'AU-WA'],
    },
    { name: 'Easter Monday', when: { easter: 1 } },
    { name: 'Anzac Day', when: { month: 4, day: 25 } },
    { name: 'Christmas Day', when: { month: 12, day: 25 }, weekend: { saturday: 2, sunday: 2 } },
    { name: 'Boxing Day', when: { month: 12, day: 26 }, weekend: { saturday: 2, sunday: 2 } },
    {
      name: 'King’s Birthday',
      when: { month: 6, nth: 2, weekday: monday },
      regions: ['AU-ACT', 'AU-NSW', 'AU-NT', 'AU-SA', 'AU-TAS', 'AU-VIC'],
    },
    { name: 'King’s Birthday', when: { month: 10, nth: 1, weekday: monday }, regions: ['AU-QLD'] },
    { name: 'King’s Birthday', when: { month: 9, nth: -1, weekday: monday }, regions: ['AU-WA'] },
    { name: 'Labour Day', when: { month: 3, nth: 1, weekday: monday }, regions: ['AU-WA'] },
    { name: 'Labour Day', when: { month: 3, nth: 2, weekday: monday }, regions: ['AU-VIC'] },
    { name: 'Eight Hours Day', when: { month: 3, nth: 2, weekday: monday }, regions: ['AU-TAS'] },
    { name: 'Labour Day', when: { month: 5, nth: 1, weekday: monday }, regions: ['AU-QLD'] },
    { name: 'May Day', when: { month: 5, nth: 1, weekday: monday }, regions: ['AU-NT'] },
    { name: 'Labour Day', when: { month: 10, nth: 1, weekday: monday }, regions: ['AU-ACT', 'AU-NSW', 'AU-SA'] },
    { name: 'Canberra Day', when: { month: 3, nth: 2, weekday: monday }, regions: ['AU-ACT'] },
    { name: 'Adelaide Cup Day', when: { month: 3, nth: 2, weekday: monday }, regions: ['AU-SA'] },
    { name: 'Reconciliation Day', when: { month: 5, from: 27, weekday: monday }, regions: ['AU-ACT'] },
    { name: 'Western Australia Day', when: { month: 6, nth: 1, weekday: monday }, regions: ['AU-WA'] },
    { name: 'Picnic Day', when: { month: 8, nth: 1, weekday: monday }, regions: ['AU-NT'] },
    { name: 'Melbourne Cup Day', when: { month: 11, nth: 1, weekday: tuesday }, regions: ['AU-VIC'] },
  ],
};

/** A day that is kept as a public holiday. */
export type Holiday = { readonly date: string; readonly name: string };

const dayMs = 86_400_000;

/** The parts of a country that have holidays of their own, by their ISO 3166-2 codes. */
export function holidayRegions(country: string): string[] {
  return [...new Set((rules[country] ?? []).flatMap(({ regions = [] }) => regions))].sort();
}

/** Whether a code is a part of some country that has holidays of its own. */
export function isHolidayRegion(code: string): boolean {
  return Object.keys(rules).some((country) => holidayRegions(country).includes(code));
}

/** The public holidays of a year, in order; without a region those of the whole country. */
export function holidaysOf(country: string, region: string | null, year: number): Holiday[] {
  // The first day of a year may be kept on the last of the year before.
  return [year, year + 1]
    .flatMap((each) => (rules[country] ?? []).flatMap((rule) => daysOf(rule, region, each)))
    .filter(({ date }) => date.startsWith(`${year}-`))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** The holidays that fall on a date. */
export function holidaysOn(country: string, region: string | null, date: string): Holiday[] {
  return holidaysOf(country, region, Number(date.slice(0, 4))).filter((holiday) => holiday.date === date);
}

function daysOf({ name, when, regions, since = 0, weekend }: Rule, region: string | null, year: number): Holiday[] {
  if (year < since || (regions !== undefined && (region === null || !regions.includes(region)))) return [];
  const at = timeOf(when, year);
  const weekday = weekdayOf(at);
  const days = (...times: readonly number[]) =>
    times.map((time) => ({ date: new Date(time).toISOString().slice(0, 10), name }));
  if (weekday < 6 || weekend === undefined) return days(at);
  const saturday = weekday === 6;
  if (weekend === 'nearest') return days(at, at + (saturday ? -dayMs : dayMs));
  if (weekend === 'instead') return days(at + (saturday ? 2 : 1) * dayMs);
  return days(at, at + (saturday ? weekend.saturday : weekend.sunday) * dayMs);
}

function timeOf(when: When, year: number): number {
  if ('easter' in when) return easterOf(year) + when.easter * dayMs;
  if ('day' in when) return Date.UTC(year, when.month - 1, when.day);
  if ('from' in when) return onOrAfter(Date.UTC(year, when.month - 1, when.from), when.weekday);
  if (when.nth > 0) return onOrAfter(Date.UTC(year, when.month - 1, 1), when.weekday) + (when.nth - 1) * 7 * dayMs;
  return onOrAfter(Date.UTC(year, when.month, 1), when.weekday) - 7 * dayMs;
}

function onOrAfter(time: number, weekday: number): number {
  return time + ((weekday - weekdayOf(time) + 7) % 7) * dayMs;
}

/** 1 is Monday, 7 is Sunday. */
function weekdayOf(time: number): number {
  return new Date(time).getUTCDay() || 7;
}

/** Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher). */
function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1);
}
