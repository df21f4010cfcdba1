import type { Reach } from '@signalbox/engine/segments/contract';
import { BadgeCheck, Ban, PhoneOff } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

const agreed = {
  marketing: 'segments.agreed',
  transactional: 'segments.agreed.transactional',
  conversational: 'segments.agreed.conversational',
  otp: 'segments.agreed.otp',
} as const;
const isNamed = (purpose: string): purpose is keyof typeof agreed => Object.hasOwn(agreed, purpose);

/** Who of some people can be written to: always beside how many they are. Other consents than to marketing where somebody gave them. */
export function ReachLine({ reach, label }: { readonly reach: Reach; readonly label: string }) {
  const { blocked, unreachable, consenting } = reach;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-x-3 gap-y-1">
      {consenting.map(({ purpose, people }) =>
        isNamed(purpose) && (people > 0 || purpose === 'marketing') ? (
          <li key={purpose}>
            <Signal tone={people > 0 ? 'live' : 'calm'} icon={BadgeCheck} quiet>
              {t(agreed[purpose], { n: people })}
            </Signal>
          </li>
        ) : null,
      )}
      <li>
        <Signal tone={blocked > 0 ? 'stop' : 'calm'} icon={Ban} quiet>
          {t('segments.blocked', { n: blocked })}
        </Signal>
      </li>
      {unreachable === 0 ? null : (
        <li>
          <Signal tone="wait" icon={PhoneOff} quiet>
            {t('segments.unreachable', { n: unreachable })}
          </Signal>
        </li>
      )}
    </ul>
  );
}
