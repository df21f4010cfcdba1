import { Trash2 } from 'lucide-react';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import {
  type Draft,
  fieldChoices,
  fieldLabel,
  freeField,
  operatorChoices,
  valueKind,
  withField,
  withOperator,
} from './condition-model.ts';

type Comparison = Extract<Draft, { kind: 'comparison' }>;

type RowProps = {
  readonly draft: Comparison;
  readonly label: string;
  readonly onChange: (draft: Draft) => void;
  readonly onRemove: (() => void) | null;
  readonly disabled: boolean;
};

/** One comparison: a field, how it is compared, and with what. */
export function ComparisonRow({ draft, label, onChange, onRemove, disabled }: RowProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-1.5 rounded-md bg-sunken p-1.5">
      <Combobox
        label={t('condition.field', { field: label })}
        value={draft.field}
        choices={withOwn(draft.field)}
        free={freeField}
        disabled={disabled}
        placeholder={t('condition.choose_field')}
        search={t('condition.search_field')}
        onChange={(field) => onChange(withField(draft, field))}
      />
      <div className="flex min-w-0 gap-1">
        <Select
          label={t('condition.operator', { field: fieldLabel(draft.field) })}
          value={draft.op}
          choices={operatorChoices(draft.field)}
          disabled={disabled}
          onChange={(op) => onChange(withOperator(draft, op))}
        />
        {onRemove === null || disabled ? null : (
          <IconButton icon={Trash2} label={t('condition.remove')} size="icon-sm" className="h-9" onClick={onRemove} />
        )}
      </div>
      {valueKind(draft.op) === 'none' ? null : (
        <div className="col-span-2">
          <Value draft={draft} disabled={disabled} onChange={(value) => onChange({ ...draft, value })} />
        </div>
      )}
    </div>
  );
}

function withOwn(field: string) {
  const choices = fieldChoices();
  return field === '' || choices.some((choice) => choice.value === field)
    ? choices
    : [...choices, { value: field, label: fieldLabel(field) }];
}

const numberOf = (text: string): number | null =>
  text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
const shownNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

function Value({
  draft,
  disabled,
  onChange,
}: {
  readonly draft: Comparison;
  readonly disabled: boolean;
  readonly onChange: (value: unknown) => void;
}) {
  const name = t('condition.value', { field: fieldLabel(draft.field) });
  const value = draft.value;
  switch (valueKind(draft.op)) {
    case 'texts':
      return (
        <Input
          aria-label={name}
          disabled={disabled}
          placeholder={t('condition.list_hint')}
          defaultValue={Array.isArray(value) ? value.join(', ') : ''}
          onChange={(event) =>
            onChange(
              event.target.value
                .split(',')
                .map((part) => part.trim())
                .filter((part) => part !== ''),
            )
          }
        />
      );
    case 'number':
      return (
        <Input
          aria-label={name}
          type="number"
          step="any"
          className="num"
          disabled={disabled}
          value={shownNumber(value)}
          onChange={(event) => onChange(numberOf(event.target.value))}
        />
      );
    case 'days':
      return (
        <div className="flex items-center gap-2">
          <Input
            aria-label={name}
            type="number"
            min={1}
            className="num w-24"
            disabled={disabled}
            value={shownNumber(value)}
            onChange={(event) => onChange(numberOf(event.target.value))}
          />
          <span className="text-ink-2">{t('form.days')}</span>
        </div>
      );
    case 'range': {
      const [low, high]: unknown[] = Array.isArray(value) ? value : [];
      return (
        <div className="flex items-center gap-2">
          <Input
            aria-label={t('condition.low')}
            type="number"
            step="any"
            className="num"
            disabled={disabled}
            value={shownNumber(low)}
            onChange={(event) => onChange([numberOf(event.target.value), high ?? null])}
          />
          <span className="text-ink-2">{t('condition.and')}</span>
          <Input
            aria-label={t('condition.high')}
            type="number"
            step="any"
            className="num"
            disabled={disabled}
            value={shownNumber(high)}
            onChange={(event) => onChange([low ?? null, numberOf(event.target.value)])}
          />
        </div>
      );
    }
    case 'date':
      return (
        <Input
          aria-label={name}
          type="date"
          disabled={disabled}
          value={typeof value === 'string' ? value.slice(0, 10) : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return (
        <Input
          aria-label={name}
          disabled={disabled}
          maxLength={200}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}
