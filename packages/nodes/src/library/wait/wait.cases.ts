import type { NodeCase } from '../../define/node-case.ts';
import { openingHoursSchema } from '../../time/opening-hours.ts';

const until = (instant: string, time: string, zone: string): NodeCase['expect'] => ({
  decision: {
    kind: 'sleep',
    until: new Date(instant),
    outlet: 'done',
    reason: { code: 'waited_until_time', values: { time, zone } },
  },
});

const office = openingHoursSchema.parse({
  hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  closed_days: [{ date: '2026-03-09' }],
});

export const cases: readonly NodeCase[] = [
  {
    name: 'waits for the duration',
    config: { duration: { amount: 2, unit: 'days' } },
    expect: {
      decision: { kind: 'sleep', until: new Date('2026-03-04T15:00:00Z'), outlet: 'done' },
      summary: 'Wait 2 days (48 hours)',
    },
  },
  {
    name: 'says that a day is 24 hours, whatever clocks do in between',
    config: { duration: { amount: 1, unit: 'days' } },
    now: '2026-03-07T14:00:00Z',
    expect: {
      decision: { kind: 'sleep', until: new Date('2026-03-08T14:00:00Z'), outlet: 'done' },
      summary: 'Wait 1 day (24 hours)',
    },
  },
  {
    name: 'says nothing more of hours than that they are hours',
    config: { duration: { amount: 36, unit: 'hours' } },
    expect: {
      decision: { kind: 'sleep', until: new Date('2026-03-04T03:00:00Z'), outlet: 'done' },
      summary: 'Wait 36 hours',
    },
  },
  {
    name: 'then until a time of day where the person is',
    config: { duration: { amount: 2, unit: 'days' }, until_time: '09:00' },
    expect: {
      ...until('2026-03-05T14:00:00Z', '09:00', 'America/New_York'),
      summary: 'Wait 2 calendar days, then until 09:00 their time',
    },
  },
  {
    name: 'until a time of a day where the person is',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '10:00', until_date: '2026-03-08' },
    expect: {
      ...until('2026-03-08T14:00:00Z', '10:00', 'America/New_York'),
      summary: 'Wait until 2026-03-08, 10:00 their time',
    },
  },
  {
    name: 'comes a day later to those where the time of that day is past',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '10:00', until_date: '2026-03-08' },
    now: '2026-03-08T15:00:00Z',
    expect: until('2026-03-09T14:00:00Z', '10:00', 'America/New_York'),
  },
  {
    name: 'comes at once to whoever is let in at that very time',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '10:00', until_date: '2026-03-08' },
    now: '2026-03-08T14:00:02Z',
    expect: until('2026-03-08T14:00:00Z', '10:00', 'America/New_York'),
  },
  {
    name: 'a time that clocks skip on that day comes when they jump',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '02:30', until_date: '2026-03-08' },
    expect: until('2026-03-08T07:00:00Z', '02:30', 'America/New_York'),
  },
  {
    name: 'a time that comes twice on that day counts the first time',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '01:30', until_date: '2026-11-01' },
    expect: until('2026-11-01T05:30:00Z', '01:30', 'America/New_York'),
  },
  {
    name: 'a day alone begins when it begins there',
    config: { duration: { amount: 1, unit: 'minutes' }, until_date: '2026-03-08' },
    expect: until('2026-03-08T05:00:00Z', '00:00', 'America/New_York'),
  },
  {
    name: 'refuses a day that does not exist',
    config: { duration: { amount: 1, unit: 'minutes' }, until_date: '2026-02-30' },
    expect: { invalid: ['until_date'] },
  },
  {
    name: 'a day later is the next day, also for someone who comes some seconds past the time',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '09:00' },
    now: '2026-06-01T13:00:03Z',
    expect: {
      ...until('2026-06-02T13:00:00Z', '09:00', 'America/New_York'),
      summary: 'Wait 1 calendar day, then until 09:00 their time',
    },
  },
  {
    name: 'a day later is the next day, also where clocks change in between',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '09:00' },
    now: '2026-03-07T14:00:00Z',
    expect: until('2026-03-08T13:00:00Z', '09:00', 'America/New_York'),
  },
  {
    name: 'the day is the person’s: late in the evening in New York it is the next day in UTC',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '23:45' },
    now: '2026-06-02T03:30:00Z',
    expect: until('2026-06-03T03:45:00Z', '23:45', 'America/New_York'),
  },
  {
    name: 'some minutes past midnight count as midnight',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '00:00' },
    now: '2026-06-01T04:02:00Z',
    expect: until('2026-06-02T04:00:00Z', '00:00', 'America/New_York'),
  },
  {
    name: 'later than five minutes past the time, on the day after',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '09:00' },
    now: '2026-06-01T13:06:00Z',
    expect: until('2026-06-03T13:00:00Z', '09:00', 'America/New_York'),
  },
  {
    name: 'after hours, the first such time at or after their end',
    config: { duration: { amount: 24, unit: 'hours' }, until_time: '09:00' },
    now: '2026-06-01T13:00:03Z',
    expect: {
      ...until('2026-06-03T13:00:00Z', '09:00', 'America/New_York'),
      summary: 'Wait 24 hours, then until 09:00 their time',
    },
  },
  {
    name: 'hours that end some seconds past the time have not missed it',
    config: { duration: { amount: 12, unit: 'hours' }, until_time: '21:00' },
    now: '2026-06-01T13:00:03Z',
    expect: {
      ...until('2026-06-02T01:00:00Z', '21:00', 'America/New_York'),
      summary: 'Wait 12 hours, then until 21:00 their time',
    },
  },
  {
    name: 'nor have hours beyond a day',
    config: { duration: { amount: 36, unit: 'hours' }, until_time: '21:00' },
    now: '2026-06-01T13:05:00Z',
    expect: until('2026-06-03T01:00:00Z', '21:00', 'America/New_York'),
  },
  {
    name: 'nor have minutes',
    config: { duration: { amount: 30, unit: 'minutes' }, until_time: '09:30' },
    now: '2026-06-01T13:04:59Z',
    expect: until('2026-06-01T13:30:00Z', '09:30', 'America/New_York'),
  },
  {
    name: 'hours that end later than five minutes past it have',
    config: { duration: { amount: 12, unit: 'hours' }, until_time: '21:00' },
    now: '2026-06-01T13:05:01Z',
    expect: until('2026-06-03T01:00:00Z', '21:00', 'America/New_York'),
  },
  {
    name: 'a time that is past when somebody comes has been missed, however short the wait',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '09:00' },
    now: '2026-06-01T13:00:00Z',
    expect: until('2026-06-02T13:00:00Z', '09:00', 'America/New_York'),
  },
  {
    name: 'hours over a night in which clocks go forward are hours',
    config: { duration: { amount: 12, unit: 'hours' }, until_time: '10:00' },
    now: '2026-03-08T02:00:03Z',
    expect: until('2026-03-08T14:00:00Z', '10:00', 'America/New_York'),
  },
  {
    name: 'without a time zone, in the workspace’s',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '09:00' },
    contact: { time_zone: null },
    workspaceZone: 'Australia/Sydney',
    expect: until('2026-03-02T22:00:00Z', '09:00', 'Australia/Sydney'),
  },
  {
    name: 'the end itself counts when it is that time',
    config: { duration: { amount: 1, unit: 'hours' }, until_time: '11:00' },
    expect: until('2026-03-02T16:00:00Z', '11:00', 'America/New_York'),
  },
  {
    name: 'without a time zone of the person or the workspace, in UTC',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '09:00' },
    contact: { time_zone: null },
    expect: until('2026-03-03T09:00:00Z', '09:00', 'UTC'),
  },
  {
    name: 'with an unknown time zone, in UTC',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '09:00' },
    contact: { time_zone: 'Mars/Olympus' },
    expect: until('2026-03-03T09:00:00Z', '09:00', 'UTC'),
  },
  {
    name: 'a time that clocks skip comes when they jump',
    config: { duration: { amount: 1, unit: 'hours' }, until_time: '02:30' },
    now: '2026-03-08T05:30:00Z',
    expect: until('2026-03-08T07:00:00Z', '02:30', 'America/New_York'),
  },
  {
    name: 'a time that comes twice counts the first time',
    config: { duration: { amount: 1, unit: 'minutes' }, until_time: '01:30' },
    now: '2026-11-01T04:00:00Z',
    expect: until('2026-11-01T05:30:00Z', '01:30', 'America/New_York'),
  },
  {
    name: 'then until the workspace opens, past a weekend and a closed day',
    config: { duration: { amount: 4, unit: 'days' }, until_open: true },
    now: '2026-03-03T18:00:00Z',
    state: { opening: office },
    expect: {
      decision: {
        kind: 'sleep',
        until: new Date('2026-03-10T09:00:00Z'),
        outlet: 'done',
        reason: { code: 'waited_until_open' },
      },
      summary: 'Wait 4 days (96 hours), then until you are open',
    },
  },
  {
    name: 'not longer where it is open then',
    config: { duration: { amount: 1, unit: 'days' }, until_open: true },
    state: { opening: office },
    expect: { decision: { kind: 'sleep', until: new Date('2026-03-03T15:00:00Z'), outlet: 'done' } },
  },
  {
    name: 'after a time of day',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '18:00', until_open: true },
    contact: { time_zone: 'UTC' },
    state: { opening: office },
    expect: {
      decision: {
        kind: 'sleep',
        until: new Date('2026-03-04T09:00:00Z'),
        outlet: 'done',
        reason: { code: 'waited_until_open' },
      },
      summary: 'Wait 1 calendar day, then until 18:00 their time, then until you are open',
    },
  },
  {
    name: 'no longer than the wait where nobody opens for months',
    config: { duration: { amount: 1, unit: 'hours' }, until_open: true },
    state: {
      opening: openingHoursSchema.parse({
        closed_days: Array.from({ length: 70 }, (_, day) => ({
          date: new Date(Date.UTC(2026, 2, 1 + day)).toISOString().slice(0, 10),
        })),
      }),
    },
    expect: { decision: { kind: 'sleep', until: new Date('2026-03-02T16:00:00Z'), outlet: 'done' } },
  },
  { name: 'needs a duration', config: {}, expect: { invalid: ['duration'] } },
  {
    name: 'refuses more than 366 days',
    config: { duration: { amount: 367, unit: 'days' } },
    expect: { invalid: ['duration', 'amount'] },
  },
  {
    name: 'refuses a time that no clock shows',
    config: { duration: { amount: 1, unit: 'days' }, until_time: '24:00' },
    expect: { invalid: ['until_time'] },
  },
];
