import { Target } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'goals',
  path: '/campaigns/goals',
  label: 'Goals',
  icon: Target,
  place: { under: 'campaigns' },
  words: 'conversions revenue orders sales value attribution return',
  topics: { goals: () => [['goals']] },
} as const satisfies Screen;
