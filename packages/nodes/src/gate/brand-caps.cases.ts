import { later, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

const until = new Date('2026-03-03T08:00:00Z');
const brand = (left: number) => ({ brand: { name: 'BACME', cap: 2_000, left, until } });
const values = { brand: 'BACME', cap: 2_000 };

export const cases: readonly GateCase[] = [
  { name: 'caps nothing where no brand has a cap', facts: { brand: null, segments: 9 }, verdict: send },
  { name: 'lets the last segments through', facts: { ...brand(2), segments: 2 }, verdict: send },
  {
    name: 'keeps what is more until the next day',
    facts: { ...brand(2), segments: 3 },
    verdict: later(until, 'brand_cap', values),
  },
  {
    name: 'or refuses it, where that is chosen',
    facts: { ...brand(0), segments: 1, settings: { 'brand-caps': { over: 'refuse' } } },
    verdict: refuse('brand_cap', values),
  },
  {
    name: 'refuses what no day has room for',
    facts: { ...brand(2_000), brand: { name: 'BACME', cap: 2, left: 2, until }, segments: 3 },
    verdict: refuse('brand_cap_below', { brand: 'BACME', cap: 2 }),
  },
];
