import { callingCode, callingCodeOf } from '@signalbox/nodes/text/countries';
import { locale } from './translate.ts';

const number = new Intl.NumberFormat(locale);
const percent = new Intl.NumberFormat(locale, { style: 'percent' });
const tenths = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const signedPercent = new Intl.NumberFormat(locale, { style: 'percent', signDisplay: 'exceptZero' });
const signedTenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const calendarDate = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const dateSoon = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });

/** 12,345 */
export const formatNumber = (value: number): string => number.format(value);

/** A share of one: 12%. */
export const formatShare = (share: number): string => percent.format(share);

/** A share of one to the tenth of a percent: 12.5%. */
export const formatTenths = (share: number): string => tenths.format(share);

/** Between which shares of one something lies: 1.6% – 4.2%. */
export const formatShares = (low: number, high: number): string => tenths.formatRange(low, high);

/** A change as a share of one, with its sign: +240%. */
export const formatPercent = (share: number): string => signedPercent.format(share);

/** A difference of two shares in hundredths, with its sign: +1.4. */
export const formatPoints = (share: number): string => signedTenths.format(share * 100);

/** 12,345 below 100,000, then 123.4K. */
export const formatCount = (value: number): string => (value < 100_000 ? number.format(value) : compact.format(value));

/** The whole date and time with its zone, for hover. */
export const formatExact = (iso: string): string => exact.format(new Date(iso));

/** 17:35 */
export const formatClock = (iso: string): string => clock.format(new Date(iso));

/** A day of the calendar, `2026-11-22`, wherever it is read: Nov 22, 2026 */
export const formatDate = (date: string): string => calendarDate.format(new Date(`${date}T00:00:00Z`));

/** The same with its weekday, for the days to come: Sun, Nov 22 */
export const formatDateSoon = (date: string): string => dateSoon.format(new Date(`${date}T00:00:00Z`));

/** Sunday, 22 November */
export const formatDay = (iso: string): string => day.format(new Date(iso));

const steps: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
];

/** Monday for 1, up to Sunday for 7. */
export const weekdayName = (weekday: number, length: 'long' | 'short'): string =>
  new Intl.DateTimeFormat(locale, { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2024, 0, weekday));

/** "3 minutes ago", "in 2 days"; a date when more than a week away. `now` in milliseconds. */
export function formatRelative(iso: string, now: number): string {
  let amount = (new Date(iso).getTime() - now) / 1000;
  if (amount > -60 && amount < 2) return relative.format(0, 'second');
  for (const [unit, size] of steps) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return shortDate.format(new Date(iso));
}

/** The time of day in a zone: "09:12 Berlin" without the city; null where the zone is unknown. */
export function formatInZone(zone: string, now: number): string | null {
  try {
    return new Intl.DateTimeFormat(locale, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      weekday: 'short',
      timeZone: zone,
      timeZoneName: 'short',
    }).format(now);
  } catch {
    return null;
  }
}

const northAmerican = /^(\+1)(\d{3})(\d{3})(\d{4})$/;

/** +12025550143 as +1 202 555 0143, others as +49 30901820: how their digits are grouped differs within a country. Short codes and names stay. */
export function formatPhone(e164: string): string {
  const [, ...groups] = northAmerican.exec(e164) ?? [];
  if (groups.length > 0) return groups.join(' ');
  const code = callingCode.exec(e164)?.[0];
  return code === undefined ? e164 : `${code} ${e164.slice(code.length)}`;
}

/** How a number of a country begins, as a hint in an empty field. */
export function phoneHint(country: string): string {
  const code = callingCodeOf(country) ?? '+';
  return code === '+1' ? '+1 202 555 0143' : `${code} …`;
}

/** An amount in a currency, with as many digits as small prices need. */
export function formatMoney(amount: number, currency: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 4 }).format(amount);
}
