import { type FilterImplOptions, filters } from 'liquidjs';
import { zoneOrUtc } from '../time/zoned-time.ts';

/**
 * The `date` filter on the data's clock: `'now'` and `'today'` are the data's `now`, instants are shown in the contact's
 * time zone, and a date without a time stays the day it names. A named zone as second argument wins.
 */
export const dateInZone: FilterImplOptions = function (value: unknown, format: unknown, zone: unknown) {
  const data = this.context.environments;
  const instant = value === 'now' || value === 'today' ? Reflect.get(data, 'now') : value;
  const isDay = typeof instant === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(instant);
  const named = typeof zone === 'string' ? zone : isDay ? 'UTC' : contactZone(Reflect.get(data, 'contact'));
  const builtIn = filters.date;
  if (typeof builtIn !== 'function') throw new Error('The date filter is missing');
  return Reflect.apply(builtIn, this, [withOffset(instant), format, zoneOrUtc(named)]);
};

/** A time without an offset would be read in the zone of the machine: read it as UTC. */
function withOffset(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(value)
    ? `${value.replace(' ', 'T')}Z`
    : value;
}

function contactZone(contact: unknown): string | null {
  if (typeof contact !== 'object' || contact === null || !('time_zone' in contact)) return null;
  return typeof contact.time_zone === 'string' ? contact.time_zone : null;
}
