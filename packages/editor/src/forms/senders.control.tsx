import { useQuery } from '@tanstack/react-query';
import { sendersQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { senderKindName, senderName } from '../people/sender-name.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Chips } from './chips.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

const addressesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** Senders of the workspace, chosen one at a time. */
function SendersControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const senders = useQuery(sendersQuery);
  const addresses = addressesOf(value);
  const choices = (senders.data ?? [])
    .filter(({ address }) => !addresses.includes(address))
    .map(({ address, kind }) => ({ value: address, label: senderName(address), help: senderKindName(kind) }));
  return (
    <div className="flex flex-col gap-1.5">
      <Chips
        chips={addresses.map((address) => ({ key: address, name: senderName(address) }))}
        onRemove={(address) => onChange(addresses.filter((other) => other !== address))}
        disabled={disabled}
      />
      <Combobox
        id={id}
        label={label}
        value=""
        choices={choices}
        onChange={(address) => onChange([...addresses, address])}
        placeholder={t('form.add_sender')}
        search={t('form.search_sender')}
        invalid={problems.some(({ severity }) => severity === 'error')}
        disabled={disabled}
      />
    </div>
  );
}

export const declared = {
  name: 'senders',
  draws: ['list of text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: SendersControl };
