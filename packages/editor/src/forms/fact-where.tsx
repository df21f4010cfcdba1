import { operators, operatorsFor } from '@signalbox/nodes/flow/condition-fields';
import { Plus, Trash2 } from 'lucide-react';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type Comparison, readCondition, valueKind, withOperator, writeCondition } from './condition-model.ts';
import { ValueInput } from './value-input.tsx';

const dataPrefix = 'event.data.';
const most = 5;

const readWhere = (value: unknown): Comparison[] =>
  (Array.isArray(value) ? value : []).map(readCondition).filter((draft) => draft.kind === 'comparison');

/** What the data of an event is compared with; all of it has to fit. */
export function FactWhere({
  value,
  disabled,
  onChange,
}: {
  readonly value: unknown;
  readonly disabled: boolean;
  readonly onChange: (where: unknown) => void;
}) {
  const rows = readWhere(value);
  const write = (next: readonly Comparison[]) => onChange(next.length === 0 ? undefined : next.map(writeCondition));
  return (
    <>
      {rows.map((row, index) => {
        const set = (next: Comparison) => write(rows.with(index, next));
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity of their own
          <div key={index} className="grid grid-cols-2 gap-1.5 border-line border-l-2 pl-2">
            <Input
              aria-label={t('condition.data')}
              placeholder={t('condition.data')}
              disabled={disabled}
              maxLength={64}
              value={row.field.startsWith(dataPrefix) ? row.field.slice(dataPrefix.length) : row.field}
              onChange={(event) => set({ ...row, field: dataPrefix + event.target.value })}
            />
            <div className="flex min-w-0 gap-1">
              <Select
                label={t('condition.operator', { field: t('condition.data') })}
                value={row.op}
                choices={operatorsFor('any').map((op) => ({ value: op, label: tr(operators[op].label) }))}
                disabled={disabled}
                onChange={(op) => {
                  const next = withOperator(row, op);
                  if (next.kind === 'comparison') set(next);
                }}
              />
              {disabled ? null : (
                <IconButton
                  icon={Trash2}
                  label={t('condition.remove_data')}
                  size="icon-sm"
                  className="h-9"
                  onClick={() => write(rows.toSpliced(index, 1))}
                />
              )}
            </div>
            {valueKind(row.op) === 'none' ? null : (
              <div className="col-span-2">
                <ValueInput
                  draft={row}
                  own={[]}
                  disabled={disabled}
                  onChange={(next) => set({ ...row, value: next })}
                />
              </div>
            )}
          </div>
        );
      })}
      {disabled || rows.length >= most ? null : (
        <Button
          kind="ghost"
          size="sm"
          className="self-start"
          onClick={() => write([...rows, { kind: 'comparison', field: `${dataPrefix}total`, op: '>=', value: 1 }])}
        >
          <Plus aria-hidden />
          {t('condition.add_data')}
        </Button>
      )}
    </>
  );
}
