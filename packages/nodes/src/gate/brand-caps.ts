import { z } from 'zod';
import { defineRule, later, refuse, send } from './define-rule.ts';

const settings = z.object({
  over: z
    .enum(['hold', 'refuse'])
    .default('hold')
    .meta({
      ui: {
        label: 'Once a brand’s daily cap is reached',
        help: 'The cap stands with the registration of its senders, under Senders and routes. It counts segments to the USA from midnight to midnight, Pacific time.',
        control: 'select',
        options: [
          { value: 'hold', label: 'Keep messages until the next day' },
          { value: 'refuse', label: 'Do not send them at all' },
        ],
      },
    }),
});

/** Of a registered brand goes out in a day what carriers take; they drop the rest. */
export const brandCaps = defineRule({
  name: 'brand-caps',
  title: 'Daily caps of brands',
  says: 'No more segments a day go out from 10DLC numbers of a brand than carriers take.',
  exempts: ['compliance_answer'],
  reasons: {
    brand_cap: 'The brand {brand} has used up its daily cap of segments ({cap})',
    brand_cap_below: 'The message has more segments than the daily cap of the brand {brand} ({cap})',
  },
  settings,
  decide: ({ brand, segments }, { over }) => {
    if (brand === null || segments <= brand.left) return send;
    const values = { brand: brand.name, cap: brand.cap };
    if (segments > brand.cap) return refuse('brand_cap_below', values);
    return over === 'refuse' ? refuse('brand_cap', values) : later(brand.until, 'brand_cap', values);
  },
});
