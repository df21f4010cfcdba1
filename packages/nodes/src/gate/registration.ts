import { z } from 'zod';
import { hasBegun } from './begun.ts';
import { defineRule, type GateFacts, refuse, send } from './define-rule.ts';

const settings = z.object({
  unregistered: z
    .enum(['refuse', 'send'])
    .default('refuse')
    .meta({
      ui: {
        label: 'From a sender that is not registered where it has to be',
        control: 'select',
        options: [
          {
            value: 'refuse',
            label: 'Do not send',
            help: 'Carriers would drop the text or mark its sender as unverified.',
          },
          { value: 'send', label: 'Send all the same' },
        ],
      },
    }),
});

/** A duty to register, by where a text goes and what it comes from. */
type Duty = { readonly name: string; readonly country: string; readonly kind: string; readonly since: string };

/** Carriers of the USA drop what the Campaign Registry or a toll-free verification does not know; the ACMA’s register names senders. */
const duties: readonly Duty[] = [
  { name: '10DLC campaign', country: 'US', kind: 'long_code', since: '2025-02-01' },
  { name: 'toll-free verification', country: 'US', kind: 'toll_free', since: '2024-01-31' },
  { name: 'SMS Sender ID Register', country: 'AU', kind: 'alphanumeric', since: '2026-07-01' },
];

/** The registers that senders of a kind have to be in, by the country that a text goes to. */
export function dutiesOf(kind: string, now: Date): readonly Duty[] {
  return duties.filter((duty) => duty.kind === kind && hasBegun(duty.since, now));
}

/** Senders are registered where carriers or a law ask for it. What nobody knows of a sender is no reason to refuse. */
export const registration = defineRule({
  name: 'registration',
  title: 'Sender registration',
  says: 'Senders are registered where carriers or a law ask for it: 10DLC and toll-free numbers in the USA, names in Australia.',
  exempts: ['compliance_answer'],
  reasons: {
    sender_unregistered: 'The sender is not in the {register}',
    registration_pending: 'The sender’s {register} is not approved yet',
    registration_rejected: 'The sender’s {register} was rejected',
  },
  settings,
  decide: (facts, { unregistered }) => {
    if (unregistered === 'send') return send;
    const code = shortfall(facts);
    const { sender, place, now } = facts;
    const register = dutiesOf(sender?.kind ?? '', now).find(({ country }) => country === place.country)?.name ?? null;
    return code === null || register === null ? send : refuse(code, { register });
  },
});

function shortfall({ sender }: GateFacts): string | null {
  switch (sender?.registration) {
    case 'unregistered':
      return 'sender_unregistered';
    case 'pending':
      return 'registration_pending';
    case 'rejected':
      return 'registration_rejected';
    default:
      return null;
  }
}
