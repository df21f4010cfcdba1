import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Field, type FieldNote } from '../ui/field.tsx';
import type { Choice } from '../ui/select.tsx';

type Props = {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly search: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  readonly notes: readonly FieldNote[];
  readonly free?: (text: string) => Choice | null;
};

/** One of many choices under its label, with what it is for. */
export function ChoiceField({ id, label, help, search, value, choices, onChange, notes, free }: Props) {
  return (
    <Field id={id} label={label} help={help} notes={notes}>
      <Combobox
        id={id}
        label={label}
        value={value}
        choices={choices}
        onChange={onChange}
        placeholder={t('settings.choose')}
        search={search}
        invalid={notes.length > 0}
        free={free}
      />
    </Field>
  );
}
