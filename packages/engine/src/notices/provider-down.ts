import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** Requests to a provider fail: what waits goes by other routes where there are any. Over once it takes a message again. */
export const providerDown = defineNotice({
  kind: 'provider_down',
  severity: 'error',
  values: z.object({ account: z.string(), reason: z.string() }),
  title: ({ account }) => `“${account}” takes no messages`,
  action: ({ reason }) =>
    `Its provider cannot be reached or answers with errors (${reason}). Messages go by the other senders of their route; those without one wait. One is tried now and then.`,
  remedy: () => ({ label: 'Open senders and routes', path: '/settings/routing' }),
});
