import { Megaphone } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'campaign',
  path: '/campaigns/$campaignId',
  label: 'Campaign',
  icon: Megaphone,
  place: { under: 'campaigns' },
  topics: {
    campaigns: () => [['campaign'], ['campaign-results']],
    flows: () => [['campaign']],
    counts: () => [['campaign']],
    tests: () => [['campaign-tests']],
  },
} as const satisfies Screen;
