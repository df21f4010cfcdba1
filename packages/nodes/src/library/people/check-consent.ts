import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

const config = z.object({
  purpose: z
    .enum(['marketing', 'transactional'])
    .default('marketing')
    .meta({
      ui: {
        label: 'Consent to',
        control: 'select',
        options: [
          { value: 'marketing', label: 'Marketing' },
          { value: 'transactional', label: 'Transactional messages' },
        ],
      },
    }),
});

/**
 * Asks the consent ledger. Only a grant that was not taken back is a yes.
 *
 * @example { purpose: 'marketing' }
 */
export const checkConsent = defineNode({
  type: 'check-consent',
  version: 1,
  title: 'Check consent',
  group: 'people',
  icon: 'shield-check',
  docs: 'Checks whether a person has agreed to messages for this purpose and has not withdrawn.',
  effect: 'none',
  config,
  summary: ({ purpose }) => summaries[purpose],
  outlets: () => [
    { id: 'yes', label: 'Agreed' },
    { id: 'no', label: 'Did not agree' },
  ],
  consent: ({ purpose }) => ({ kind: 'establishes', purpose, outlet: 'yes' }),
  reasons: { consent_checked: 'Consent to {purpose}: {state}' },
  run: async ({ config: { purpose }, ports }) => {
    const state = await ports.consent.state(purpose);
    return next(state === 'granted' ? 'yes' : 'no', { code: 'consent_checked', values: { purpose, state } });
  },
});

const summaries = {
  marketing: 'Did they agree to marketing?',
  transactional: 'Did they agree to transactional messages?',
} as const;
