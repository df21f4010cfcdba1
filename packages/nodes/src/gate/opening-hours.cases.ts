import { openingHoursSchema } from '../time/opening-hours.ts';
import { later, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

const at = (iso: string) => new Date(iso);
const set = (settings: Record<string, unknown>) => ({ settings: { 'opening-hours': settings } });
const office = openingHoursSchema.parse({
  hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  holidays: true,
  closed_days: [{ date: '2026-11-27', name: 'Away' }],
});
const home = { opening: office, workspaceZone: 'America/New_York', homeCountry: 'US' };
const marketing = { ...home, ...set({ marketing: true }) };

export const cases: readonly GateCase[] = [
  { name: 'keeps nothing unless set', facts: { ...home, now: at('2026-11-24T03:00:00Z') }, verdict: send },
  { name: 'lets through while open', facts: { ...marketing, now: at('2026-11-24T15:00:00Z') }, verdict: send },
  {
    name: 'keeps marketing until the morning',
    facts: { ...marketing, now: at('2026-11-24T03:00:00Z') },
    verdict: later(at('2026-11-24T14:00:00Z'), 'closed'),
  },
  {
    name: 'over a public holiday, a closed day and the weekend',
    facts: { ...marketing, now: at('2026-11-25T22:30:00Z') },
    verdict: later(at('2026-11-30T14:00:00Z'), 'closed'),
  },
  {
    name: 'on the workspace’s clocks, wherever the person is',
    facts: { ...marketing, zone: 'Australia/Sydney', now: at('2026-11-24T15:00:00Z') },
    verdict: send,
  },
  {
    name: 'spread over some minutes',
    facts: { ...home, ...set({ marketing: true, spread_minutes: 60 }), draw: 0.5, now: at('2026-11-24T03:00:00Z') },
    verdict: later(at('2026-11-24T14:30:00Z'), 'closed'),
  },
  {
    name: 'never so long that it is closed again',
    facts: {
      ...home,
      ...set({ marketing: true, spread_minutes: 60 }),
      opening: openingHoursSchema.parse({ hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '09:20' }] }),
      draw: 0.8,
      now: at('2026-11-24T03:00:00Z'),
    },
    verdict: later(at('2026-11-24T14:12:00Z'), 'closed'),
  },
  {
    name: 'until it is day where the person is as well',
    facts: {
      ...marketing,
      opening: openingHoursSchema.parse({ hours: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '20:00' }] }),
      zone: 'Pacific/Honolulu',
      now: at('2026-11-24T03:00:00Z'),
    },
    verdict: later(at('2026-11-24T18:00:00Z'), 'closed'),
  },
  {
    name: 'refuses what it would keep for ever, as it is night there whenever somebody is here',
    facts: { ...marketing, zone: 'Asia/Tokyo', now: at('2026-11-24T03:00:00Z') },
    verdict: refuse('never_together'),
  },
  {
    name: 'keeps what is transactional only where that is chosen',
    facts: { ...marketing, purpose: 'transactional', now: at('2026-11-24T03:00:00Z') },
    verdict: send,
  },
  {
    name: 'and there as long',
    facts: { ...home, ...set({ transactional: true }), purpose: 'transactional', now: at('2026-11-24T03:00:00Z') },
    verdict: later(at('2026-11-24T14:00:00Z'), 'closed'),
  },
  {
    name: 'never keeps a one-time password',
    facts: {
      ...home,
      ...set({ marketing: true, transactional: true }),
      purpose: 'otp',
      now: at('2026-11-24T03:00:00Z'),
    },
    verdict: send,
  },
  {
    name: 'nor an answer to their own text',
    facts: { ...marketing, isAnswer: true, now: at('2026-11-24T03:00:00Z') },
    verdict: send,
  },
  {
    name: 'refuses where nobody opens for two months',
    facts: {
      ...marketing,
      opening: openingHoursSchema.parse({
        closed_days: Array.from({ length: 70 }, (_, day) => ({
          date: new Date(Date.UTC(2026, 10, 20 + day)).toISOString().slice(0, 10),
        })),
      }),
      now: at('2026-11-24T15:00:00Z'),
    },
    verdict: refuse('never_opens'),
  },
];
