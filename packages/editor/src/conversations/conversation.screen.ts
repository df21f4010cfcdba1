import { MessageSquareText } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'conversation',
  path: '/conversations/$contactId',
  label: 'Conversation',
  icon: MessageSquareText,
  place: { under: 'conversations' },
  topics: { contacts: (ids) => ids.map((id) => ['contact', id, 'messages']) },
} as const satisfies Screen;
