import type { Webhook } from '@signalbox/engine/integrations/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Webhook as WebhookIcon } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { eventTypesQuery, webhooksQuery } from './queries.ts';
import { WebhookState } from './webhook-state.tsx';

const AddWebhookDialog = lazy(() =>
  import('./add-webhook-dialog.tsx').then((module) => ({ default: module.AddWebhookDialog })),
);

/** The addresses that are told of what happens. */
export function WebhooksScreen() {
  const webhooks = useQuery(webhooksQuery);
  const types = useQuery(eventTypesQuery);
  const [adding, setAdding] = useState(false);
  const rows = webhooks.data ?? [];
  const commands = useMemo(
    (): AppCommand[] => [
      {
        id: 'webhooks.add',
        label: t('webhooks.add'),
        group: t('commands.group.create'),
        keys: ['KeyN'],
        run: () => setAdding(true),
      },
    ],
    [],
  );
  useCommands(commands);
  const problem = webhooks.error ?? types.error;
  return (
    <>
      <TopBar title={<ScreenTitle>{t('webhooks.title')}</ScreenTitle>} pageTitle={t('webhooks.title')}>
        <Button kind="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {t('webhooks.add')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {webhooks.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {problem === null ? null : (
            <ErrorState
              problem={problemFrom(problem)}
              onRetry={() => {
                void webhooks.refetch();
                void types.refetch();
              }}
            />
          )}
          {webhooks.isSuccess && rows.length === 0 ? (
            <EmptyState
              art={<WebhookIcon aria-hidden className="size-9 text-ink-3" />}
              title={t('webhooks.empty.title')}
              text={t('webhooks.empty.text')}
            >
              <Button kind="primary" onClick={() => setAdding(true)}>
                {t('webhooks.add')}
              </Button>
            </EmptyState>
          ) : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('webhooks.title')}
              heads={
                <>
                  <span className="flex-1">{t('webhooks.head.address')}</span>
                  <span className="w-32">{t('webhooks.head.types')}</span>
                  <span className="w-36">{t('webhooks.head.state')}</span>
                  <span className="w-24 text-right max-lg:hidden">{t('webhooks.head.added')}</span>
                </>
              }
            >
              {rows.map((webhook) => (
                <WebhookRow key={webhook.id} webhook={webhook} />
              ))}
            </ListCard>
          )}
        </div>
      </div>
      <Suspense fallback={null}>
        {adding && types.data !== undefined ? (
          <AddWebhookDialog types={types.data} onClose={() => setAdding(false)} />
        ) : null}
      </Suspense>
    </>
  );
}

function WebhookRow({ webhook }: { readonly webhook: Webhook }) {
  const named = webhook.description !== '';
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1">
      <div className="min-w-0 flex-1 max-md:basis-full">
        <Link
          to="/settings/webhooks/$webhookId"
          params={{ webhookId: webhook.id }}
          dir="auto"
          className="block truncate font-semibold outline-none after:absolute after:inset-0"
        >
          {named ? webhook.description : webhook.url}
        </Link>
        {named ? <p className="truncate text-ink-2 text-sm">{webhook.url}</p> : null}
      </div>
      <span className="num w-32 text-ink-2 text-sm max-md:w-auto">
        {t('webhooks.types', { n: webhook.types.length })}
      </span>
      <span className="w-36 max-md:w-auto">
        <WebhookState webhook={webhook} />
      </span>
      <Time at={webhook.created_at} className="w-24 text-right text-ink-3 text-sm max-lg:hidden" />
    </li>
  );
}
