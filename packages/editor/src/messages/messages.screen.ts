import { Mails } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'messages',
  path: '/messages',
  label: 'Messages',
  icon: Mails,
  place: { rail: 5 },
  words: 'sent received texts sms receipts delivery failed log history',
  topics: { contacts: () => [['messages']] },
} as const satisfies Screen;
