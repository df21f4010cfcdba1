import { refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';
import { placeOfNumber } from './number-place.ts';

const to = (number: string) => ({ number, place: placeOfNumber(number) });
const set = (settings: Record<string, unknown>) => ({ settings: { countries: settings } });

export const cases: readonly GateCase[] = [
  { name: 'lets through at home', facts: to('+12025550123'), verdict: send },
  { name: 'refuses abroad', facts: to('+61491570156'), verdict: refuse('country_closed', { country: 'AU' }) },
  {
    name: 'knows the islands that share a code with home',
    facts: to('+18765550123'),
    verdict: refuse('country_closed', { country: 'JM' }),
  },
  {
    name: 'lets through where the workspace opened it',
    facts: { ...to('+61491570156'), ...set({ open: ['AU'] }) },
    verdict: send,
  },
  { name: 'is at home where the workspace is', facts: { ...to('+61491570156'), homeCountry: 'AU' }, verdict: send },
  {
    name: 'lets through everywhere where the workspace chose that',
    facts: { ...to('+61491570156'), ...set({ every: true }) },
    verdict: send,
  },
  {
    name: 'never texts premium numbers',
    facts: { ...to('+19005550123'), ...set({ every: true }) },
    verdict: refuse('premium_number'),
  },
  {
    name: 'never texts satellite phones',
    facts: { ...to('+881612345678'), ...set({ every: true }) },
    verdict: refuse('satellite_number'),
  },
];
