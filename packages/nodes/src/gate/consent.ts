import { defineRule, refuse, send } from './define-rule.ts';

/** Marketing needs a grant; what is transactional goes out unless it was revoked. */
export const consent = defineRule({
  name: 'consent',
  title: 'Consent',
  says: 'Marketing goes only to people who agreed to it; other messages to everyone who did not take consent back.',
  exempts: ['compliance_answer'],
  reasons: { no_consent: 'No consent to {purpose} messages' },
  decide: ({ purpose, consent: state }) => {
    const allowed = purpose === 'marketing' ? state === 'granted' : state !== 'revoked';
    return allowed ? send : refuse('no_consent', { purpose, consent: state });
  },
});
