import { CircleDashed } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'segment',
  path: '/contacts/segments/$segmentId',
  label: 'Segment',
  icon: CircleDashed,
  place: { under: 'contacts' },
  topics: { segments: (ids) => [['segments'], ...ids.map((id) => ['segment', id])] },
} as const satisfies Screen;
