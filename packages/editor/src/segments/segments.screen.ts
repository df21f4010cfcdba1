import { CircleDashed } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'segments',
  path: '/contacts/segments',
  label: 'Segments',
  icon: CircleDashed,
  place: { under: 'contacts' },
  words: 'audience filter conditions groups who fits events never lapsed active',
  topics: { segments: () => [['segments']], contact_lists: () => [['segments']] },
} as const satisfies Screen;
