import { z } from 'zod';
import { defineRule, refuse, send } from './define-rule.ts';

const settings = z.object({
  prefixes: z
    .array(z.string().regex(/^\+[1-9]\d{0,13}$/, { error: 'A plus and the first digits of numbers, such as +1900' }))
    .max(500)
    .default([])
    .meta({
      ui: {
        label: 'Numbers that begin with',
        help: 'Nobody whose number begins like this is ever texted, for whatever purpose.',
        control: 'entries',
      },
    }),
});

/** Whoever asked for no more messages gets none, for whatever purpose; but the one that confirms it. */
export const suppression = defineRule({
  name: 'suppression',
  title: 'Opt-outs and blocked numbers',
  says: 'Numbers that opted out, and those that you block, are never texted.',
  exempts: ['compliance_answer'],
  reasons: {
    suppressed: 'This number may not be texted',
    prefix_blocked: 'Numbers that begin with {prefix} are blocked',
  },
  settings,
  decide: ({ suppressedReason, number }, { prefixes }) => {
    if (suppressedReason !== null) return refuse('suppressed', { reason: suppressedReason });
    const prefix = prefixes.find((each) => number.startsWith(each));
    return prefix === undefined ? send : refuse('prefix_blocked', { prefix });
  },
});
