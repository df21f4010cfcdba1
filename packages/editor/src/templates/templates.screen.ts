import { NotebookText } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'templates',
  path: '/messages/templates',
  label: 'Templates',
  icon: NotebookText,
  place: { under: 'messages' },
  words: 'texts snippets wording languages versions personalisation placeholders',
  // What came of messages is read when somebody looks, not with every letter that is saved.
  topics: {
    templates: (ids) => [
      ['templates', 'list'],
      ['templates', 'choices'],
      ...ids.flatMap((id) => [
        ['templates', 'one', id],
        ['templates', 'versions', id],
      ]),
    ],
    flows: () => [['templates', 'uses']],
  },
} as const satisfies Screen;
