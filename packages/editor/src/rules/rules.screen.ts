import { ShieldCheck } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'rules',
  path: '/settings/rules',
  label: 'Compliance rules',
  icon: ShieldCheck,
  place: { under: 'settings' },
  words: 'quiet hours frequency caps countries banned words links blocked numbers registration gate consent',
  topics: { rules: () => [['rules']] },
  load: async () => (await import('./rules-screen.tsx')).RulesScreen,
} as const satisfies Screen;
