import { Route } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'routing',
  path: '/settings/routing',
  label: 'Senders and routes',
  icon: Route,
  place: { under: 'settings' },
  words: 'numbers registration 10dlc toll-free sender id weights failover preview what happens',
  topics: { accounts: () => [['senders']], routes: () => [['routes']] },
  load: async () => (await import('./routing-screen.tsx')).RoutingScreen,
} as const satisfies Screen;
