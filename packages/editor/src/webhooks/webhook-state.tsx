import type { Webhook } from '@signalbox/engine/integrations/contract';
import { Ban, CircleAlert, CircleCheck } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';

/** Whether a webhook is told of events, and whether it takes them. */
export function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  if (!webhook.enabled)
    return (
      <Signal tone={webhook.disabled_reason === 'by_hand' ? 'calm' : 'stop'} icon={Ban}>
        {t('webhook.disabled')}
      </Signal>
    );
  return webhook.failing_since === null ? (
    <Signal tone="live" icon={CircleCheck}>
      {t('webhook.enabled')}
    </Signal>
  ) : (
    <Signal tone="wait" icon={CircleAlert}>
      {t('webhook.failing')}
    </Signal>
  );
}
