import { tr } from '../lib/translate.ts';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One line of text. */
function TextControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
  return (
    <Input
      id={id}
      value={textOf(value)}
      disabled={disabled}
      maxLength={schema.maxLength}
      placeholder={ui?.placeholder === undefined ? undefined : tr(ui.placeholder)}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      {...described(id, problems)}
    />
  );
}

export const declared = {
  name: 'text',
  draws: ['text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TextControl };
