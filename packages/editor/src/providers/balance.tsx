import type { Account } from '@signalbox/engine/accounts/contract';
import { TriangleAlert } from 'lucide-react';
import { formatMoney } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Signal } from '../ui/signal.tsx';
import { Time } from '../ui/time.tsx';

/** What is left in an account as people read it: money, or credits where the provider counts those. */
export function shownBalance(microUnits: string, currency: string | null): string {
  const amount = Number(microUnits) / 1_000_000;
  return currency === null ? t('account.balance.credits', { n: amount }) : formatMoney(amount, currency);
}

/** What was left in an account when it was last read, when that was, and below what somebody is warned. */
export function AccountBalance({ account: { balance, warn_below } }: { readonly account: Account }) {
  const place = 'w-44 text-sm max-md:w-full max-md:pl-13';
  if (balance === null) return <span className={`${place} text-ink-3`}>{t('providers.balance.unread')}</span>;
  const { micro_units, currency, read_at } = balance;
  if (micro_units === null) return <span className={`${place} text-ink-3`}>{t('providers.balance.none')}</span>;
  const limit = warn_below === null ? null : shownBalance(warn_below, currency);
  const isLow = warn_below !== null && Number(micro_units) < Number(warn_below);
  return (
    <span className={place}>
      <span className="num flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{shownBalance(micro_units, currency)}</span>
        <Time at={read_at} className="text-ink-3 text-xs" />
      </span>
      {limit === null ? null : isLow ? (
        <Signal tone="wait" icon={TriangleAlert}>
          {t('providers.balance.low', { amount: limit })}
        </Signal>
      ) : (
        <span className="num block text-ink-3 text-xs">{t('providers.balance.warns', { amount: limit })}</span>
      )}
    </span>
  );
}
