import { Workflow } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'flows',
  path: '/flows',
  label: 'Flows',
  icon: Workflow,
  place: { rail: 1 },
  words: 'campaigns keywords automations journeys',
  topics: { flows: () => [['flows']], counts: () => [['flows']] },
} as const satisfies Screen;
