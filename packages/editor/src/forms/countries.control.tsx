import { X } from 'lucide-react';
import { useMemo } from 'react';
import { t } from '../lib/translate.ts';
import { countryChoices } from '../people/country-choices.ts';
import { countryName } from '../people/country-name.ts';
import { Combobox } from '../ui/combobox.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

const codesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** Countries by name, chosen one at a time. */
function CountriesControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const codes = codesOf(value);
  const choices = useMemo(() => countryChoices.filter((choice) => !codes.includes(choice.value)), [codes]);
  const named = codes.map((code) => ({ code, name: countryName(code) })).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div className="flex flex-col gap-1.5">
      {named.length === 0 ? null : (
        <ul className="flex flex-wrap gap-1.5">
          {named.map(({ code, name }) => (
            <li
              key={code}
              className="inline-flex min-h-6.5 items-center rounded-md bg-action-soft ps-2 text-action text-sm"
            >
              <span className="pe-2">{name}</span>
              {disabled ? null : (
                <button
                  type="button"
                  aria-label={t('form.remove_keyword', { word: name })}
                  onClick={() => onChange(codes.filter((other) => other !== code))}
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
        onChange={(code) => onChange([...codes, code])}
        placeholder={t('form.add_country')}
        search={t('form.search_country')}
        invalid={problems.some(({ severity }) => severity === 'error')}
        disabled={disabled}
      />
    </div>
  );
}

export const declared = {
  name: 'countries',
  draws: ['list of text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: CountriesControl };
