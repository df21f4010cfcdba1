import type { Webhook } from '@signalbox/engine/integrations/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Ban, ChevronRight, CircleAlert, Ellipsis, Power, PowerOff, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { formatExact } from '../lib/format.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t, tOpen } from '../lib/translate.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { eventTypesQuery, webhookQuery } from './queries.ts';
import { useWebhookChange } from './use-webhook-change.ts';
import { WebhookDeliveries } from './webhook-deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { WebhookSecretSection } from './webhook-secret.tsx';
import { WebhookState } from './webhook-state.tsx';

/** One webhook: what it was told and what it said, its secret, and what it hears of. */
export function WebhookScreen() {
  const { webhookId } = useParams({ from: '/frame/settings/webhooks/$webhookId' });
  const found = useQuery(webhookQuery(webhookId));
  const types = useQuery(eventTypesQuery);
  const webhook = found.data;
  if (found.isError && problemFrom(found.error).status === 404) return <Missing />;
  const title = webhook === undefined ? '' : webhook.description === '' ? hostOf(webhook.url) : webhook.description;
  const problem = found.error ?? types.error;
  return (
    <>
      <TopBar
        pageTitle={title === '' ? t('webhooks.title') : title}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/settings/webhooks" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('webhooks.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {title}
            </h1>
          </nav>
        }
        state={webhook === undefined ? null : <WebhookState webhook={webhook} />}
      >
        {webhook === undefined ? null : <Actions webhook={webhook} title={title} />}
      </TopBar>
      {webhook === undefined ? null : <Trouble webhook={webhook} />}
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {found.isPending || types.isPending ? (
            <>
              <Skeleton className="h-32" />
              <Skeleton className="h-56" />
            </>
          ) : null}
          {problem === null ? null : (
            <ErrorState
              problem={problemFrom(problem)}
              onRetry={() => {
                void found.refetch();
                void types.refetch();
              }}
            />
          )}
          {webhook === undefined || types.data === undefined ? null : (
            <>
              <WebhookSecretSection key={`${webhook.id}-secret`} webhook={webhook} />
              <WebhookDeliveries key={`${webhook.id}-deliveries`} webhook={webhook} types={types.data} />
              <WebhookForm key={webhook.id} webhook={webhook} types={types.data} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

function Actions({ webhook, title }: { readonly webhook: Webhook; readonly title: string }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'disable' | 'remove' | null>(null);
  const test = useMutation({
    mutationFn: () => request('POST', `/webhooks/${webhook.id}/test`, { idempotencyKey: randomId() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      toast.success(t('webhook.test.sent'));
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  const change = useWebhookChange(webhook, (next) => t(next.enabled ? 'webhook.enable.done' : 'webhook.disable.done'));
  const remove = useMutation({
    mutationFn: () => request('DELETE', `/webhooks/${webhook.id}`, { revision: webhook.revision }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      toast.success(t('webhook.remove.done'));
      void navigate({ to: '/settings/webhooks' });
    },
    onError: (error) => toast.error(problemLine(problemFrom(error))),
    onSettled: () => setAsking(null),
  });
  return (
    <>
      <Menu
        trigger={
          <Button kind="ghost" size="icon" aria-label={t('webhook.more')}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {webhook.enabled ? (
          <MenuItem icon={PowerOff} onSelect={() => setAsking('disable')}>
            {t('webhook.disable')}
          </MenuItem>
        ) : null}
        <MenuItem icon={Trash2} danger onSelect={() => setAsking('remove')}>
          {t('webhook.remove')}
        </MenuItem>
      </Menu>
      <Button kind="primary" disabled={!webhook.enabled || test.isPending} onClick={() => test.mutate()}>
        <Send aria-hidden />
        <span className="max-sm:sr-only">{t('webhook.test')}</span>
      </Button>
      <Confirm
        open={asking === 'disable'}
        onOpenChange={(open) => open || setAsking(null)}
        title={t('webhook.disable.title', { name: title })}
        description={t('webhook.disable.text')}
        confirm={t('webhook.disable')}
        busy={change.isPending}
        onConfirm={() =>
          change.mutate({ method: 'PATCH', body: { enabled: false } }, { onSettled: () => setAsking(null) })
        }
      />
      <Confirm
        open={asking === 'remove'}
        onOpenChange={(open) => open || setAsking(null)}
        title={t('webhook.remove.title', { name: title })}
        description={t('webhook.remove.text')}
        confirm={t('webhook.remove')}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </>
  );
}

/** Why it is told of nothing, or since when it takes nothing, and what to do about it. */
function Trouble({ webhook }: { readonly webhook: Webhook }) {
  const change = useWebhookChange(webhook, () => t('webhook.enable.done'));
  if (webhook.enabled)
    return webhook.failing_since === null ? null : (
      <Banner
        tone="wait"
        icon={CircleAlert}
        title={t('webhook.failing.title')}
        text={t('webhook.failing.text', { at: formatExact(webhook.failing_since) })}
      />
    );
  const reason = webhook.disabled_reason ?? 'by_hand';
  return (
    <Banner
      tone={reason === 'by_hand' ? 'wait' : 'stop'}
      icon={Ban}
      title={tOpen(`webhook.disabled.${reason}`, reason)}
      text={t('webhook.disabled.text')}
    >
      <Button disabled={change.isPending} onClick={() => change.mutate({ method: 'PATCH', body: { enabled: true } })}>
        <Power aria-hidden />
        {t('webhook.enable')}
      </Button>
    </Banner>
  );
}

/** An address of a webhook that is not there. */
function Missing() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('webhooks.title')}</ScreenTitle>} pageTitle={t('webhook.missing.title')} />
      <MissingState title={t('webhook.missing.title')} text={t('webhook.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/settings/webhooks">{t('webhook.missing.action')}</Link>
        </Button>
      </MissingState>
    </>
  );
}
