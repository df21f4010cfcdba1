import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { sendersQuery } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { senderKindName, senderName } from '../people/sender-name.ts';
import { Combobox } from '../ui/combobox.tsx';
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
      {addresses.length === 0 ? null : (
        <ul className="flex flex-wrap gap-1.5">
          {addresses.map((address) => (
            <li
              key={address}
              className="inline-flex min-h-6.5 items-center rounded-md bg-action-soft ps-2 text-action text-sm"
            >
              <bdi className="num pe-2">{senderName(address)}</bdi>
              {disabled ? null : (
                <button
                  type="button"
                  aria-label={t('form.remove_keyword', { word: senderName(address) })}
                  onClick={() => onChange(addresses.filter((other) => other !== address))}
                  className="grid size-6.5 shrink-0 place-items-center rounded-md opacity-70 hover:opacity-100"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
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
