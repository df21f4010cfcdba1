import { RadioTower } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'account',
  path: '/settings/providers/$accountId',
  label: 'Account',
  icon: RadioTower,
  place: { under: 'settings' },
  topics: { accounts: (ids) => ids.map((id) => ['account', id]) },
} as const satisfies Screen;
