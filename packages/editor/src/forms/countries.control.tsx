import { useMemo } from 'react';
import { t } from '../lib/translate.ts';
import { countryChoices } from '../people/country-choices.ts';
import { countryName } from '../people/country-name.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Chips } from './chips.tsx';
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
      <Chips
        chips={named.map(({ code, name }) => ({ key: code, name }))}
        onRemove={(code) => onChange(codes.filter((other) => other !== code))}
        disabled={disabled}
      />
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
