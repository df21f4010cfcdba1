import { ShieldBan } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'consent',
  path: '/settings/consent',
  label: 'Consent and suppression',
  icon: ShieldBan,
  place: { under: 'settings' },
  words: 'opt out block numbers blacklist unsubscribe stop programme disclosure double opt-in sign up import export',
  topics: { suppressions: () => [['suppressions']], programmes: () => [['programmes']] },
  load: async () => (await import('./consent-screen.tsx')).ConsentScreen,
} as const satisfies Screen;
