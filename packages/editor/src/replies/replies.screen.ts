import { Reply } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'replies',
  path: '/replies',
  label: 'Replies',
  icon: Reply,
  place: { rail: 6 },
  words: 'commands keywords answers aliases phrases',
  topics: { flows: (ids) => [['flows'], ...ids.map((id) => ['flow', id])] },
  load: async () => (await import('./commands-screen.tsx')).CommandsScreen,
} as const satisfies Screen;
