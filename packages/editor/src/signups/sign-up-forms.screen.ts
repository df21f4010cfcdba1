import { ClipboardPen } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'sign-up-forms',
  path: '/contacts/sign-up-forms',
  label: 'Sign-up forms',
  icon: ClipboardPen,
  place: { under: 'contacts' },
  words: 'subscribe opt-in join embed website growth',
  topics: { sign_up_forms: () => [['sign-up-forms']] },
  load: async () => (await import('./sign-up-forms-screen.tsx')).SignUpFormsScreen,
} as const satisfies Screen;
