import { Webhook } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'webhook',
  path: '/settings/webhooks/$webhookId',
  label: 'Webhook',
  icon: Webhook,
  place: { under: 'settings' },
  topics: { webhooks: (ids) => ids.map((id) => ['webhook', id]) },
} as const satisfies Screen;
