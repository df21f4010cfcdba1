import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

/** Names and what each is worth. */
function WeightsControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const rows = isRecord(value) ? Object.entries(value) : [];
  const write = (next: ReadonlyArray<readonly [string, unknown]>) => onChange(Object.fromEntries(next));
  return (
    <div id={id} className="flex flex-col gap-1.5">
      {rows.map(([name, points], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being edited
        <div key={index} className="flex gap-1.5">
          <Input
            aria-label={t('form.weight_name', { n: index + 1 })}
            className="font-mono text-sm"
            value={name}
            maxLength={64}
            disabled={disabled}
            onChange={(event) => write(rows.with(index, [event.target.value, points]))}
          />
          <Input
            aria-label={t('form.weight_points', { name })}
            type="number"
            className="num w-24 shrink-0"
            value={typeof points === 'number' ? String(points) : ''}
            disabled={disabled}
            onChange={(event) =>
              write(rows.with(index, [name, event.target.value === '' ? null : event.target.valueAsNumber]))
            }
          />
          {disabled ? null : (
            <IconButton
              icon={Trash2}
              size="icon-sm"
              className="h-9"
              label={t('form.remove_row', { n: index + 1 })}
              disabled={rows.length === 1}
              onClick={() => write(rows.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {problems
        .filter((problem) => problem.path.length > 0)
        .map((problem) => (
          <FieldProblem key={problem.title} note={problem} />
        ))}
      {disabled ? null : (
        <Button size="sm" className="self-start" onClick={() => write([...rows, [`event.name_${rows.length + 1}`, 1]])}>
          <Plus aria-hidden />
          {t('form.add_event')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'weights',
  draws: ['numbers by name'],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: WeightsControl };
