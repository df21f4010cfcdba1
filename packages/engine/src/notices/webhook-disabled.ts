import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** A webhook was disabled by itself: it said that it is gone, or took nothing for three days. Over once it is enabled or removed. */
export const webhookDisabled = defineNotice({
  kind: 'webhook_disabled',
  severity: 'error',
  values: z.object({ webhook: z.string(), reason: z.enum(['gone', 'failing']) }),
  title: ({ webhook, reason }) =>
    reason === 'gone'
      ? `The webhook “${webhook}” says that it is gone, and was disabled`
      : `The webhook “${webhook}” took nothing for three days, and was disabled`,
  action: () => 'It is told nothing of what happens. Put its receiver right, enable it, and send failed events again.',
  remedy: (subject) => ({ label: 'Open webhook', path: `/settings/webhooks/${subject}` }),
});
