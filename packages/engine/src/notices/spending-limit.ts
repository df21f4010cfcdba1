import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** Much of a spending limit is used, or all of it. Over when the limit's period is. */
export const spendingLimit = defineNotice({
  kind: 'spending_limit',
  severity: 'warning',
  values: z.object({
    percent: z.number(),
    of: z.string(),
    period: z.enum(['hour', 'day', 'month']),
    amount: z.string(),
    currency: z.string(),
  }),
  title: ({ percent, of, period, amount, currency }) => {
    const limit = new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(amount) / 1_000_000);
    return `${percent} % of the limit of ${limit} a ${period} for ${of} is spent`;
  },
  action: ({ percent }) =>
    percent >= 100
      ? 'Messages wait or are refused until the period ends, as the limit says. Raise it if they should go out.'
      : 'At the limit messages wait or are refused, as it says.',
  remedy: () => ({ label: 'Open spending', path: '/settings/spending' }),
});
