import type { EventTypeDescription, Webhook, WebhookDelivery } from '@signalbox/engine/integrations/contract';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { More } from '../ui/more.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { DeliveryState } from './delivery-state.tsx';
import { deliveriesQuery } from './queries.ts';

const DeliveryDialog = lazy(() =>
  import('./delivery-dialog.tsx').then((module) => ({ default: module.DeliveryDialog })),
);

const everything = 'all';
/** What the webhook was told, the newest first, and sending again what it did not take. */
export function WebhookDeliveries({
  webhook,
  types,
}: {
  readonly webhook: Webhook;
  readonly types: readonly EventTypeDescription[];
}) {
  const [state, setState] = useState(everything);
  const [type, setType] = useState(everything);
  const [opened, setOpened] = useState<WebhookDelivery | null>(null);
  const [replaying, setReplaying] = useState(false);
  const filter = { state: state === everything ? '' : state, type: type === everything ? '' : type };
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook.id, filter));
  const rows = deliveries.data?.pages.flatMap((page) => page.data) ?? [];
  const titleOf = ({ type: name }: WebhookDelivery): string => {
    const known = types.find((each) => each.type === name);
    return known === undefined ? t('delivery.test') : tr(known.title);
  };
  return (
    <Section
      title={t('webhook.deliveries')}
      text={t('webhook.deliveries.text')}
      actions={
        <Button disabled={!webhook.enabled} onClick={() => setReplaying(true)}>
          <RotateCcw aria-hidden />
          {t('webhook.replay_failed')}
        </Button>
      }
    >
      <div className="mb-3 flex flex-wrap gap-2">
        <Select
          label={t('webhook.deliveries.state')}
          className="w-44 max-sm:flex-1"
          value={state}
          choices={[
            { value: everything, label: t('webhook.deliveries.state.all') },
            ...(['waiting', 'delivered', 'failed'] as const).map((value) => ({ value, label: t(`delivery.${value}`) })),
          ]}
          onChange={setState}
        />
        <Select
          label={t('webhook.deliveries.type')}
          className="w-56 max-sm:flex-1"
          value={type}
          choices={[
            { value: everything, label: t('webhook.deliveries.type.all') },
            ...types.map((each) => ({ value: each.type, label: tr(each.title) })),
          ]}
          onChange={setType}
        />
      </div>
      {deliveries.isPending ? <SkeletonRows label={t('loading')} rows={3} /> : null}
      {deliveries.isError ? (
        <ErrorState problem={problemFrom(deliveries.error)} onRetry={() => void deliveries.refetch()} />
      ) : null}
      {deliveries.isSuccess && rows.length === 0 ? (
        <p className="py-6 text-center text-ink-2">
          {t(state === everything && type === everything ? 'webhook.deliveries.none' : 'webhook.deliveries.none_found')}
        </p>
      ) : null}
      {rows.length === 0 ? null : (
        <ul aria-label={t('webhook.deliveries')} className="divide-y divide-line rounded-md border border-line">
          {rows.map((delivery) => (
            <li
              key={delivery.id}
              className="relative flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2 transition-colors hover:bg-hover/60 has-[button:focus-visible]:outline-2 has-[button:focus-visible]:outline-focus has-[button:focus-visible]:-outline-offset-2"
            >
              <button
                type="button"
                onClick={() => setOpened(delivery)}
                className="min-w-0 flex-1 truncate text-left font-medium text-sm outline-none after:absolute after:inset-0 max-md:basis-full"
              >
                {titleOf(delivery)}
                <code className="block truncate font-normal text-ink-3 text-xs">{delivery.type}</code>
              </button>
              <span className="w-44 max-md:w-auto max-md:flex-1">
                <DeliveryState delivery={delivery} />
              </span>
              <Time at={delivery.created_at} className="w-24 text-right text-ink-3 text-sm" />
            </li>
          ))}
        </ul>
      )}
      <More list={deliveries} className="pt-3 text-center" />
      <ReplayFailed webhook={webhook} open={replaying} onClose={() => setReplaying(false)} />
      <Suspense fallback={null}>
        {opened === null ? null : (
          <DeliveryDialog
            webhook={webhook}
            deliveryId={opened.id}
            title={titleOf(opened)}
            onClose={() => setOpened(null)}
          />
        )}
      </Suspense>
    </Section>
  );
}

const hourMs = 3_600_000;
const spans = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs, month: 30 * 24 * hourMs } as const;
const spanNames = ['hour', 'day', 'week', 'month'] as const;

function ReplayFailed({
  webhook,
  open,
  onClose,
}: {
  readonly webhook: Webhook;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const [span, setSpan] = useState<(typeof spanNames)[number]>('day');
  const replay = useMutation({
    mutationFn: () =>
      request<{ readonly replayed: number }>('POST', `/webhooks/${webhook.id}/replay-failed`, {
        body: { since: new Date(Date.now() - spans[span]).toISOString() },
        idempotencyKey: randomId(),
      }),
    onSuccess: ({ replayed }) => {
      void queryClient.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      toast.success(t('webhook.replay_failed.done', { n: replayed }));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
    onSettled: onClose,
  });
  return (
    <Confirm
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={t('webhook.replay_failed.title')}
      description={t('webhook.replay_failed.text')}
      confirm={t('webhook.replay_failed')}
      busy={replay.isPending}
      onConfirm={() => replay.mutate()}
    >
      <Select
        label={t('webhook.replay_failed.since')}
        value={span}
        choices={spanNames.map((value) => ({ value, label: t(`webhook.replay_failed.${value}`) }))}
        onChange={(value) => setSpan(spanNames.find((name) => name === value) ?? 'day')}
      />
    </Confirm>
  );
}
