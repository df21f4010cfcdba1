import { Trash2 } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'deleted',
  path: '/contacts/deleted',
  label: 'Deleted people',
  icon: Trash2,
  place: { under: 'contacts' },
  words: 'trash bin restore undo erase privacy',
  topics: { deleted_contacts: () => [['deleted-contacts']] },
  load: async () => (await import('./deleted-screen.tsx')).DeletedScreen,
} as const satisfies Screen;
