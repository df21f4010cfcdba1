import { tr } from '../lib/translate.ts';
import { Select } from '../ui/select.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One of the declared options. */
function SelectControl({ id, label, ui, schema, value, onChange, problems, disabled }: ControlProps) {
  const choices =
    ui?.options?.map((option) => ({
      value: option.value,
      label: tr(option.label),
      help: option.help === undefined ? undefined : tr(option.help),
    })) ?? (schema.enum ?? []).map((each) => ({ value: String(each), label: String(each) }));
  return (
    <Select
      id={id}
      label={label}
      value={textOf(value)}
      choices={choices}
      onChange={onChange}
      disabled={disabled}
      invalid={problems.some((problem) => problem.severity === 'error')}
    />
  );
}

export const declared = {
  name: 'select',
  draws: ['choice'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: SelectControl };
