import { later, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';
import { placeOfNumber } from './number-place.ts';

const at = (iso: string) => new Date(iso);
const newYork = { zone: 'America/New_York', number: '+12125550123', place: placeOfNumber('+12125550123') };
const set = (settings: Record<string, unknown>) => ({ settings: { 'quiet-hours': settings } });
const night = (zone: string, until: string) => later(at(until), 'quiet_hours', { zone });

export const cases: readonly GateCase[] = [
  { name: 'lets marketing through by day', facts: { ...newYork, now: at('2026-03-02T15:00:00Z') }, verdict: send },
  {
    name: 'keeps it from 21:00 on, until 8:00 the next day',
    facts: { ...newYork, now: at('2026-03-03T02:00:00Z') },
    verdict: night('America/New_York', '2026-03-03T13:00:00Z'),
  },
  {
    name: 'keeps it in the last minute before: a post takes seconds',
    facts: { ...newYork, now: at('2026-03-03T01:59:30Z') },
    verdict: night('America/New_York', '2026-03-03T13:00:00Z'),
  },
  {
    name: 'lets what is transactional through at night',
    facts: { ...newYork, purpose: 'transactional', now: at('2026-03-03T08:00:00Z') },
    verdict: send,
  },
  {
    name: 'lets an answer to their own text through at night',
    facts: { ...newYork, isAnswer: true, now: at('2026-03-03T08:00:00Z') },
    verdict: send,
  },
  {
    name: 'keeps the narrower hours of a state: Florida ends at 20:00',
    facts: { zone: 'America/New_York', place: placeOfNumber('+13055550123'), now: at('2026-03-03T01:10:00Z') },
    verdict: night('America/New_York', '2026-03-03T13:00:00Z'),
  },
  {
    name: 'keeps Sunday morning free in Texas',
    facts: { zone: 'America/Chicago', place: placeOfNumber('+15125550123'), now: at('2026-03-01T16:00:00Z') },
    verdict: night('America/Chicago', '2026-03-01T18:00:00Z'),
  },
  {
    name: 'knows no law of Texas for texts before it was one',
    facts: { zone: 'America/Chicago', place: placeOfNumber('+15125550123'), now: at('2025-08-24T16:00:00Z') },
    verdict: send,
  },
  {
    name: 'keeps an Australian Sunday free, whatever the phone’s state',
    facts: {
      zone: null,
      workspaceZone: 'Australia/Perth',
      place: placeOfNumber('+61491570156'),
      now: at('2026-03-08T04:00:00Z'),
    },
    verdict: night('Australia/Perth', '2026-03-09T01:00:00Z'),
  },
  {
    name: 'asks every zone that a number may be in, where the workspace chose that',
    facts: {
      zone: null,
      place: placeOfNumber('+61491570156'),
      now: at('2026-03-09T23:30:00Z'),
      ...set({ unknown_zone: 'number' }),
    },
    verdict: later(at('2026-03-10T01:00:00Z'), 'quiet_hours', { zone: placeOfNumber('+61491570156').zones.join(', ') }),
  },
  {
    name: 'never so long that it is over again',
    facts: {
      ...newYork,
      now: at('2026-03-03T02:00:00Z'),
      draw: 0.8,
      ...set({ spread_minutes: 60, hours: [{ days: [1, 2, 3, 4, 5], from: '12:00', to: '12:20' }] }),
    },
    verdict: night('America/New_York', '2026-03-03T17:12:00Z'),
  },
  {
    name: 'spreads what was kept over the minutes that the workspace chose',
    facts: { ...newYork, now: at('2026-03-03T02:00:00Z'), draw: 0.5, ...set({ spread_minutes: 20 }) },
    verdict: night('America/New_York', '2026-03-03T13:10:00Z'),
  },
  {
    name: 'skips it where the workspace chose that',
    facts: { ...newYork, now: at('2026-03-03T02:00:00Z'), ...set({ outside: 'skip' }) },
    verdict: refuse('quiet_hours', { zone: 'America/New_York' }),
  },
  {
    name: 'keeps the workspace’s own hours where no law says anything',
    facts: {
      zone: 'Europe/Berlin',
      place: placeOfNumber('+4915123456789'),
      now: at('2026-03-07T10:00:00Z'),
      ...set({ hours: [{ days: [1, 2, 3, 4, 5], from: '10:00', to: '18:00' }] }),
    },
    verdict: night('Europe/Berlin', '2026-03-09T09:00:00Z'),
  },
  {
    name: 'says where its own hours and a law leave none',
    facts: { ...newYork, ...set({ hours: [{ days: [1], from: '22:00', to: '23:00' }] }) },
    verdict: refuse('never_open', { zone: 'America/New_York' }),
  },
  {
    name: 'does not ask about what the law demands to be answered',
    facts: { ...newYork, now: at('2026-03-03T08:00:00Z') },
    exemption: 'compliance_answer',
    verdict: send,
  },
];
