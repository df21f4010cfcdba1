import { Tags } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'lists',
  path: '/contacts/lists',
  label: 'Lists and tags',
  icon: Tags,
  place: { under: 'contacts' },
  words: 'audience groups labels newsletter members',
  topics: { contact_lists: () => [['contact-lists'], ['contacts']] },
  load: async () => (await import('./lists-screen.tsx')).ListsScreen,
} as const satisfies Screen;
