import { CalendarDays } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'campaign-calendar',
  path: '/campaigns/calendar',
  label: 'Calendar',
  icon: CalendarDays,
  place: { under: 'campaigns' },
  words: 'planned schedule month week load send dates',
  topics: { campaigns: () => [['campaigns', 'calendar']] },
  load: async () => (await import('./calendar-screen.tsx')).CalendarScreen,
} as const satisfies Screen;
