import { next } from '../../define/decision.ts';
import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'lets the people of the audience in',
    config: {},
    expect: {
      decision: next('next', { code: 'campaign_entered' }),
      summary: 'The people of the campaign’s audience',
    },
  },
  { name: 'refuses what is no config', config: [], expect: { invalid: [] } },
];
