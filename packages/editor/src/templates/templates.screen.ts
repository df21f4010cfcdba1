import { NotebookText } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'templates',
  path: '/messages/templates',
  label: 'Templates',
  icon: NotebookText,
  place: { under: 'messages' },
  words: 'texts snippets wording languages versions personalisation placeholders',
  topics: { templates: () => [['templates']], flows: () => [['templates', 'uses']] },
} as const satisfies Screen;
