import { refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';

export const cases: readonly GateCase[] = [
  {
    name: 'lets marketing through to whoever agreed',
    facts: { purpose: 'marketing', consent: 'granted' },
    verdict: send,
  },
  ...(['none', 'revoked'] as const).map((state) => ({
    name: `refuses marketing where consent is ${state}`,
    facts: { purpose: 'marketing' as const, consent: state },
    verdict: refuse('no_consent', { purpose: 'marketing', consent: state }),
  })),
  ...(['none', 'granted'] as const).map((state) => ({
    name: `lets what is transactional through where consent is ${state}`,
    facts: { purpose: 'transactional' as const, consent: state },
    verdict: send,
  })),
  {
    name: 'refuses what is transactional to whoever took consent back',
    facts: { purpose: 'transactional', consent: 'revoked' },
    verdict: refuse('no_consent', { purpose: 'transactional', consent: 'revoked' }),
  },
  {
    name: 'does not ask about the answer to HELP',
    facts: { purpose: 'transactional', consent: 'revoked' },
    exemption: 'compliance_answer',
    verdict: send,
  },
];
