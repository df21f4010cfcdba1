import { Megaphone } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

/** Until campaigns have a screen of their own, their place in the rail shows goals. */
export const screen = {
  id: 'campaigns',
  path: '/campaigns',
  label: 'Campaigns',
  icon: Megaphone,
  place: { rail: 2 },
  topics: {},
  load: () => import('./goals-screen.tsx').then((module) => module.GoalsScreen),
} as const satisfies Screen;
