import type { WeekHours } from '../time/week-hours.ts';

/** Hours in which a law, or the custom of a country, lets people be sent marketing. Data, with the days from which it holds. */
export type QuietLaw = {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2, of numbers. */
  readonly country: string;
  /** States of the USA; all of the country unless given. */
  readonly states?: readonly string[];
  /** The first day on which it holds, `YYYY-MM-DD`. */
  readonly since: string;
  readonly hours: readonly WeekHours[];
  readonly source: string;
};

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const workdays = [1, 2, 3, 4, 5];
const daily = (from: string, to: string): readonly WeekHours[] => [{ days: everyDay, from, to }];

/**
 * Not legal advice: what is known of the laws, the stricter reading where there are two. Of the states of the USA those are here whose hours
 * are narrower than the federal ones.
 */
export const quietLaws: readonly QuietLaw[] = [
  {
    id: 'us-tcpa',
    name: 'TCPA',
    country: 'US',
    since: '1992-12-20',
    hours: daily('08:00', '21:00'),
    source: '47 CFR 64.1200(c)(1)',
  },
  {
    id: 'us-8-20',
    name: 'state law',
    country: 'US',
    states: ['AL', 'LA', 'MA', 'MS', 'NJ', 'WA'],
    since: '2003-10-01',
    hours: daily('08:00', '20:00'),
    source:
      'Ala. Code 8-19A-14; La. R.S. 45:844.31; M.G.L. c. 159C s 3; Miss. Code 77-3-723; N.J.A.C. 13:45D-4.1; RCW 80.36.390',
  },
  {
    id: 'us-fl',
    name: 'Florida law',
    country: 'US',
    states: ['FL'],
    since: '2021-07-01',
    hours: daily('08:00', '20:00'),
    source: 'Fla. Stat. 501.616(6)',
  },
  {
    id: 'us-ok',
    name: 'Oklahoma law',
    country: 'US',
    states: ['OK'],
    since: '2022-11-01',
    hours: daily('08:00', '20:00'),
    source: '15 O.S. 775C.4',
  },
  {
    id: 'us-md',
    name: 'Maryland law',
    country: 'US',
    states: ['MD'],
    since: '2024-01-01',
    hours: daily('08:00', '20:00'),
    source: 'Md. Code, Com. Law 14-4503',
  },
  {
    id: 'us-ct',
    name: 'Connecticut law',
    country: 'US',
    states: ['CT'],
    since: '2023-10-01',
    hours: daily('09:00', '20:00'),
    source: 'Conn. Gen. Stat. 42-288a',
  },
  {
    id: 'us-ky',
    name: 'Kentucky law',
    country: 'US',
    states: ['KY'],
    since: '2002-07-15',
    hours: daily('10:00', '21:00'),
    source: 'KRS 367.46955',
  },
  {
    id: 'us-ri',
    name: 'Rhode Island law',
    country: 'US',
    states: ['RI'],
    since: '1999-01-01',
    hours: [
      { days: workdays, from: '09:00', to: '18:00' },
      { days: [6, 7], from: '10:00', to: '17:00' },
    ],
    source: 'R.I. Gen. Laws 5-61-3.6',
  },
  {
    id: 'us-tx',
    name: 'Texas law',
    country: 'US',
    states: ['TX'],
    since: '2025-09-01',
    hours: [
      { days: [1, 2, 3, 4, 5, 6], from: '09:00', to: '21:00' },
      { days: [7], from: '12:00', to: '21:00' },
    ],
    source: 'Tex. Bus. & Com. Code 302.101, texts since SB 140',
  },
  {
    id: 'au-telemarketing',
    name: 'Australian telemarketing standard',
    country: 'AU',
    since: '2017-04-01',
    // It binds calls; what people expect of texts is the same.
    hours: [
      { days: workdays, from: '09:00', to: '20:00' },
      { days: [6], from: '09:00', to: '17:00' },
    ],
    source: 'Telecommunications (Telemarketing and Research Calls) Industry Standard 2017, s 5',
  },
];
