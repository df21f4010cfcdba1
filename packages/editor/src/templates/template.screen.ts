import { NotebookText } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'template',
  path: '/messages/templates/$templateId',
  label: 'Template',
  icon: NotebookText,
  place: { under: 'messages' },
  topics: {},
} as const satisfies Screen;
