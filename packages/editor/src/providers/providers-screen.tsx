import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FlaskConical, Plus, RadioTower } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { type AppCommand, useCommands } from '../lib/commands.ts';
import { formatPhone } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { providersQuery } from '../people/providers.ts';
import { Button } from '../ui/button.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { More } from '../ui/more.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { AccountBalance } from './balance.tsx';
import { ProviderMark } from './provider-mark.tsx';
import { accountsQuery } from './queries.ts';

const ConnectDialog = lazy(() => import('./connect-dialog.tsx').then((module) => ({ default: module.ConnectDialog })));

/** The accounts that texts go through. */
export function ProvidersScreen() {
  const accounts = useInfiniteQuery(accountsQuery);
  const providers = useQuery(providersQuery);
  const [connecting, setConnecting] = useState(false);
  const rows = accounts.data?.pages.flatMap((page) => page.data) ?? [];
  const commands = useMemo(
    (): AppCommand[] => [
      {
        id: 'providers.connect',
        label: t('providers.connect'),
        group: t('commands.group.create'),
        keys: ['KeyN'],
        run: () => setConnecting(true),
      },
    ],
    [],
  );
  useCommands(commands);
  const problem = accounts.error ?? providers.error;
  return (
    <>
      <TopBar
        title={<ScreenTitle>{t('providers.title')}</ScreenTitle>}
        pageTitle={t('providers.title')}
        state={
          accounts.isSuccess && !accounts.hasNextPage ? (
            <span className="num whitespace-nowrap text-ink-3 text-sm">{t('providers.total', { n: rows.length })}</span>
          ) : null
        }
      >
        <Button kind="primary" onClick={() => setConnecting(true)}>
          <Plus aria-hidden />
          {t('providers.connect')}
        </Button>
      </TopBar>
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-6xl px-4 py-5 md:px-8 md:py-7">
          {accounts.isPending ? (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <SkeletonRows label={t('loading')} rows={3} />
            </div>
          ) : null}
          {problem === null ? null : (
            <ErrorState
              problem={problemFrom(problem)}
              onRetry={() => {
                void accounts.refetch();
                void providers.refetch();
              }}
            />
          )}
          {accounts.isSuccess && rows.length === 0 ? (
            <EmptyState
              art={<RadioTower aria-hidden className="size-9 text-ink-3" />}
              title={t('providers.empty.title')}
              text={t('providers.empty.text')}
            >
              <Button kind="primary" onClick={() => setConnecting(true)}>
                {t('providers.connect')}
              </Button>
            </EmptyState>
          ) : null}
          {rows.length === 0 ? null : (
            <ListCard
              label={t('providers.title')}
              heads={
                <>
                  <span className="flex-1 pl-13 group-data-[density=compact]/list:pl-11">
                    {t('providers.head.account')}
                  </span>
                  <span className="w-52">{t('providers.head.senders')}</span>
                  <span className="w-44">{t('providers.head.balance')}</span>
                  <span className="w-44 max-xl:hidden">{t('providers.head.opt_outs')}</span>
                  <span className="w-24 text-right max-lg:hidden">{t('providers.head.added')}</span>
                </>
              }
            >
              {rows.map((account) => (
                <AccountRow
                  key={account.id}
                  account={account}
                  provider={providers.data?.find(({ type }) => type === account.provider)}
                />
              ))}
            </ListCard>
          )}
          <More list={accounts} className="pt-4 text-center" />
        </div>
      </div>
      <Suspense fallback={null}>
        {connecting && providers.data !== undefined ? (
          <ConnectDialog providers={providers.data} onClose={() => setConnecting(false)} />
        ) : null}
      </Suspense>
    </>
  );
}

/** Whose account, where, and what it sends from. */
function AccountRow({
  account,
  provider,
}: {
  readonly account: Account;
  readonly provider: ProviderDescription | undefined;
}) {
  const title = provider?.title ?? account.provider;
  const isDemo = provider !== undefined && account.base_url !== provider.base_url;
  const [first, ...others] = account.senders;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors hover:bg-hover/60 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-focus has-[a:focus-visible]:-outline-offset-2 md:group-data-[density=compact]/list:py-1 md:group-data-[density=compact]/list:[&>:first-child]:size-7">
      <ProviderMark title={title} />
      <div className="min-w-0 flex-1 md:group-data-[density=compact]/list:flex md:group-data-[density=compact]/list:items-baseline md:group-data-[density=compact]/list:gap-3">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/settings/providers/$accountId"
            params={{ accountId: account.id }}
            dir="auto"
            className="truncate font-semibold outline-none after:absolute after:inset-0"
          >
            {account.name}
          </Link>
          {isDemo ? <FlaskConical aria-label={t('providers.demo')} className="size-3.5 shrink-0 text-ink-3" /> : null}
        </div>
        <p className="truncate text-ink-2 text-sm">
          {title} <span className="font-mono text-ink-3 text-xs">{account.external_id}</span>
        </p>
      </div>
      <span className="num w-52 truncate text-sm max-md:w-full max-md:pl-13">
        <bdi>
          {first === undefined ? '' : first.kind === 'alphanumeric' ? first.address : formatPhone(first.address)}
        </bdi>
        {others.length === 0 ? null : (
          <span className="text-ink-3"> {t('providers.more_senders', { n: others.length })}</span>
        )}
      </span>
      <AccountBalance account={account} />
      <span className="w-44 truncate text-ink-2 text-sm max-xl:hidden">
        {t(account.opt_out_handling === 'signalbox' ? 'providers.answers.signalbox' : 'providers.answers.carrier')}
      </span>
      <Time at={account.created_at} className="w-24 text-right text-ink-3 text-sm max-lg:hidden" />
    </li>
  );
}
