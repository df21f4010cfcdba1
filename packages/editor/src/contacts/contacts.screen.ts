import { Users } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'contacts',
  path: '/contacts',
  label: 'People',
  icon: Users,
  place: { rail: 3 },
  words: 'contacts audience import subscribers',
  topics: { contacts: () => [['contacts']] },
} as const satisfies Screen;
