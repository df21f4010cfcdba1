import { ListPlus } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'fields',
  path: '/settings/fields',
  label: 'Fields',
  icon: ListPlus,
  place: { under: 'settings' },
  words: 'custom fields attributes properties people contacts type choice date money',
  topics: { contact_fields: () => [['contact-fields']] },
  load: async () => (await import('./fields-screen.tsx')).FieldsScreen,
} as const satisfies Screen;
