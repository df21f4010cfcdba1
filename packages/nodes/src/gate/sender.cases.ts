import { refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

export const cases: readonly GateCase[] = [
  { name: 'lets through where there is a number', facts: { hasSender: true }, verdict: send },
  { name: 'refuses where there is none', facts: { hasSender: false }, verdict: refuse('no_sender') },
  {
    name: 'refuses the answer to HELP as well',
    facts: { hasSender: false },
    exemption: 'compliance_answer',
    verdict: refuse('no_sender'),
  },
];
