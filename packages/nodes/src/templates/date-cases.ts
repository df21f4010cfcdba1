import { sampleData } from './template-sample.ts';
import type { TemplateData } from './templates.ts';

/** Somebody in New York, in the evening before the day that it is in UTC. */
export const dateData: TemplateData = {
  contact: { ...sampleData.contact, attributes: { since: '2026-01-31', vip: true, ends: 1_772_600_000_000 } },
  event: { type: 'message.received', text: 'hi there', data: {} },
  now: new Date('2026-03-02T02:30:00Z'),
};

const same = (dates: readonly string[], format: string, shown: string) =>
  dates.map((date) => [`{{ '${date}' | date: '${format}' }}`, shown] as const);

/** Templates with dates, and what they come to for that person. */
export const shownDates: ReadonlyArray<readonly [source: string, shown: string]> = [
  // A day stays the day it names, however it is written and wherever the server stands.
  ...same(
    [
      ...['03/04/2026', 'March 4, 2026', '4 March 2026', '2026-3-4', '20260304', '4.3.2026', '2026-03-04'],
      ...['Mar 4th, 2026', '4-Mar-2026', '04-Mar-26', '3/4/26', 'Wed, 04 Mar 2026', 'Wednesday, March 4, 2026'],
      ...['March 4, 2026 (Wed)'],
    ],
    '%B %-d, %Y',
    'March 4, 2026',
  ),
  ["{{ 20260304 | date: '%B %-d, %Y' }}", 'March 4, 2026'],
  ["{{ '25/12/2026' | date: '%B %-d' }}", 'December 25'],
  ['{{ contact.attributes.since | date: "%b %-d" }}', 'Jan 31'],
  ["{{ '2026-03-04' | date: '%-d %H:%M', 'Asia/Tokyo' }}", '4 00:00'],
  // Days that a server's own clocks never showed.
  ["{{ '1994-12-31' | date }} {{ '1995-01-01' | date }}", 'December 31, 1994 January 1, 1995'],
  // It stays that day with a time behind it, in any way of writing either.
  ...same(
    [
      ...['4.3.2026 14:00', '4. 3. 2026, 14:00', '04.03.26 2:00 pm', '3/4/2026 14:00', '03-04-2026 02:00:00 PM'],
      ...['2026/3/4 14:00', '2026.03.04 14:00', '20260304 14:00', '2026-03-04 14:00', '2026-03-04T14:00'],
      ...['2026-03-04T14:00:00.123Z', '2026-03-04t14:00z', '2026-03-04 14:00:00+00', '2026-03-04 19:30 +0530'],
      ...['March 4, 2026 14:00', 'March 4, 2026 at 2:00\u202fPM', '4-Mar-2026 14:00', '4 March 2026 2 p.m.'],
      ...['Wed, March 4, 2026 14:00 (Wed)', 'Wed, 04 Mar 2026 14:00:00 GMT', '4.3.2026 09:00 EST'],
      ...['Wed Mar 04 2026 15:00:00 GMT+0100 (Central European Standard Time)', 'March 4, 2026 14:00 (UTC)'],
    ],
    '%B %-d %H:%M',
    'March 4 09:00',
  ),
  ["{{ '25/12/2026 14:00' | date: '%B %-d %H:%M' }}", 'December 25 09:00'],
  ["{{ '2026-03-04 12:30 AM' | date: '%-d %H:%M', 'UTC' }}", '4 00:30'],
  ["{{ '2026-03-04 12:30 PM' | date: '%-d %H:%M', 'UTC' }}", '4 12:30'],
  ["{{ '2026-03-04 24:00' | date: '%-d %H:%M', 'UTC' }}", '5 00:00'],
  ["{{ '2026-01-31T12:00' | date: '%H:%M' }}", '07:00'],
  ["{{ '2026-03-04T14:00:00+01:00' | date: '%-d %H:%M' }}", '4 08:00'],
  ["{{ 'March 4, 2026 2:00 PM GMT+0100' | date: '%-d %H:%M' }}", '4 08:00'],
  // An hour that a server's own clocks skip.
  ["{{ '2026-03-08 02:30' | date: '%-d %H:%M', 'UTC' }}", '8 02:30'],
  // Seconds and milliseconds since 1970.
  ["{{ 1772600000 | date: '%Y' }}", '2026'],
  ["{{ 1772600000 | date: '%F' }}|{{ '1772600000' | date: '%Y-%m-%d %H:%M' }}", '%F|2026-03-03 23:53'],
  ["{{ 1772600000000 | date: '%Y-%m-%d %H:%M' }}", '2026-03-03 23:53'],
  ["{{ contact.attributes.ends | date: '%Y' }} {{ '1772600000000' | date: '%Y' }}", '2026 2026'],
  ["{{ '-315619200' | date: '%Y' }} {{ '-315619200000' | date: '%Y' }}", '1959 1959'],
  // Times are the person's.
  ['{{ now }}', 'March 1, 2026 at 9:30 PM'],
  ['{{ now | date: "%Y-%m-%d %H:%M" }}', '2026-03-01 21:30'],
  ["{{ 'now' | date: '%Y-%m-%d %H:%M', 'UTC' }}", '2026-03-02 02:30'],
  ['{{ contact.created_at }}', 'January 15, 2026 at 10:00 AM'],
  ['{{ contact.created_at | date }}', 'January 15, 2026'],
  // Tomorrow, in seconds as everywhere in Liquid; what else is calculated with a time counts milliseconds.
  ['{{ now | plus: 86400 | date }}', 'March 2, 2026'],
  ['{{ now | minus: 86400 | date }}', 'February 28, 2026'],
  ['{{ 86400 | plus: now | date }} {{ now | plus: "86400" | plus: 86400 | date }}', 'March 2, 2026 March 3, 2026'],
  ["{{ 'now' | date: '%s' | plus: 86400 | date }}", 'March 2, 2026'],
  ["{{ '2026-03-04' | date: '%s' | plus: 86400 | date }}", 'March 5, 2026'],
  ['{{ now | plus: 86400000 | divided_by: 1000 | date }}', 'March 2, 2026'],
  ['{{ now | plus: 1 }} {{ now | minus: contact.created_at | divided_by: 86400000 | floor }}', '1772418600001 45'],
  // What is no date and has no digits.
  ["{{ 'x' | date: '%Y', 'No/Zone' }}", 'x'],
  ["{{ 'May' | date: '%Y' }}{{ contact.last_name | date }}{{ nothing | date }}{{ '' | date }}", 'MaySample'],
];

/** Templates that fail for that person: what is to be shown as a date is none. */
export const failingDates: readonly string[] = [
  ...[
    ...['2026-02-30', 'February 30, 2026 14:00', 'March 2026', '2026', 'in 3 days', '20260230', '20261399'],
    ...['30.2.2026 14:00', '2026-03-04 25:00', '2026-03-04 14:60', '2026-03-04 24:01', '2026-03-04 13:00 PM'],
    ...['2026-03-04 14:00+25:00', '2026-03-04 14:00 EST+01:00', 'March 4, 2026 14', 'March 4, 2026 14:00 (Berlin)'],
    ...['17726000000', '17726000000000', '99999999', '12025550143', '-86400'],
  ].map((date) => `{{ '${date}' | date: '%B %-d' }}`),
  "{{ 2026 | date: '%B %-d' }}",
  '{{ 20260230 | date }}',
  '{{ now | plus: 86400000 | date }}',
  '{{ contact.attributes.vip | date }}',
];
