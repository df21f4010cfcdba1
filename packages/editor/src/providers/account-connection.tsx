import type { Account, AccountCheck, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, CircleDashed, CircleX, PlugZap } from 'lucide-react';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';
import { shownBalance } from './balance.tsx';

type Props = { readonly account: Account; readonly provider: ProviderDescription };

/** Asks the provider whether the account works, and shows what it said. */
export function AccountConnection({ account, provider }: Props) {
  const check = useMutation({
    mutationFn: () => request<AccountCheck>('POST', `/accounts/${account.id}/check`),
  });
  const said = check.data;
  return (
    <Section
      title={t('account.connection')}
      actions={
        <Button onClick={() => check.mutate()} disabled={check.isPending}>
          <PlugZap aria-hidden />
          {t('account.test')}
        </Button>
      }
    >
      <dl aria-live="polite" className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-2 text-sm">
        <dt className="text-ink-3">{t('account.id', { provider: provider.title })}</dt>
        <dd className="truncate font-mono text-xs">{account.external_id}</dd>
        <dt className="text-ink-3">{t('account.state')}</dt>
        <dd>
          {check.isPending ? (
            <span className="text-ink-2">{t('account.testing', { provider: provider.title })}</span>
          ) : said === undefined ? (
            <Signal tone="calm" icon={CircleDashed}>
              {t('account.not_tested')}
            </Signal>
          ) : said.ok ? (
            <Signal tone="live" icon={CircleCheck}>
              {t('account.works')}
            </Signal>
          ) : (
            <Signal tone="stop" icon={CircleX}>
              {t('account.works_not')}
            </Signal>
          )}
        </dd>
        {said === undefined || check.isPending ? null : (
          <>
            {said.ok ? (
              <>
                <dt className="text-ink-3">{t('account.balance')}</dt>
                <dd className="num">{balanceOf(said, provider.title)}</dd>
              </>
            ) : null}
            <dt className="text-ink-3">{t('account.checked')}</dt>
            <dd>
              <Time at={said.checked_at} />
            </dd>
          </>
        )}
      </dl>
      {said?.reason === null || said?.reason === undefined || check.isPending ? null : (
        <div role="alert" className="mt-3">
          <FieldProblem
            note={{ severity: 'error', title: `${said.reason.text}.`, action: t('account.works_not.action') }}
          />
        </div>
      )}
      {check.isError ? (
        <div role="alert" className="mt-3">
          <FieldProblem note={{ severity: 'error', title: problemLine(problemFrom(check.error)), action: '' }} />
        </div>
      ) : null}
    </Section>
  );
}

function balanceOf({ balance }: AccountCheck, provider: string): string {
  if (balance === null) return t('account.balance.none', { provider });
  return shownBalance(balance.micro_units, balance.currency);
}
