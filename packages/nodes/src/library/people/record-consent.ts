import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { formatMessage } from '../../text/format-message.ts';

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
  wording: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .meta({
      ui: {
        label: 'Wording shown',
        help: 'The text that people saw when they agreed, word for word. It is kept as evidence.',
        control: 'multiline',
      },
    }),
});

/**
 * Appends a grant to the consent ledger, with the wording shown and the message or event that brought the person here.
 *
 * @example { purpose: 'marketing', wording: 'Text JOIN to get offers by SMS. Text STOP to end.' }
 */
export const recordConsent = defineNode({
  type: 'record-consent',
  version: 1,
  title: 'Record consent',
  group: 'people',
  icon: 'file-check',
  docs: 'Keeps on record that a person agreed to messages: the purpose, the wording they saw and the text they sent.',
  effect: 'contact',
  config,
  summary: ({ purpose, wording }) => formatMessage(summaries[purpose], { wording }),
  outlets: () => [{ id: 'next', label: 'Next' }],
  consent: ({ purpose }) => ({ kind: 'establishes', purpose, outlet: 'next' }),
  reasons: { consent_recorded: 'Agreed to {purpose}' },
  run: ({ config: { purpose, wording }, ports }) => {
    ports.consent.record({ purpose, wording });
    return next('next', { code: 'consent_recorded', values: { purpose } });
  },
});

const summaries = {
  marketing: 'They agree to marketing: “{wording}”',
  transactional: 'They agree to transactional messages: “{wording}”',
} as const;
