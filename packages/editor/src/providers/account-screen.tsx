import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronRight, FlaskConical } from 'lucide-react';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { providersQuery } from '../people/providers.ts';
import { Button } from '../ui/button.tsx';
import { MissingState } from '../ui/missing-state.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';
import { ScreenTitle, TopBar } from '../ui/top-bar.tsx';
import { AccountAddresses } from './account-addresses.tsx';
import { AccountConnection } from './account-connection.tsx';
import { AccountForm } from './account-form.tsx';
import { AccountGuard } from './account-guard.tsx';
import { AccountSenders } from './account-senders.tsx';
import { Unverified } from './connect-dialog.tsx';
import { accountQuery } from './queries.ts';

/** One account at a provider: whether it works, what it sends from, what to enter there, and its credentials. */
export function AccountScreen() {
  const { accountId } = useParams({ from: '/frame/settings/providers/$accountId' });
  const account = useQuery(accountQuery(accountId));
  const providers = useQuery(providersQuery);
  if (account.isError && account.data === undefined && problemFrom(account.error).status === 404) return <Missing />;
  const provider = providers.data?.find(({ type }) => type === account.data?.provider);
  const problem = account.error ?? providers.error;
  const isDemo = account.data !== undefined && provider !== undefined && account.data.base_url !== provider.base_url;
  return (
    <>
      <TopBar
        pageTitle={account.data?.name ?? t('providers.title')}
        title={
          <nav aria-label={t('nav.crumbs')} className="flex min-w-0 items-center gap-1">
            <Link to="/settings/providers" className="rounded-md px-1 py-1 text-ink-3 hover:text-ink">
              {t('providers.title')}
            </Link>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            <h1 dir="auto" className="truncate px-1 text-lg">
              {account.data?.name ?? ''}
            </h1>
          </nav>
        }
        state={
          isDemo ? (
            <Signal tone="calm" icon={FlaskConical}>
              {t('providers.demo')}
            </Signal>
          ) : null
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 md:px-8 md:py-7">
          {account.isPending || providers.isPending ? (
            <>
              <Skeleton className="h-32" />
              <Skeleton className="h-56" />
            </>
          ) : null}
          {problem === null ? null : (
            <ErrorState
              problem={problemFrom(problem)}
              onRetry={() => {
                void account.refetch();
                void providers.refetch();
              }}
            />
          )}
          {account.data === undefined || provider === undefined ? null : (
            <Sections account={account.data} provider={provider} />
          )}
        </div>
      </div>
    </>
  );
}

function Sections({ account, provider }: { readonly account: Account; readonly provider: ProviderDescription }) {
  return (
    <>
      {provider.unverified === null ? null : <Unverified text={provider.unverified} />}
      <AccountConnection key={account.id} account={account} provider={provider} />
      <AccountSenders account={account} provider={provider} />
      <AccountAddresses account={account} provider={provider} />
      {provider.capabilities.signed ? null : <AccountGuard account={account} provider={provider} />}
      <AccountForm key={`${account.id}-form`} account={account} provider={provider} />
    </>
  );
}

/** An address of an account that is not there. */
function Missing() {
  return (
    <>
      <TopBar title={<ScreenTitle>{t('providers.title')}</ScreenTitle>} pageTitle={t('account.missing.title')} />
      <MissingState title={t('account.missing.title')} text={t('account.missing.text')}>
        <Button kind="primary" asChild>
          <Link to="/settings/providers">{t('account.missing.action')}</Link>
        </Button>
      </MissingState>
    </>
  );
}
