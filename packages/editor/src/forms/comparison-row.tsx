import { Trash2 } from 'lucide-react';
import { useContactFields } from '../lib/contact-fields.ts';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import {
  type Comparison,
  type Draft,
  factOf,
  fieldChoices,
  fieldLabel,
  freeFact,
  freeField,
  operatorChoices,
  valueKind,
  withField,
  withOperator,
} from './condition-model.ts';
import { useConditionPlace } from './condition-place.ts';
import { FactValue } from './fact-value.tsx';
import { ValueInput, withPresent } from './value-input.tsx';

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
  const place = useConditionPlace();
  const fact = factOf(draft.field);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-1.5 rounded-md bg-sunken p-1.5">
      <Combobox
        label={t('condition.field', { field: label })}
        value={draft.field}
        choices={withPresent(draft.field, fieldChoices(own, place))}
        free={place === 'segment' ? freeFact : freeField}
        disabled={disabled}
        placeholder={t('condition.choose_field')}
        search={t(place === 'segment' ? 'condition.search_fact' : 'condition.search_field')}
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
      {fact === null ? null : (
        <div className="col-span-2">
          <FactValue draft={draft} fact={fact} disabled={disabled} onChange={onChange} />
        </div>
      )}
      {fact !== null || valueKind(draft.op) === 'none' ? null : (
        <div className="col-span-2">
          <ValueInput draft={draft} own={own} disabled={disabled} onChange={(value) => onChange({ ...draft, value })} />
        </div>
      )}
    </div>
  );
}
