import { Workflow } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'flow',
  path: '/flows/$flowId',
  label: 'Flow',
  icon: Workflow,
  place: { under: 'flows' },
  topics: {
    flows: (ids) => ids.map((id) => ['flow', id]),
    accounts: () => [['accounts']],
    counts: (ids) => ids.map((id) => ['flow', id, 'people']),
    contacts: () => [['flow_links'], ['flow_return']],
    goals: () => [['flow_return']],
  },
} as const satisfies Screen;
