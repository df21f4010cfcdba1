import { Wallet } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'spending',
  path: '/settings/spending',
  label: 'Spending',
  icon: Wallet,
  place: { under: 'settings' },
  words: 'cost prices price list budget limits burn forecast money',
  topics: { prices: () => [['prices'], ['spending']], rules: () => [['spending']] },
  load: async () => (await import('./spending-screen.tsx')).SpendingScreen,
} as const satisfies Screen;
