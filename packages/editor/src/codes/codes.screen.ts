import { TicketPercent } from 'lucide-react';
import type { Screen } from '../lib/screen.ts';

export const screen = {
  id: 'codes',
  path: '/campaigns/codes',
  label: 'Codes',
  icon: TicketPercent,
  place: { under: 'campaigns' },
  words: 'coupons vouchers discount promo unique codes pools redeem',
  topics: { codes: () => [['codes']] },
} as const satisfies Screen;
