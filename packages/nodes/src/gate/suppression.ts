import { defineRule, refuse, send } from './define-rule.ts';

/** Whoever asked for no more messages gets none, for whatever purpose; but the one that confirms it. */
export const suppression = defineRule({
  name: 'suppression',
  says: 'Numbers that opted out are never texted.',
  exempts: ['compliance_answer'],
  reasons: { suppressed: 'This number may not be texted' },
  decide: ({ suppressedReason }) =>
    suppressedReason === null ? send : refuse('suppressed', { reason: suppressedReason }),
});
