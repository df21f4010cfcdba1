import type { NodeCase } from '../../define/node-case.ts';

const at = (occurred_at: string, type = 'message.received') => ({ type, occurred_at: new Date(occurred_at) });

const scored = (score: number): NodeCase['expect'] => ({
  decision: { kind: 'next', outlet: 'next', reason: { code: 'engagement_scored', values: { score } } },
  writes: { profile: [{ field: 'engagement_score', value: score }] },
});

export const cases: readonly NodeCase[] = [
  {
    name: 'an event of now counts in full, one of a half-life ago by half, one of two by a quarter',
    config: { weights: { 'message.received': 8 }, half_life_days: 10 },
    state: { events: [at('2026-03-02T15:00:00Z'), at('2026-02-20T15:00:00Z'), at('2026-02-10T15:00:00Z')] },
    expect: { ...scored(14), summary: 'Points for 1 event, half after 10 days' },
  },
  {
    name: 'events without points and events to come count nothing',
    config: { weights: { 'message.received': 8 }, half_life_days: 1 },
    state: { events: [at('2026-03-02T15:00:00Z', 'message.delivered'), at('2026-03-02T15:00:01Z')] },
    expect: scored(0),
  },
  {
    name: 'points can take away, and the score has two decimals',
    config: { weights: { 'message.received': 1, 'message.failed': -2 }, half_life_days: 30 },
    state: { events: [at('2026-03-01T15:00:00Z'), at('2026-03-01T15:00:00Z', 'message.failed')] },
    expect: scored(-0.98),
  },
  {
    name: 'has points and a half-life to begin with',
    config: {},
    state: { events: [at('2026-01-31T15:00:00Z')] },
    expect: { ...scored(2.5), summary: 'Points for 2 events, half after 30 days' },
  },
  { name: 'needs an event', config: { weights: {} }, expect: { invalid: ['weights'] } },
  { name: 'refuses a half-life of no days', config: { half_life_days: 0 }, expect: { invalid: ['half_life_days'] } },
  {
    name: 'refuses what is no event',
    config: { weights: { 'Some Event': 1 } },
    expect: { invalid: ['weights', 'Some Event'] },
  },
];
