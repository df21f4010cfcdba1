import type { ContactField } from '@signalbox/engine/contacts/contract';
import { consentOptions, consentPurpose } from '@signalbox/nodes/flow/condition-facts';
import { t } from '../lib/translate.ts';
import { Input } from '../ui/input.tsx';
import { type Choice, Select } from '../ui/select.tsx';
import { type Comparison, fieldLabel, ownField, valueKind } from './condition-model.ts';

/** Choices with the one that was made, whatever it is. */
export function withPresent(value: string, choices: readonly Choice[]): readonly Choice[] {
  return value === '' || choices.some((choice) => choice.value === value)
    ? choices
    : [...choices, { value, label: fieldLabel(value, []) }];
}

const numberOf = (text: string): number | null =>
  text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
const shownNumber = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

const optionsOf = (field: string, own: readonly ContactField[]): readonly Choice[] =>
  consentPurpose(field) === null
    ? (ownField(field, own)?.options ?? []).map((option) => ({ value: option, label: option }))
    : consentOptions.map((option) => ({ value: option, label: t(`condition.consent.${option}`) }));

/** What a value is compared with, by the operator. */
export function ValueInput({
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
  const options = optionsOf(draft.field, own);
  if (options.length > 0 && (draft.op === 'is' || draft.op === 'is_not')) {
    const chosen = typeof value === 'string' ? value : '';
    return (
      <Select
        label={name}
        value={chosen}
        placeholder={t('condition.choose_option')}
        choices={[...withPresent(chosen, options)]}
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
