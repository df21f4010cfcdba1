import { offsetAt } from './zoned-time.ts';

/** A moment with the zone that it is shown in, in milliseconds since 1970. */
export type MomentInZone = {
  readonly at: number;
  /** What the clocks of the zone show then, as if it were UTC. */
  readonly wall: number;
  readonly zone: string;
};

/** A moment as the clocks of a zone show it. */
export function inZone(at: number, zone: string): MomentInZone {
  return { at, wall: at + offsetAt(at, zone), zone };
}

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const dayMs = 86_400_000;

type Options = { readonly colon: boolean; readonly width: number };
type Code = (wall: Date, moment: MomentInZone, options: Options) => string | number | undefined;

const twelve = (wall: Date) => String(wall.getUTCHours() % 12 || 12);
const dayOfYear = (wall: Date) => Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / dayMs) + 1;
/** The week of the year, of weeks that begin on a day of the week; what lies before the first is week 0. */
const week = (wall: Date, firstDay: number) =>
  String(Math.floor((dayOfYear(wall) + 6 - ((wall.getUTCDay() - firstDay + 7) % 7)) / 7));
const local = (wall: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' }).format(wall).replace(/\u202f/g, ' ');
const date = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
const time = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

function offset({ at, zone }: MomentInZone, { colon }: Options): string {
  const minutes = Math.trunc(offsetAt(at, zone) / 60_000);
  const two = (number: number) => String(Math.abs(number)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}${colon ? ':' : ''}${two(minutes % 60)}`;
}

const codes: Readonly<Record<string, Code>> = {
  a: (wall) => days[wall.getUTCDay()]?.slice(0, 3),
  A: (wall) => days[wall.getUTCDay()],
  b: (wall) => months[wall.getUTCMonth()]?.slice(0, 3),
  h: (wall) => months[wall.getUTCMonth()]?.slice(0, 3),
  B: (wall) => months[wall.getUTCMonth()],
  c: (wall) => local(wall, { ...date, ...time }),
  C: (wall) => Math.floor(wall.getUTCFullYear() / 100),
  d: (wall) => wall.getUTCDate(),
  e: (wall) => wall.getUTCDate(),
  H: (wall) => wall.getUTCHours(),
  I: twelve,
  j: dayOfYear,
  k: (wall) => wall.getUTCHours(),
  l: twelve,
  L: (wall) => wall.getUTCMilliseconds(),
  m: (wall) => wall.getUTCMonth() + 1,
  M: (wall) => wall.getUTCMinutes(),
  N: (wall, _moment, { width }) =>
    String(wall.getUTCMilliseconds())
      .padStart(3, '0')
      .slice(0, width || 9)
      .padEnd(width || 9, '0'),
  p: (wall) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (wall) => (wall.getUTCHours() < 12 ? 'am' : 'pm'),
  q: (wall) => ordinal(wall.getUTCDate()),
  s: (_wall, { at }) => Math.floor(at / 1_000),
  S: (wall) => wall.getUTCSeconds(),
  u: (wall) => wall.getUTCDay() || 7,
  U: (wall) => week(wall, 0),
  w: (wall) => wall.getUTCDay(),
  W: (wall) => week(wall, 1),
  x: (wall) => local(wall, date),
  X: (wall) => local(wall, time),
  y: (wall) => wall.getUTCFullYear() % 100,
  Y: (wall) => wall.getUTCFullYear(),
  z: (_wall, moment, options) => offset(moment, options),
  Z: (_wall, { zone }) => zone,
  t: () => '\t',
  n: () => '\n',
  '%': () => '%',
};
const widths: Readonly<Record<string, number>> = {
  ...{ C: 2, d: 2, e: 2, H: 2, I: 2, j: 3, k: 2, l: 2, L: 3, m: 2, M: 2, S: 2, U: 2, W: 2, y: 2, Y: 4 },
};
const paddedWithBlanks = new Set('aAbBceklpP');

/**
 * A moment in a format of `%` codes (those of Liquid's `date`, which are Ruby's), in English. liquidjs has the same codes, but shows them
 * through the machine's own clocks, which skip an hour in spring. `charge` hears how many characters are to be filled up, before they are.
 */
export function strftime(format: string, moment: MomentInZone, charge: (characters: number) => void): string {
  const wall = new Date(moment.wall);
  return format.replace(
    /%([-_0^#:]*)(\d*)[EO]?(.)/g,
    (written: string, flags: string, width: string, conversion: string) => {
      const code = Object.hasOwn(codes, conversion) ? codes[conversion] : undefined;
      if (code === undefined) return written;
      const wanted = Number(width) || widths[conversion] || 0;
      charge(wanted);
      const text = String(code(wall, moment, { colon: flags.includes(':'), width: Number(width) }));
      const cased = flags.includes('^') ? text.toUpperCase() : flags.includes('#') ? otherCase(text) : text;
      if (flags.includes('-')) return cased;
      if (flags.includes('_') || (paddedWithBlanks.has(conversion) && !flags.includes('0')))
        return cased.padStart(wanted);
      return cased.startsWith('-') ? `-${cased.slice(1).padStart(wanted - 1, '0')}` : cased.padStart(wanted, '0');
    },
  );
}

const otherCase = (text: string): string => (/[a-z]/.test(text) ? text.toUpperCase() : text.toLowerCase());
