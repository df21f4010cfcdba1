import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { senderKindName, senderName } from '../people/sender-name.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Section } from '../ui/section.tsx';
import { SenderInput } from './sender-input.tsx';
import { kindOfAddress } from './sender-kinds.ts';
import { useAccountChange } from './use-account-change.ts';

type Props = { readonly account: Account; readonly provider: ProviderDescription };

/** What texts of the account come from: added and removed one by one. */
export function AccountSenders({ account, provider }: Props) {
  const [address, setAddress] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  const senderKind = kind ?? kindOfAddress(address, provider.senders);
  const add = useAccountChange(account, () => t('account.sender.added', { address: address.trim() }));
  const [leaving, setLeaving] = useState('');
  const remove = useAccountChange(account, () => t('account.sender.removed', { address: leaving }));
  const problem = add.isError ? problemFrom(add.error) : remove.isError ? problemFrom(remove.error) : null;
  const above = formNote(problem, ['address', 'kind'], {
    title: t('account.changed_elsewhere'),
    action: t('account.save_again'),
  });
  const notes = [...(above === null ? [] : [above]), ...fieldNotes(problem, 'address'), ...fieldNotes(problem, 'kind')];
  const only = account.senders.length === 1;
  return (
    <Section title={t('account.senders')} text={t('account.senders.text')}>
      <ul aria-label={t('account.senders')} className="mb-4 divide-y divide-line rounded-md border border-line">
        {account.senders.map((sender) => (
          <li key={sender.id} className="flex min-h-11 items-center gap-3 py-1 pr-1.5 pl-3">
            <bdi className="num min-w-0 flex-1 truncate font-medium">{senderName(sender.address)}</bdi>
            <span className="text-ink-3 text-sm">{senderKindName(sender.kind)}</span>
            <IconButton
              icon={X}
              size="icon-sm"
              label={t('account.sender.remove', { address: senderName(sender.address) })}
              hint={only ? t('account.sender.last') : undefined}
              aria-disabled={only || remove.isPending || undefined}
              onClick={() => {
                if (only || remove.isPending) return;
                setLeaving(senderName(sender.address));
                remove.mutate({ method: 'DELETE', path: `/senders/${sender.id}` });
              }}
            />
          </li>
        ))}
      </ul>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(
            { method: 'POST', path: '/senders', body: { address: address.trim(), kind: senderKind } },
            {
              onSuccess: () => {
                setAddress('');
                setKind(null);
              },
            },
          );
        }}
      >
        <Field id="sender-address" label={t('account.sender.add')} notes={notes}>
          <SenderInput
            id="sender-address"
            provider={provider}
            address={address}
            kind={senderKind}
            onAddress={setAddress}
            onKind={setKind}
            describedBy="sender-address-problems"
            invalid={notes.length > 0}
          >
            <Button type="submit" disabled={address.trim() === '' || add.isPending}>
              <Plus aria-hidden />
              {t('account.sender.add')}
            </Button>
          </SenderInput>
        </Field>
      </form>
    </Section>
  );
}
