import type { WebhookDelivery } from '@signalbox/engine/integrations/contract';
import { CircleAlert, CircleCheck, Clock, type LucideIcon } from 'lucide-react';
import { t, tOpen } from '../lib/translate.ts';
import { Signal, type SignalTone } from '../ui/signal.tsx';

const looks: Readonly<Record<WebhookDelivery['state'], readonly [SignalTone, LucideIcon]>> = {
  waiting: ['wait', Clock],
  delivered: ['live', CircleCheck],
  failed: ['stop', CircleAlert],
};

/** How far an event got, in words, with what was answered last. */
export function DeliveryState({ delivery }: { readonly delivery: WebhookDelivery }) {
  const [tone, icon] = looks[delivery.state];
  const answer =
    delivery.status === null
      ? delivery.error === null
        ? ''
        : tOpen(`delivery.error.${delivery.error}`, delivery.error)
      : String(delivery.status);
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-2">
      <Signal tone={tone} icon={icon} quiet>
        {t(`delivery.${delivery.state}`)}
      </Signal>
      {answer === '' ? null : <span className="num text-ink-3 text-xs">{answer}</span>}
    </span>
  );
}
