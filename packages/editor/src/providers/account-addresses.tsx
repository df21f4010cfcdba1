import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { Copy, KeyRound, RefreshCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { writeClipboard } from '../lib/clipboard.ts';
import { formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { FormProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Section } from '../ui/section.tsx';
import { useAccountChange } from './use-account-change.ts';

type Props = { readonly account: Account; readonly provider: ProviderDescription };

const isLocal = (url: string): boolean => /^https?:\/\/(127\.|localhost|\[::1\])/.test(url);

/** The addresses to enter at the provider, to be copied. */
export function AccountAddresses({ account, provider }: Props) {
  const [asking, setAsking] = useState(false);
  const renew = useAccountChange(account, () => t('account.new_addresses.done'));
  const names = { provider: provider.title };
  const isDemo = account.base_url !== provider.base_url;
  const problem = formNote(renew.isError ? problemFrom(renew.error) : null, [], {
    title: t('account.changed_elsewhere'),
    action: t('account.save_again'),
  });
  return (
    <Section
      title={t('account.addresses', names)}
      text={t('account.addresses.text')}
      actions={
        provider.capabilities.signed ? undefined : (
          <Button onClick={() => setAsking(true)}>
            <RefreshCw aria-hidden />
            {t('account.new_addresses')}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {provider.capabilities.signed ? null : (
          <p className="flex gap-2.5 rounded-md bg-wait-soft p-3 text-sm">
            <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
            {t('account.addresses.secret', names)}
          </p>
        )}
        <Address what={t('account.address.texts')} url={account.webhook_url} />
        <Address what={t('account.address.receipts')} url={account.status_url} />
        {isLocal(account.webhook_url) ? (
          <p className="flex gap-2 text-ink-2 text-sm">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
            <span>
              {t('account.address.local')}{' '}
              {isDemo ? null : t(provider.capabilities.polls ? 'account.address.asked' : 'account.address.deaf', names)}
            </span>
          </p>
        ) : null}
        <FormProblem note={problem} />
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('account.new_addresses.title', { name: account.name })}
        description={t('account.new_addresses.text', names)}
        confirm={t('account.new_addresses')}
        danger
        busy={renew.isPending}
        onConfirm={() => renew.mutate({ method: 'POST', path: '/new-address' }, { onSettled: () => setAsking(false) })}
      />
    </Section>
  );
}

function Address({ what, url }: { readonly what: string; readonly url: string }) {
  return (
    <div>
      <p className="mb-1 font-medium text-sm">{what}</p>
      <div className="flex items-center gap-1 rounded-md border border-line bg-sunken py-0.5 pr-0.5 pl-3">
        <code className="thin-scroll min-w-0 flex-1 overflow-x-auto whitespace-nowrap py-1 text-xs">{url}</code>
        <IconButton
          icon={Copy}
          size="icon-sm"
          label={t('account.address.copy', { what })}
          onClick={async () => {
            if (await writeClipboard(url)) toast.success(t('account.address.copied'));
          }}
        />
      </div>
    </div>
  );
}
