import { Mail } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'message',
  path: '/messages/$messageId',
  label: 'Message',
  icon: Mail,
  place: { under: 'messages' },
  topics: { contacts: () => [['message']], queue: () => [['queue', 'waits']] },
} as const satisfies Screen;
