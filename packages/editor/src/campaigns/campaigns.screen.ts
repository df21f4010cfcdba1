import { Megaphone } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'campaigns',
  path: '/campaigns',
  label: 'Campaigns',
  icon: Megaphone,
  place: { rail: 2 },
  words: 'send newsletter bulk schedule audience blast announcement',
  topics: { campaigns: () => [['campaigns']] },
} as const satisfies Screen;
