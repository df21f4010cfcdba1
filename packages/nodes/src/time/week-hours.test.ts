import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietLaws } from '../gate/quiet-laws.ts';
import { openFrom, type WeekHours } from './week-hours.ts';

const minuteMs = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks of a zone show, read in another way than the code does. */
function shownAt(at: Date, zone: string): { readonly weekday: number; readonly time: string } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
  formats.set(zone, format);
  const [weekday = '', time = ''] = format.format(at).replace(',', '').split(' ');
  return { weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday) + 1, time };
}

const isIn = (at: Date, zone: string, hours: readonly WeekHours[]): boolean => {
  const { weekday, time } = shownAt(at, zone);
  return hours.some(({ days, from, to }) => days.includes(weekday) && from <= time && time < to);
};

/** The weekends at which clocks change, somewhere. */
const changes = [
  '2026-03-07T00:00:00Z',
  '2026-03-28T00:00:00Z',
  '2026-04-04T00:00:00Z',
  '2026-10-03T00:00:00Z',
  '2026-10-24T00:00:00Z',
  '2026-10-31T00:00:00Z',
];

test('says that it is open exactly where the clocks of every IANA zone show it, each half hour over both clock changes', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const rules = quietLaws.map(({ hours }) => hours);
  const wrong: string[] = [];
  for (const [index, zone] of zones.entries())
    for (const start of changes)
      for (let minute = index % 30; minute < 2 * 1_440; minute += 30) {
        const at = new Date(Date.parse(start) + minute * minuteMs);
        const hours = rules[(index + minute) % rules.length] ?? [];
        const isOpen = openFrom(at, [{ zone, hours }])?.getTime() === at.getTime();
        if (isOpen !== isIn(at, zone, hours)) wrong.push(`${zone} ${at.toISOString()}`);
      }
  expect(wrong.slice(0, 10)).toEqual([]);
}, 120_000);

const hoursOf = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    from: fc.integer({ min: 0, max: 95 }),
    length: fc.integer({ min: 4, max: 60 }),
  })
  .map(({ days, from, length }): WeekHours => {
    const text = (quarter: number) =>
      `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
    return { days, from: text(from), to: text(Math.min(96, from + length)) };
  });
const zoneOf = fc.constantFrom(
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'America/Havana',
  'Europe/Berlin',
);
const instant = fc
  .integer({ min: Date.parse('2026-01-01T00:00:00Z') / minuteMs, max: Date.parse('2027-01-01T00:00:00Z') / minuteMs })
  .map((minutes) => new Date(minutes * minuteMs));

test('what it says is open in every zone for as long as asked, and no earlier quarter was', () => {
  fc.assert(
    fc.property(
      instant,
      fc.array(fc.record({ zone: zoneOf, hours: fc.array(hoursOf, { minLength: 1, maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      (from, placed) => {
        const opens = openFrom(from, placed, minuteMs);
        const allOpen = (at: number) =>
          placed.every(
            ({ zone, hours }) => isIn(new Date(at), zone, hours) && isIn(new Date(at + minuteMs), zone, hours),
          );
        if (opens !== null) expect(allOpen(opens.getTime())).toBe(true);
        const end = opens?.getTime() ?? from.getTime() + 3 * 86_400_000;
        for (let at = from.getTime(); at < end; at += 15 * minuteMs) expect(allOpen(at)).toBe(false);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('an hour that the clocks skip is never open, and one that comes twice is open both times', () => {
  const daily = (from: string, to: string) => [{ days: [1, 2, 3, 4, 5, 6, 7], from, to }];
  const zone = 'America/New_York';
  const skipped = openFrom(new Date('2026-03-08T05:00:00Z'), [{ zone, hours: daily('02:00', '03:00') }]);
  expect(skipped).toEqual(new Date('2026-03-09T06:00:00Z'));
  const twice = [{ zone, hours: daily('01:00', '02:00') }];
  for (const at of ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'])
    expect(openFrom(new Date(at), twice)).toEqual(new Date(at));
});

test('hours that never meet are never open', () => {
  const [monday, tuesday] = [1, 2].map((day) => ({
    zone: 'UTC',
    hours: [{ days: [day], from: '10:00', to: '11:00' }],
  }));
  if (monday === undefined || tuesday === undefined) throw new Error('no days');
  expect(openFrom(new Date('2026-01-01T00:00:00Z'), [monday, tuesday])).toBeNull();
});
