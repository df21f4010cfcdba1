import { FlaskConical } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'test',
  path: '/campaigns/tests/$testId',
  label: 'A/B test',
  icon: FlaskConical,
  place: { under: 'campaigns' },
  topics: { tests: (ids) => ids.map((id) => ['test', id]) },
} as const satisfies Screen;
