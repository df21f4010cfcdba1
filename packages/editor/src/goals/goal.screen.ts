import { Target } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'goal',
  path: '/campaigns/goals/$goalId',
  label: 'Goal',
  icon: Target,
  place: { under: 'campaigns' },
  topics: { goals: (ids) => ids.map((id) => ['goal', id]) },
} as const satisfies Screen;
