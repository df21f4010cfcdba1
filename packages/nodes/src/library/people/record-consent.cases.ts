import type { NodeCase } from '../../define/node-case.ts';

export const cases: readonly NodeCase[] = [
  {
    name: 'appends a grant with its wording',
    config: { purpose: 'marketing', wording: ' Text JOIN to get offers. ' },
    expect: {
      decision: {
        kind: 'next',
        outlet: 'next',
        reason: { code: 'consent_recorded', values: { purpose: 'marketing' } },
      },
      writes: { consent: [{ purpose: 'marketing', wording: 'Text JOIN to get offers.' }] },
      summary: 'They agree to marketing: “Text JOIN to get offers.”',
    },
  },
  { name: 'needs the wording', config: { purpose: 'marketing', wording: '  ' }, expect: { invalid: ['wording'] } },
  {
    name: 'refuses more than 1,000 characters',
    config: { wording: 'x'.repeat(1_001) },
    expect: { invalid: ['wording'] },
  },
];
