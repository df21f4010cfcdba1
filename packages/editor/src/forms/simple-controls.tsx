import { Switch } from 'radix-ui';
import { tr } from '../lib/translate.ts';
import { Input, Textarea } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type ControlProps, described } from './control-props.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One line of text. */
export function TextControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
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

/** Several lines of text. */
export function MultilineControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
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

/** A number with its unit. */
export function NumberControl({ id, ui, schema, value, onChange, problems, disabled }: ControlProps) {
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

/** One of the declared options. */
export function SelectControl({ id, label, ui, schema, value, onChange, problems, disabled }: ControlProps) {
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

/** Yes or no. */
export function ToggleControl({ id, label, value, onChange, disabled }: ControlProps) {
  return (
    <Switch.Root
      id={id}
      aria-label={label}
      checked={value === true}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative h-6 w-10 rounded-full bg-line-strong transition-colors data-[state=checked]:bg-action disabled:opacity-50"
    >
      <Switch.Thumb className="block size-5 translate-x-0.5 rounded-full bg-raised shadow-card transition-transform data-[state=checked]:translate-x-[18px]" />
    </Switch.Root>
  );
}
