import { type LimitFacts, later, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

const midnight = new Date('2026-03-03T05:00:00Z');
const month = new Date('2026-04-01T04:00:00Z');
const limit = (left: number, rest: Partial<LimitFacts> = {}): LimitFacts => ({
  left,
  period: 'day',
  at_limit: 'hold',
  until: midnight,
  ...rest,
});
const stored = { scope: 'workspace', subject: '', period: 'day', amount: 1_000_000, at_limit: 'hold' };
const set = (settings: Record<string, unknown>) => ({ settings: { spending: settings } });
const limited = set({ limits: [stored] });

export const cases: readonly GateCase[] = [
  { name: 'limits nothing unless set', facts: { segmentPrice: 900_000, segments: 3 }, verdict: send },
  {
    name: 'lets through what fits to the last millionth',
    facts: { segmentPrice: 50_000, segments: 2, limits: [limit(100_000)], ...limited },
    verdict: send,
  },
  {
    name: 'holds what does not, until the period ends',
    facts: { segmentPrice: 50_001, segments: 2, limits: [limit(100_000)], ...limited },
    verdict: later(midnight, 'over_limit', { period: 'day' }),
  },
  {
    name: 'refuses it where the limit says so, whatever others say',
    facts: {
      segmentPrice: 50_000,
      segments: 1,
      limits: [limit(0), limit(0, { at_limit: 'refuse', period: 'month', until: month })],
      ...limited,
    },
    verdict: refuse('over_limit', { period: 'month' }),
  },
  {
    name: 'of two limits that hold, the longer is heard',
    facts: {
      segmentPrice: 50_000,
      segments: 1,
      limits: [limit(0), limit(0, { period: 'month', until: month })],
      ...limited,
    },
    verdict: later(month, 'over_limit', { period: 'month' }),
  },
  {
    name: 'reckons with what an unknown price counts as',
    facts: { segmentPrice: null, segments: 2, limits: [limit(99_999)], ...limited },
    verdict: later(midnight, 'over_limit', { period: 'day' }),
  },
  {
    name: 'refuses one message that is too dear',
    facts: { segmentPrice: 60_000, segments: 2, ...set({ per_message: 100_000 }) },
    verdict: refuse('too_dear', { price: 0.12 }),
  },
  {
    name: 'asks one-time passwords too',
    facts: { purpose: 'otp', segmentPrice: 1, segments: 1, limits: [limit(0)], ...limited },
    verdict: later(midnight, 'over_limit', { period: 'day' }),
  },
];
