import { describe, expect, it } from 'vitest';
import { isOpenAt, type OpeningHours, openingHoursSchema, opensAt } from './opening-hours.ts';
import { holidaysOf } from './public-holidays.ts';

const place = { zone: 'America/New_York', country: 'US' };
const office: OpeningHours = openingHoursSchema.parse({
  hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  holidays: true,
  closed_days: [{ date: '2026-07-06', name: 'Inventory' }],
  open_days: ['2026-10-12'],
});

describe('opening hours', () => {
  for (const [name, at, open] of [
    ['in the morning', '2026-07-02T13:00:00Z', true],
    ['a minute before', '2026-07-02T12:59:00Z', false],
    ['at the end', '2026-07-02T21:00:00Z', false],
    ['on a Saturday', '2026-07-11T15:00:00Z', false],
    ['on the Friday on which Independence Day is kept', '2026-07-03T15:00:00Z', false],
    ['on a day that somebody closed', '2026-07-06T15:00:00Z', false],
    ['on a holiday that somebody keeps open', '2026-10-12T15:00:00Z', true],
  ] as const) {
    it(`is ${open ? 'open' : 'closed'} ${name}`, () => expect(isOpenAt(office, place, new Date(at))).toBe(open));
  }

  it('opens on the next day that is not closed', () => {
    expect(opensAt(office, place, new Date('2026-07-02T22:00:00Z'))).toEqual(new Date('2026-07-07T13:00:00Z'));
    const now = new Date('2026-07-02T15:00:00Z');
    expect(opensAt(office, place, now)).toEqual(now);
  });

  it('without hours is open on every day that is not closed', () => {
    const always = openingHoursSchema.parse({ closed_days: [{ date: '2026-07-06' }] });
    expect(isOpenAt(always, place, new Date('2026-07-05T07:00:00Z'))).toBe(true);
    expect(isOpenAt(always, place, new Date('2026-07-06T07:00:00Z'))).toBe(false);
    expect(opensAt(always, place, new Date('2026-07-06T07:00:00Z'))).toEqual(new Date('2026-07-07T04:00:00Z'));
  });

  it('never opens where every day is closed', () => {
    const days = Array.from({ length: 90 }, (_none, at) => ({
      date: new Date(Date.UTC(2026, 6, 1 + at)).toISOString().slice(0, 10),
    }));
    expect(
      opensAt(openingHoursSchema.parse({ closed_days: days }), place, new Date('2026-07-02T15:00:00Z')),
    ).toBeNull();
  });
});

const datesOf = (country: string, region: string | null, year: number) =>
  holidaysOf(country, region, year).map(({ date }) => date);

describe('public holidays', () => {
  it('of the USA, with the days on which they are kept', () => {
    expect(datesOf('US', null, 2026)).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-07-04',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
    expect(datesOf('US', null, 2021).at(-1)).toBe('2021-12-31');
  });

  it('of New South Wales and of Western Australia', () => {
    expect(datesOf('AU', 'AU-NSW', 2026)).toEqual([
      '2026-01-01',
      '2026-01-26',
      '2026-04-03',
      '2026-04-04',
      '2026-04-05',
      '2026-04-06',
      '2026-04-25',
      '2026-06-08',
      '2026-10-05',
      '2026-12-25',
      '2026-12-26',
      '2026-12-28',
    ]);
    expect(datesOf('AU', 'AU-WA', 2026)).toEqual(expect.arrayContaining(['2026-03-02', '2026-06-01', '2026-09-28']));
  });

  it('Christmas on a Sunday is kept on the Tuesday', () => {
    expect(datesOf('AU', null, 2022).slice(-3)).toEqual(['2022-12-25', '2022-12-26', '2022-12-27']);
  });

  it('of a country without rules there are none', () => expect(datesOf('DE', null, 2026)).toEqual([]));
});
