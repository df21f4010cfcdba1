import type { DeliveryDetail, Webhook, WebhookDelivery } from '@signalbox/engine/integrations/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { formatExact } from '../lib/format.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { DeliveryState } from './delivery-state.tsx';
import { deliveryQuery } from './queries.ts';

/** One event on its way to a webhook: what is sent, and what each request was answered with. */
export function DeliveryDialog({
  webhook,
  deliveryId,
  title,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly deliveryId: string;
  readonly title: string;
  readonly onClose: () => void;
}) {
  const found = useQuery(deliveryQuery(webhook.id, deliveryId));
  const delivery = found.data;
  const replay = useMutation({
    mutationFn: () =>
      request<WebhookDelivery>('POST', `/webhooks/${webhook.id}/deliveries/${deliveryId}/replay`, {
        idempotencyKey: randomId(),
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      toast.success(t('delivery.replayed'));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      width="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>{t('action.close')}</Button>
          <Button
            kind="primary"
            disabled={!webhook.enabled || replay.isPending || delivery === undefined || delivery.body === null}
            onClick={() => replay.mutate()}
          >
            <RotateCcw aria-hidden />
            {t('delivery.replay')}
          </Button>
        </>
      }
    >
      {found.isPending ? <Skeleton className="h-56" /> : null}
      {found.isError ? <ErrorState problem={problemFrom(found.error)} onRetry={() => void found.refetch()} /> : null}
      {delivery === undefined ? null : <Detail delivery={delivery} />}
    </Dialog>
  );
}

function Detail({ delivery }: { readonly delivery: DeliveryDetail }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <DeliveryState delivery={delivery} />
        {delivery.next_at === null ? null : (
          <span className="text-ink-2 text-sm">{t('delivery.next', { at: formatExact(delivery.next_at) })}</span>
        )}
        <code className="text-ink-3 text-xs">{delivery.event_id}</code>
      </div>
      <section aria-label={t('delivery.sent')}>
        <h3 className="mb-1 font-medium text-sm">{t('delivery.sent')}</h3>
        {delivery.body === null ? (
          <p className="text-ink-2 text-sm">{t('delivery.erased')}</p>
        ) : (
          <Text text={JSON.stringify(JSON.parse(delivery.body), null, 2)} />
        )}
      </section>
      <section aria-label={t('delivery.requests')}>
        <h3 className="mb-1 font-medium text-sm">{t('delivery.requests')}</h3>
        {delivery.attempts.length === 0 ? <p className="text-ink-2 text-sm">{t('delivery.requests.none')}</p> : null}
        <ol className="flex flex-col gap-2">
          {delivery.attempts.map((attempt) => (
            <li key={attempt.at} className="rounded-md border border-line px-3 py-2">
              <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
                <span className="num font-medium">
                  {attempt.status === null
                    ? tOpen(`delivery.error.${attempt.error ?? ''}`, attempt.error ?? '')
                    : t('delivery.answered', { status: String(attempt.status) })}
                </span>
                <span className="num text-ink-3">{t('delivery.took', { n: attempt.duration_ms })}</span>
                <time dateTime={attempt.at} className="num ml-auto text-ink-3">
                  {formatExact(attempt.at)}
                </time>
              </p>
              {attempt.response === '' ? null : (
                <div className="mt-1.5">
                  <Text text={attempt.response} />
                </div>
              )}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

/** What was sent or answered, letter by letter. */
function Text({ text }: { readonly text: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what is larger than its place is moved with the keyboard too
      tabIndex={0}
      className="thin-scroll max-h-72 overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs [overflow-wrap:anywhere]"
    >
      {text}
    </pre>
  );
}
