import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { formatTenths } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

type Arm = { readonly id: string; readonly label: string; readonly weight: number | null };

const mostArms = 8;

function readArms(value: unknown): Arm[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((each) => ({
    id: String(each.id ?? ''),
    label: typeof each.label === 'string' ? each.label : '',
    weight: typeof each.weight === 'number' ? each.weight : null,
  }));
}

/** An id that outlives every change of the label. */
function freshId(arms: readonly Arm[]): string {
  for (let n = arms.length + 1; ; n += 1) if (!arms.some((arm) => arm.id === `arm_${n}`)) return `arm_${n}`;
}

/** Arms with their weights, and the share that each weight comes to; the first is the control. */
function ArmsControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const arms = readArms(value);
  const weights = arms.reduce((total, arm) => total + (arm.weight ?? 0), 0);
  const set = (index: number, part: Partial<Arm>) => {
    const old = arms[index];
    if (old !== undefined) onChange(arms.with(index, { ...old, ...part }));
  };
  return (
    <div id={id} className="flex flex-col gap-1.5">
      {arms.map((arm, index) => (
        <div key={arm.id} className="flex flex-col gap-1">
          <div className="flex items-center gap-1.5">
            <Input
              id={`${id}-${index}-label`}
              aria-label={t(index === 0 ? 'arms.control.name' : 'arms.name', { n: index + 1 })}
              placeholder={index === 0 ? t('arms.control') : undefined}
              value={arm.label}
              maxLength={40}
              disabled={disabled}
              onChange={(event) => set(index, { label: event.target.value })}
            />
            <Input
              id={`${id}-${index}-weight`}
              aria-label={t('arms.weight', { n: index + 1 })}
              type="number"
              inputMode="numeric"
              min={0}
              className="num w-18 shrink-0"
              value={arm.weight === null ? '' : String(arm.weight)}
              disabled={disabled}
              onChange={(event) =>
                set(index, { weight: event.target.value === '' ? null : event.target.valueAsNumber })
              }
            />
            <span className="num w-13 shrink-0 text-right text-ink-2 text-sm">
              {weights === 0 || arm.weight === null ? '–' : formatTenths(arm.weight / weights)}
            </span>
            {disabled ? null : (
              <IconButton
                icon={Trash2}
                size="icon-sm"
                label={t('form.remove_row', { n: index + 1 })}
                disabled={arms.length <= 2}
                onClick={() => onChange(arms.filter((_, at) => at !== index))}
              />
            )}
          </div>
          {problemsAt(problems, index).map((problem) => (
            <FieldProblem key={problem.title} note={problem} />
          ))}
        </div>
      ))}
      {disabled || arms.length >= mostArms ? null : (
        <div>
          <Button size="sm" onClick={() => onChange([...arms, { id: freshId(arms), label: '', weight: 1 }])}>
            <Plus aria-hidden />
            {t('arms.add')}
          </Button>
        </div>
      )}
    </div>
  );
}

export const declared = {
  name: 'arms',
  draws: ['list of {id, label, weight}'],
  blank: [
    { id: 'arm_1', label: 'A', weight: 1 },
    { id: 'arm_2', label: 'B', weight: 1 },
  ],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: ArmsControl };
