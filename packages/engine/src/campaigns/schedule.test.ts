import { describe, expect, test } from 'vitest';
import { isMissed, nextOccurrence, occurrencesOf, pageDue, pageOf, ratePerHour } from './schedule.ts';

const now = new Date('2026-11-30T12:00:00Z');
const weekly = {
  kind: 'recurring',
  cron: '0 9 * * 1',
  zone: 'Europe/Berlin',
  ends_at: '2026-12-14T08:00:00Z',
  missed: 'skip',
} as const;

describe('A campaign goes out', () => {
  test('at once, or at a moment of a zone that lies ahead', () => {
    expect(nextOccurrence({ kind: 'now' }, now)).toEqual(now);
    const at = { kind: 'at', date: '2026-12-24', time: '09:00', zone: 'America/New_York' } as const;
    expect(nextOccurrence(at, now)).toEqual(new Date('2026-12-24T14:00:00Z'));
    expect(nextOccurrence({ ...at, date: '2026-11-30', time: '06:59' }, now)).toBeNull();
  });

  test('at a time that clocks skip when they jump, and at one that comes twice the first time', () => {
    const at = { kind: 'at', zone: 'Europe/Berlin', time: '02:30' } as const;
    expect(nextOccurrence({ ...at, date: '2027-03-28' }, now)).toEqual(new Date('2027-03-28T01:00:00Z'));
    expect(nextOccurrence({ ...at, date: '2027-10-31' }, now)).toEqual(new Date('2027-10-31T00:30:00Z'));
  });

  test('at local time from where it is that time first until where it is last', () => {
    const local = { kind: 'local', date: '2026-12-01', time: '10:00' } as const;
    expect(nextOccurrence({ ...local, date: '2026-12-24' }, now)).toEqual(new Date('2026-12-23T20:00:00Z'));
    expect(nextOccurrence(local, now)).toEqual(new Date('2026-11-30T20:00:00Z'));
    expect(nextOccurrence(local, new Date('2026-12-01T21:59:00Z'))).toEqual(new Date('2026-12-01T21:59:00Z'));
    expect(nextOccurrence(local, new Date('2026-12-01T22:00:00Z'))).toBeNull();
  });

  test('again and again until its end, with what is missed left out', () => {
    expect(nextOccurrence(weekly, now)).toEqual(new Date('2026-12-07T08:00:00Z'));
    expect(occurrencesOf(weekly, now, 5)).toHaveLength(2);
    expect(nextOccurrence(weekly, new Date('2026-12-14T08:00:00Z'))).toBeNull();
    const at = new Date('2026-12-07T08:00:00Z');
    expect(isMissed(weekly, at, new Date('2026-12-07T08:59:00Z'))).toBe(false);
    expect(isMissed(weekly, at, new Date('2026-12-07T09:01:00Z'))).toBe(true);
    expect(isMissed({ ...weekly, missed: 'send' }, at, new Date('2026-12-09T00:00:00Z'))).toBe(false);
  });
});

describe('The pace of a campaign', () => {
  test('spreads its people over hours, or is a rate', () => {
    expect(ratePerHour(null, 100)).toBeNull();
    expect(ratePerHour({ kind: 'spread', hours: 4 }, 10_001)).toBe(2_501);
    expect(ratePerHour({ kind: 'spread', hours: 4 }, 0)).toBe(1);
    expect(ratePerHour({ kind: 'rate', people_per_hour: 600 }, 1)).toBe(600);
  });

  test('lets pages in no faster than that', () => {
    expect([pageOf(null, 1_000), pageOf(600, 1_000), pageOf(30, 1_000), pageOf(10_000_000, 1_000)]).toEqual([
      1_000, 10, 1, 1_000,
    ]);
    const from = now;
    expect(pageDue({ from, people: 0 }, 600)).toEqual(now);
    expect(pageDue({ from, people: 300 }, 600)).toEqual(new Date('2026-11-30T12:30:00Z'));
    expect(pageDue({ from, people: 300 }, null)).toEqual(now);
  });
});
