import { z } from 'zod';
import { defineRule, refuse, send } from './define-rule.ts';

const settings = z.object({
  open: z
    .array(z.string().regex(/^[A-Z]{2}$/, { error: 'A country’s two capital letters, such as AU' }))
    .max(250)
    .default([])
    .meta({
      ui: {
        label: 'Countries besides your own',
        help: 'Texts to every other country are refused: one form that anybody can fill in must not be able to send abroad at your expense.',
        control: 'countries',
      },
    }),
  every: z
    .boolean()
    .default(false)
    .meta({ ui: { label: 'Send to every country', help: 'Premium and satellite numbers are refused all the same.' } }),
});

/** A workspace sends to its own country and to those that it opened. */
export const countries = defineRule({
  name: 'countries',
  title: 'Countries',
  says: 'Texts go to your own country and those that you open; to premium and satellite numbers never.',
  reasons: {
    country_closed: 'You do not send to this country ({country})',
    premium_number: 'Texts to premium numbers are never sent',
    satellite_number: 'Texts to satellite phones are never sent',
  },
  settings,
  decide: ({ place, homeCountry }, { open, every }) => {
    if (place.kind === 'premium') return refuse('premium_number');
    if (place.kind === 'satellite') return refuse('satellite_number');
    if (every || place.country === homeCountry) return send;
    return place.country !== null && open.includes(place.country)
      ? send
      : refuse('country_closed', { country: place.country });
  },
});
