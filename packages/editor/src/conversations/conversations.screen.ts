import { MessagesSquare } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'conversations',
  path: '/conversations',
  label: 'Conversations',
  icon: MessagesSquare,
  place: { rail: 4 },
  words: 'inbox messages texts replies',
  topics: { contacts: () => [['conversations']] },
} as const satisfies Screen;
