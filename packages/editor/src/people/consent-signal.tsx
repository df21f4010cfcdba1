import type { Contact } from '@signalbox/engine/contacts/contract';
import { Ban, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { t, tOpen } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

/** Whether someone may be texted, in one word. */
export function ConsentSignal({ contact }: { readonly contact: Pick<Contact, 'consent' | 'suppressed'> }) {
  if (contact.suppressed !== null) {
    return (
      <Signal tone="stop" icon={Ban}>
        {t('consent.suppressed')}
      </Signal>
    );
  }
  const state = contact.consent.marketing ?? 'none';
  if (state === 'granted') {
    return (
      <Signal tone="live" icon={CircleCheck}>
        {t('consent.granted')}
      </Signal>
    );
  }
  return (
    <Signal tone={state === 'revoked' ? 'stop' : 'calm'} icon={state === 'revoked' ? CircleX : CircleMinus}>
      {tOpen(`consent.${state}`, state)}
    </Signal>
  );
}
