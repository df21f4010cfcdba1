import { Webhook } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'webhooks',
  path: '/settings/webhooks',
  label: 'Webhooks',
  icon: Webhook,
  place: { under: 'settings' },
  words: 'events endpoints integrations signature secret notify crm',
  topics: { webhooks: () => [['webhooks']] },
} as const satisfies Screen;
