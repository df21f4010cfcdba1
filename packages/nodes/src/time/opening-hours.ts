import { z } from 'zod';
import { holidaysOn } from './public-holidays.ts';
import { openFrom, type WeekHours, weekHoursSchema } from './week-hours.ts';
import { instantOf, wallTime } from './zoned-time.ts';

const dateSchema = z.iso.date({ error: 'Choose a date' });

/** When somebody of a workspace is there to answer. */
export const openingHoursSchema = z.strictObject({
  /** Hours of the week; without any every hour of a day that is not closed. */
  hours: z.array(weekHoursSchema).max(14).default([]),
  /** Whether the public holidays of the home country are closed. */
  holidays: z.boolean().default(false),
  /** The part of the country whose holidays are kept, by its ISO 3166-2 code; null for those of the whole country. */
  region: z.string().max(6).nullable().default(null),
  /** Days that are closed besides. */
  closed_days: z
    .array(z.strictObject({ date: dateSchema, name: z.string().trim().max(80).default('') }))
    .max(400)
    .default([]),
  /** Public holidays that are not kept. */
  open_days: z.array(dateSchema).max(400).default([]),
});

export type OpeningHours = z.infer<typeof openingHoursSchema>;

/** Of a workspace that set nothing. */
export const alwaysOpen: OpeningHours = openingHoursSchema.parse({});

/** Where the workspace is: its clocks, and the country whose holidays it keeps. */
export type OpeningPlace = { readonly zone: string; readonly country: string };

/** Nobody is closed for longer without a day between. */
const furthestDays = 60;

/** Whether an instant lies within hours of the week on the clocks of a zone. */
export function isWithinHours(hours: readonly WeekHours[], zone: string, at: Date): boolean {
  return openFrom(at, [{ zone, hours }])?.getTime() === at.getTime();
}

/** Whether somebody is there at an instant. */
export function isOpenAt(opening: OpeningHours, place: OpeningPlace, at: Date): boolean {
  if (isClosedDay(opening, place.country, dateAt(at, place.zone))) return false;
  return opening.hours.length === 0 || isWithinHours(opening.hours, place.zone, at);
}

/** The first instant from `from` on at which somebody is there; null where nobody is for two months. */
export function opensAt(opening: OpeningHours, place: OpeningPlace, from: Date): Date | null {
  let at = from;
  for (let days = 0; days <= furthestDays; days += 1) {
    const opened = opening.hours.length === 0 ? at : openFrom(at, [{ zone: place.zone, hours: opening.hours }]);
    if (opened === null) return null;
    if (!isClosedDay(opening, place.country, dateAt(opened, place.zone))) return opened;
    const { year, month, day } = wallTime(opened, place.zone);
    at = new Date(instantOf(Date.UTC(year, month - 1, day + 1), place.zone));
  }
  return null;
}

function isClosedDay(opening: OpeningHours, country: string, date: string): boolean {
  if (opening.closed_days.some((day) => day.date === date)) return true;
  return opening.holidays && !opening.open_days.includes(date) && holidaysOn(country, opening.region, date).length > 0;
}

function dateAt(at: Date, zone: string): string {
  const { year, month, day } = wallTime(at, zone);
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
