import { CalendarClock } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'opening-hours',
  path: '/settings/opening-hours',
  label: 'Opening hours',
  icon: CalendarClock,
  place: { under: 'settings' },
  words: 'business hours public holidays closed days office week calendar',
  topics: { opening_hours: () => [['opening-hours']], workspace: () => [['opening-hours']] },
  load: async () => (await import('./opening-hours-screen.tsx')).OpeningHoursScreen,
} as const satisfies Screen;
