import { mildest, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

const picture = { id: '00000000-0000-7000-8000-000000000001', type: 'image/jpeg', bytes: 400_000 };
const mediaLimits = {
  files: 2,
  bytes: 1_000_000,
  types: { 'image/jpeg': 1_000_000, 'image/png': 500_000 },
  countries: null,
};
const within = { ...mediaLimits, countries: ['US', 'CA'] };
const placeIn = (country: string | null) => ({ ...mildest.place, country });

export const cases: readonly GateCase[] = [
  { name: 'minds no message without pictures', facts: { mediaLimits: null }, verdict: send },
  {
    name: 'lets pictures through that the provider takes',
    facts: { media: [picture, picture], mediaLimits },
    verdict: send,
  },
  {
    name: 'refuses where it takes none',
    facts: { media: [picture], mediaLimits: null },
    verdict: refuse('media_not_supported'),
  },
  {
    name: 'leaves it to another rule that there is no sender',
    facts: { media: [picture], mediaLimits: null, hasSender: false },
    verdict: send,
  },
  {
    name: 'refuses too many',
    facts: { media: [picture, picture, picture], mediaLimits },
    verdict: refuse('media_too_many', { limit: 2, files: 3 }),
  },
  {
    name: 'refuses those that are too large together',
    facts: { media: [picture, { ...picture, bytes: 600_001 }], mediaLimits },
    verdict: refuse('media_too_large_together', { limit: 1_000, size: 1_001 }),
  },
  {
    name: 'refuses a kind that the provider does not send',
    facts: { media: [{ ...picture, type: 'image/gif' }], mediaLimits },
    verdict: refuse('media_type_not_supported', { type: 'image/gif' }),
  },
  {
    name: 'refuses one that is larger than the provider takes of its kind',
    facts: { media: [{ ...picture, type: 'image/png', bytes: 500_001 }], mediaLimits },
    verdict: refuse('media_too_large', { type: 'image/png', limit: 500, size: 501 }),
  },
  {
    name: 'takes no name that every object has for a kind',
    facts: { media: [{ ...picture, type: 'constructor' }], mediaLimits },
    verdict: refuse('media_type_not_supported', { type: 'constructor' }),
  },
  {
    name: 'lets pictures through to where the provider sends them',
    facts: { media: [picture], mediaLimits: within, place: placeIn('CA') },
    verdict: send,
  },
  {
    name: 'refuses them elsewhere',
    facts: { media: [picture], mediaLimits: within, place: placeIn('AU') },
    verdict: refuse('media_country_not_supported', { country: 'AU' }),
  },
  {
    name: 'refuses them to a number of no country',
    facts: { media: [picture], mediaLimits: within, place: placeIn(null) },
    verdict: refuse('media_country_not_supported', { country: 'none' }),
  },
  {
    name: 'refuses one that is gone',
    facts: { media: [picture, null], mediaLimits },
    verdict: refuse('media_missing'),
  },
];
