import type { NodeCase } from '../../define/node-case.ts';
import type { ConsentState } from '../../define/ports.ts';

const checked = (outlet: 'yes' | 'no', state: ConsentState): NodeCase['expect'] => ({
  decision: { kind: 'next', outlet, reason: { code: 'consent_checked', values: { purpose: 'marketing', state } } },
  summary: 'Did they agree to marketing?',
});

export const cases: readonly NodeCase[] = [
  { name: 'granted', config: {}, state: { consent: { marketing: 'granted' } }, expect: checked('yes', 'granted') },
  { name: 'taken back', config: {}, state: { consent: { marketing: 'revoked' } }, expect: checked('no', 'revoked') },
  {
    name: 'never asked, though agreed to something else',
    config: { purpose: 'marketing' },
    state: { consent: { transactional: 'granted' } },
    expect: checked('no', 'none'),
  },
  { name: 'refuses a purpose it does not know', config: { purpose: 'fun' }, expect: { invalid: ['purpose'] } },
];
