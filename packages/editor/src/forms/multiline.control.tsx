import { tr } from '../lib/translate.ts';
import { Textarea } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Several lines of text. */
function MultilineControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
  return (
    <Textarea
      id={id}
      rows={4}
      value={textOf(value)}
      disabled={disabled}
      maxLength={schema.maxLength}
      placeholder={ui?.placeholder === undefined ? undefined : tr(ui.placeholder)}
      onChange={(event) => onChange(event.target.value)}
      {...described(id, problems)}
    />
  );
}

export const declared = {
  name: 'multiline',
  draws: ['text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MultilineControl };
