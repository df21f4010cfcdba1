import { ListOrdered } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'queue',
  path: '/messages/queue',
  label: 'Queue',
  icon: ListOrdered,
  place: { under: 'messages' },
  words: 'queue waiting backlog depth pause drain hold lanes stuck unknown errors cancel sending speed',
  topics: { queue: () => [['queue']] },
  load: () => import('./queue-screen.tsx').then((module) => module.QueueScreen),
} as const satisfies Screen;
