import { type RegistrationState, refuse, send } from './define-rule.ts';
import type { GateCase } from './gate-case.ts';
import { placeOfNumber } from './number-place.ts';

const from = (kind: string, registration: RegistrationState) => ({ sender: { kind, registration } });
const australia = { place: placeOfNumber('+61491570156') };

export const cases: readonly GateCase[] = [
  { name: 'lets through from a registered number', facts: from('long_code', 'registered'), verdict: send },
  { name: 'lets through where nobody knows', facts: from('long_code', 'unknown'), verdict: send },
  {
    name: 'refuses from a number that is known to have no campaign',
    facts: from('long_code', 'unregistered'),
    verdict: refuse('sender_unregistered', { register: '10DLC campaign' }),
  },
  {
    name: 'refuses while a toll-free number is being verified',
    facts: from('toll_free', 'pending'),
    verdict: refuse('registration_pending', { register: 'toll-free verification' }),
  },
  {
    name: 'refuses from a name that Australia’s register rejected',
    facts: { ...australia, ...from('alphanumeric', 'rejected'), now: new Date('2026-07-01T00:00:00Z') },
    verdict: refuse('registration_rejected', { register: 'SMS Sender ID Register' }),
  },
  {
    name: 'asks for no name of that register before there was one',
    facts: { ...australia, ...from('alphanumeric', 'unregistered'), now: new Date('2026-06-01T00:00:00Z') },
    verdict: send,
  },
  { name: 'asks nothing of a short code', facts: from('short_code', 'unregistered'), verdict: send },
  {
    name: 'asks nothing where the workspace chose that',
    facts: { ...from('long_code', 'unregistered'), settings: { registration: { unregistered: 'send' } } },
    verdict: send,
  },
];
