import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** A provider does not send from a number or name that is set up here: blocked, taken away, or not registered. Over once it takes a message from it. */
export const senderRefused = defineNotice({
  kind: 'sender_refused',
  severity: 'error',
  // One that is refused in some countries alone is refused and taken by turns as a campaign goes on.
  sameWithinMs: 86_400_000,
  values: z.object({ sender: z.string(), account: z.string(), code: z.string() }),
  title: ({ sender, account }) => `“${account}” no longer sends from ${sender}`,
  action: ({ code }) =>
    `The provider refuses messages from this sender (${code}): it may be blocked, unregistered or no longer yours. Ask the provider, or let another sender stand in.`,
  remedy: () => ({ label: 'Open senders and routes', path: '/settings/routing' }),
});
