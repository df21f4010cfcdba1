import { Bell } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'notices',
  path: '/settings/notices',
  label: 'Notices',
  icon: Bell,
  place: { under: 'settings' },
  words: 'alerts warnings problems bell email mail balance credentials',
  topics: { notices: () => [['notices']], workspace: () => [['workspace']] },
} as const satisfies Screen;
