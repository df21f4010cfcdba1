import { Settings } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'settings',
  path: '/settings',
  label: 'Settings',
  icon: Settings,
  place: { rail: 8 },
  words: 'workspace name time zone preferences',
  topics: { workspace: () => [['workspace'], ['session']] },
} as const satisfies Screen;
