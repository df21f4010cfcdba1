import { refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

export const cases: readonly GateCase[] = [
  { name: 'lets through to a number that nothing is known of', facts: {}, verdict: send },
  {
    name: 'refuses whoever texted STOP, also what is transactional',
    facts: { suppressedReason: 'keyword_stop', purpose: 'transactional', consent: 'granted' },
    verdict: refuse('suppressed', { reason: 'keyword_stop' }),
  },
  {
    name: 'lets the confirmation of a STOP through',
    facts: { suppressedReason: 'keyword_stop' },
    exemption: 'compliance_answer',
    verdict: send,
  },
  {
    name: 'refuses numbers that begin as the workspace blocked',
    facts: { number: '+19005550123', settings: { suppression: { prefixes: ['+1900'] } } },
    verdict: refuse('prefix_blocked', { prefix: '+1900' }),
  },
];
