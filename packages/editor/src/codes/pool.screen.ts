import { TicketPercent } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'pool',
  path: '/campaigns/codes/$poolId',
  label: 'Pool of codes',
  icon: TicketPercent,
  place: { under: 'campaigns' },
  topics: { codes: (ids) => ids.map((id) => ['code_pool', id]) },
} as const satisfies Screen;
