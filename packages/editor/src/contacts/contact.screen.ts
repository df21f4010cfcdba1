import { User } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'contact',
  path: '/contacts/$contactId',
  label: 'Person',
  icon: User,
  place: { under: 'contacts' },
  topics: { contacts: (ids) => ids.map((id) => ['contact', id]) },
} as const satisfies Screen;
