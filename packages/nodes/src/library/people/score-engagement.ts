import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { eventNameSchema } from '../../define/event-names.ts';
import { formatCount } from '../../text/format-message.ts';

const config = z.object({
  weights: z
    .record(eventNameSchema, z.number().min(-1_000).max(1_000))
    .refine((weights) => Object.keys(weights).length >= 1 && Object.keys(weights).length <= 20, {
      error: 'From 1 to 20 events',
    })
    .default({ 'message.received': 5, 'message.delivered': 1 })
    .meta({
      ui: {
        label: 'Points for each event',
        help: 'What one such event is worth on the day it happens. Negative points subtract.',
        control: 'weights',
      },
    }),
  half_life_days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .meta({
      ui: {
        label: 'Half-life',
        help: 'After this many days an event is worth half, after twice as many a quarter.',
        control: 'number',
        unit: 'days',
      },
    }),
});

/**
 * Scores how active a person is, and stores the score on the contact:
 *
 *     score = sum over the contact's events of points(type) × 0.5 ^ (age in days / half_life_days)
 *
 * rounded to two decimals. Ages are exact, not counted in whole days; events without points count nothing.
 *
 * @example { weights: { 'message.received': 5 }, half_life_days: 30 }
 */
export const scoreEngagement = defineNode({
  type: 'score-engagement',
  version: 1,
  title: 'Score engagement',
  group: 'people',
  icon: 'gauge',
  docs: 'Adds up what a person has done lately. Every event gives points that fade: after one half-life they are worth half. Branches can use the score.',
  effect: 'contact',
  config,
  summary: ({ weights, half_life_days: days }) =>
    formatCount(Object.keys(weights).length, summaries.events, { halfLife: formatCount(days, summaries.days) }),
  outlets: () => [{ id: 'next', label: 'Next' }],
  reasons: { engagement_scored: 'Scored {score}' },
  run: async ({ config: { weights, half_life_days: halfLifeDays }, ports }) => {
    const sum = await ports.events.decayedSum({ weights, halfLifeDays });
    const score = Math.round((sum + Number.EPSILON) * 100) / 100;
    ports.profile.set('engagement_score', score);
    return next('next', { code: 'engagement_scored', values: { score } });
  },
});

const summaries = {
  events: {
    one: 'Points for {count} event, half after {halfLife}',
    other: 'Points for {count} events, half after {halfLife}',
  },
  days: { one: '{count} day', other: '{count} days' },
} as const;
