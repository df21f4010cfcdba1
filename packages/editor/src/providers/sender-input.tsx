import type { ProviderDescription } from '@signalbox/engine/accounts/contract';
import type { ReactNode } from 'react';
import { phoneHint } from '../lib/format.ts';
import { useSession } from '../lib/session.ts';
import { t } from '../lib/translate.ts';
import { senderKindName } from '../people/sender-name.ts';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';

type SenderInputProps = {
  readonly id: string;
  readonly provider: ProviderDescription;
  readonly address: string;
  readonly kind: string;
  readonly onAddress: (address: string) => void;
  readonly onKind: (kind: string) => void;
  readonly describedBy: string;
  readonly invalid: boolean;
  /** What stands behind the two. */
  readonly children?: ReactNode;
};

/** A number or name to send from, and which kind of sender it is. */
export function SenderInput({
  id,
  provider,
  address,
  kind,
  onAddress,
  onKind,
  describedBy,
  invalid,
  children,
}: SenderInputProps) {
  const country = useSession()?.workspace.home_country ?? '';
  return (
    <div className="flex gap-2 max-sm:flex-col">
      <Input
        id={id}
        value={address}
        maxLength={20}
        placeholder={phoneHint(country)}
        autoComplete="off"
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        onChange={(event) => onAddress(event.target.value)}
      />
      <Select
        label={t('connect.kind')}
        value={kind}
        choices={provider.senders.map((each) => ({ value: each, label: senderKindName(each) }))}
        onChange={onKind}
        className="sm:w-56 sm:shrink-0"
      />
      {children}
    </div>
  );
}
