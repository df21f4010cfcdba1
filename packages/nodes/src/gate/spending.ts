import { z } from 'zod';
import { defineRule, type GateFacts, later, refuse, send } from './define-rule.ts';

/** An amount in millionths of the workspace's currency. */
const amountSchema = z.int().min(0).max(1_000_000_000_000);

const limitSchema = z
  .strictObject({
    scope: z.enum(['workspace', 'flow', 'account', 'country']),
    /** The flow's or account's id as the API shows it, or the country's two letters; empty for the workspace. */
    subject: z.string().max(40).default(''),
    period: z.enum(['hour', 'day', 'month']),
    amount: amountSchema,
    at_limit: z.enum(['hold', 'refuse']).default('hold'),
  })
  .refine(({ scope, subject }) => (scope === 'workspace') === (subject === ''), {
    path: ['subject'],
    error: 'Choose what the limit is of',
  });

/** A limit of what may be spent in a period. */
export type SpendingLimit = z.infer<typeof limitSchema>;

export const spendingSettings = z.object({
  limits: z
    .array(limitSchema)
    .max(20)
    .default([])
    .meta({
      ui: {
        label: 'Limits',
        help: 'Of the whole workspace, a flow, an account or a country, in the workspace’s currency. What is about to be sent is reserved before, so no limit is ever passed.',
        control: 'limits',
      },
    }),
  per_message: amountSchema
    .nullable()
    .default(null)
    .meta({
      ui: {
        label: 'The most that one message may cost',
        help: 'With all its segments. Dearer ones are refused. Nothing for no limit.',
        control: 'money',
      },
    }),
  unknown: amountSchema.default(50_000).meta({
    ui: {
      label: 'A segment without a known price counts as',
      help: 'Where no price is entered for the provider and country.',
      control: 'money',
    },
  }),
});

type Settings = z.infer<typeof spendingSettings>;

/** What a message is reckoned to cost, in millionths of the workspace's currency; null where nobody knows and no limit asks. */
export function reckonedPrice(
  { segmentPrice, segments }: Pick<GateFacts, 'segmentPrice' | 'segments'>,
  { limits, per_message, unknown }: Settings,
): number | null {
  if (segmentPrice !== null) return segmentPrice * segments;
  return limits.length === 0 && per_message === null ? null : unknown * segments;
}

/** What is spent stays below the limits that the workspace set. */
export const spending = defineRule({
  name: 'spending',
  title: 'Spending limits',
  says: 'No more is spent than you set here, by message, hour, day and month.',
  reasons: {
    too_dear: 'One message may not cost this much ({price})',
    over_limit: 'The spending limit of this {period} is reached',
  },
  settings: spendingSettings,
  decide: (facts, settings) => {
    const price = reckonedPrice(facts, settings);
    if (price === null) return send;
    if (settings.per_message !== null && price > settings.per_message)
      return refuse('too_dear', { price: price / 1_000_000 });
    const over = facts.limits.filter(({ left }) => price > left);
    const final = over.find(({ at_limit }) => at_limit === 'refuse');
    if (final !== undefined) return refuse('over_limit', { period: final.period });
    const longest = over.reduce<(typeof over)[number] | null>(
      (most, each) => (most === null || each.until > most.until ? each : most),
      null,
    );
    return longest === null ? send : later(longest.until, 'over_limit', { period: longest.period });
  },
});
