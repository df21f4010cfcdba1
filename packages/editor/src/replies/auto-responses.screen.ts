import { MessageCircleReply } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'auto-responses',
  path: '/replies/auto',
  label: 'Auto-responses',
  icon: MessageCircleReply,
  place: { under: 'replies' },
  words: 'automatic answers out of hours office first contact missed keyword did you mean away',
  topics: { flows: (ids) => [['flows'], ...ids.map((id) => ['flow', id])] },
  load: async () => (await import('./auto-responses-screen.tsx')).AutoResponsesScreen,
} as const satisfies Screen;
