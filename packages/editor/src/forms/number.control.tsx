import { tr } from '../lib/translate.ts';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';

/** A number with its unit. */
function NumberControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
  return (
    <div className="flex items-center gap-2">
      <Input
        id={id}
        type="number"
        inputMode="numeric"
        className="num w-28"
        value={typeof value === 'number' ? String(value) : ''}
        min={schema.minimum}
        max={schema.maximum}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
        {...described(id, problems)}
      />
      {ui?.unit === undefined ? null : <span className="text-ink-2">{tr(ui.unit)}</span>}
    </div>
  );
}

export const declared = {
  name: 'number',
  draws: ['number'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: NumberControl };
