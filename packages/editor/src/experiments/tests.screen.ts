import { FlaskConical } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'tests',
  path: '/campaigns/tests',
  label: 'A/B tests',
  icon: FlaskConical,
  place: { under: 'campaigns' },
  words: 'ab split experiment variants winner verdict compare arms significance',
  topics: { tests: () => [['tests']], flows: () => [['tests']] },
} as const satisfies Screen;
