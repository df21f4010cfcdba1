import type { ContactField } from '@signalbox/engine/contacts/contract';
import { Trash2 } from 'lucide-react';
import { useContactFields } from '../lib/contact-fields.ts';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { type Choice, Select } from '../ui/select.tsx';
import {
  type Draft,
  fieldChoices,
  fieldLabel,
  freeField,
  operatorChoices,
  ownField,
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
  const own = useContactFields();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-1.5 rounded-md bg-sunken p-1.5">
      <Combobox
        label={t('condition.field', { field: label })}
        value={draft.field}
        choices={withPresent(draft.field, fieldChoices(own))}
        free={freeField}
        disabled={disabled}
        placeholder={t('condition.choose_field')}
        search={t('condition.search_field')}
        onChange={(field) => onChange(withField(draft, field, own))}
      />
      <div className="flex min-w-0 gap-1">
        <Select
          label={t('condition.operator', { field: fieldLabel(draft.field, own) })}
          value={draft.op}
          choices={operatorChoices(draft.field, own, draft.op)}
          disabled={disabled}
          onChange={(op) => onChange(withOperator(draft, op))}
        />
        {onRemove === null || disabled ? null : (
          <IconButton icon={Trash2} label={t('condition.remove')} size="icon-sm" className="h-9" onClick={onRemove} />
        )}
      </div>
      {valueKind(draft.op) === 'none' ? null : (
        <div className="col-span-2">
          <Value draft={draft} own={own} disabled={disabled} onChange={(value) => onChange({ ...draft, value })} />
        </div>
      )}
    </div>
  );
}

function withPresent(value: string, choices: readonly Choice[]): readonly Choice[] {
  return value === '' || choices.some((choice) => choice.value === value)
    ? choices
    : [...choices, { value, label: fieldLabel(value, []) }];
}

const numberOf = (text: string): number | null =>
  text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
const shownNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

function Value({
  draft,
  own,
  disabled,
  onChange,
}: {
  readonly draft: Comparison;
  readonly own: readonly ContactField[];
  readonly disabled: boolean;
  readonly onChange: (value: unknown) => void;
}) {
  const name = t('condition.value', { field: fieldLabel(draft.field, own) });
  const value = draft.value;
  const options = ownField(draft.field, own)?.options ?? [];
  if (options.length > 0 && (draft.op === 'is' || draft.op === 'is_not')) {
    const chosen = typeof value === 'string' ? value : '';
    const choices = options.map((option) => ({ value: option, label: option }));
    return (
      <Select
        label={name}
        value={chosen}
        placeholder={t('condition.choose_option')}
        choices={[...withPresent(chosen, choices)]}
        disabled={disabled}
        onChange={onChange}
      />
    );
  }
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
