import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';

/** A length of time: an amount and a unit. */
function DurationControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const duration = isRecord(value) ? value : {};
  const amount = duration.amount;
  const unit = typeof duration.unit === 'string' ? duration.unit : 'days';
  return (
    <div className="flex gap-2">
      <Input
        id={id}
        type="number"
        inputMode="numeric"
        min={1}
        className="num w-24 shrink-0"
        value={typeof amount === 'number' ? String(amount) : ''}
        disabled={disabled}
        onChange={(event) => onChange({ amount: event.target.value === '' ? null : event.target.valueAsNumber, unit })}
        {...described(id, problems)}
      />
      <Select
        label={t('form.duration_unit', { field: label })}
        value={unit}
        disabled={disabled}
        onChange={(next) => onChange({ amount: typeof amount === 'number' ? amount : 1, unit: next })}
        choices={[
          { value: 'minutes', label: t('form.minutes') },
          { value: 'hours', label: t('form.hours') },
          { value: 'days', label: t('form.days') },
        ]}
      />
    </div>
  );
}

export const declared = {
  name: 'duration',
  draws: ['{amount, unit}'],
  blank: { amount: 2, unit: 'days' },
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: DurationControl };
