import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, nextTimeOfDay, wallTime, zoneOrUtc } from './zoned-time.ts';

const cases: ReadonlyArray<readonly [string, string, string, string, string]> = [
  ['later today', '2026-03-02T12:00:00Z', '09:00', 'America/New_York', '2026-03-02T14:00:00Z'],
  ['tomorrow', '2026-03-02T14:00:01Z', '09:00', 'America/New_York', '2026-03-03T14:00:00Z'],
  ['this very moment', '2026-03-02T14:00:00Z', '09:00', 'America/New_York', '2026-03-02T14:00:00Z'],
  ['the day is the person’s, not UTC’s', '2026-03-02T23:00:00Z', '09:00', 'Australia/Sydney', '2026-03-03T22:00:00Z'],
  ['a quarter-hour zone', '2026-03-02T00:00:00Z', '09:00', 'Asia/Kathmandu', '2026-03-02T03:15:00Z'],
  [
    'skipped in New York: when clocks jump',
    '2026-03-08T00:00:00Z',
    '02:30',
    'America/New_York',
    '2026-03-08T07:00:00Z',
  ],
  ['the day after is ordinary again', '2026-03-08T07:00:01Z', '02:30', 'America/New_York', '2026-03-09T06:30:00Z'],
  [
    'skipped by half an hour on Lord Howe',
    '2026-10-03T12:00:00Z',
    '02:15',
    'Australia/Lord_Howe',
    '2026-10-03T15:30:00Z',
  ],
  ['twice in New York: the first', '2026-11-01T04:00:00Z', '01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
  ['between the two: the next day', '2026-11-01T05:31:00Z', '01:30', 'America/New_York', '2026-11-02T06:30:00Z'],
  ['over the jump at midnight in Beirut', '2026-03-28T12:00:00Z', '00:00', 'Asia/Beirut', '2026-03-28T22:00:00Z'],
  ['an unknown zone is UTC', '2026-03-02T12:00:00Z', '09:00', 'Nowhere/At_All', '2026-03-03T09:00:00Z'],
  ['over the end of a year', '2026-12-31T23:30:00Z', '00:15', 'UTC', '2027-01-01T00:15:00Z'],
];

describe('the next time of day', () => {
  for (const [name, from, time, zone, expected] of cases) {
    it(name, () => expect(nextTimeOfDay({ from: new Date(from), time, zone })).toEqual(new Date(expected)));
  }

  it('is never before, at most 49 hours ahead, and on the wall unless clocks skip it', () => {
    const zones = [
      'UTC',
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'America/Sao_Paulo',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) }),
        fc.nat(23),
        fc.nat(59),
        fc.constantFrom(...zones),
        (from, hour, minute, zone) => {
          const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
          const found = nextTimeOfDay({ from: new Date(from), time, zone });
          expect(found.getTime()).toBeGreaterThanOrEqual(from);
          expect(found.getTime() - from).toBeLessThanOrEqual(49 * 3_600_000);
          const shown = wallTime(found, zone);
          const late = shown.hour * 60 + shown.minute - (hour * 60 + minute);
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThan(60);
        },
      ),
    );
  });

  it('knows zones', () => {
    expect(isTimeZone('Europe/Paris')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
    expect(zoneOrUtc('Europe/Paris')).toBe('Europe/Paris');
    expect(zoneOrUtc(null)).toBe('UTC');
    expect(zoneOrUtc('constructor')).toBe('UTC');
  });
});
