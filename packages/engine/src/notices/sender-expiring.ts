import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** A sender's registration ends soon, or has ended. Over once it is renewed. */
export const senderExpiring = defineNotice({
  kind: 'sender_expiring',
  severity: 'warning',
  values: z.object({ sender: z.string(), on: z.string() }),
  title: ({ sender, on }) => `The registration of ${sender} ends on ${on}`,
  action: () =>
    'Renew it at the register, then enter the new date here: after that day texts from it are refused where it has to be registered.',
  remedy: () => ({ label: 'Open senders and routes', path: '/settings/routing' }),
});
