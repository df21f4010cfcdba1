import { RadioTower } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'providers',
  path: '/settings/providers',
  label: 'Providers',
  icon: RadioTower,
  place: { under: 'settings' },
  words:
    'accounts twilio vonage plivo bandwidth messagebird bird clicksend telstra sms broadcast senders numbers carrier',
  topics: { accounts: () => [['accounts']] },
} as const satisfies Screen;
