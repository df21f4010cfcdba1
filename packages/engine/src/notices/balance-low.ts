import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** As people write it: $1.50, or 12 credits where the provider counts those. */
function amount({ micro_units, currency }: { readonly micro_units: string; readonly currency: string | null }): string {
  const left = Number(micro_units) / 1_000_000;
  if (currency !== null) return new Intl.NumberFormat('en', { style: 'currency', currency }).format(left);
  return `${new Intl.NumberFormat('en').format(left)} ${left === 1 ? 'credit' : 'credits'}`;
}

/** Less is left in an account than somebody wants to be told of. Over once there is more, or the limit is another. */
export const balanceLow = defineNotice({
  kind: 'balance_low',
  severity: 'warning',
  values: z.object({ account: z.string(), micro_units: z.string(), currency: z.string().nullable() }),
  title: (values) => `“${values.account}” has ${amount(values)} left`,
  action: () => 'Top it up at the provider: once nothing is left, messages are refused.',
  remedy: (subject) => ({ label: 'Open account', path: `/settings/providers/${subject}` }),
});
