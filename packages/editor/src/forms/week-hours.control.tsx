import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { cn } from '../lib/cn.ts';
import { weekdayName } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

/** Hours of some days of the week, as far as they are filled in. */
type Hours = { readonly days: readonly number[]; readonly from: string; readonly to: string };

const week = [1, 2, 3, 4, 5, 6, 7];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the control made of a value. */
export function hoursOf(value: unknown): Hours[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map(({ days, from, to }) => ({
    days: Array.isArray(days) ? days.filter((day) => typeof day === 'number') : [],
    from: textOf(from),
    to: textOf(to),
  }));
}

/** Hours of days of the week: which days, from when, until when. */
function WeekHoursControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const hours = hoursOf(value);
  const set = (index: number, part: Partial<Hours>) => {
    const old = hours[index];
    if (old !== undefined) onChange(hours.with(index, { ...old, ...part }));
  };
  const flip = (days: readonly number[], day: number) =>
    days.includes(day) ? days.filter((other) => other !== day) : [...days, day].sort((a, b) => a - b);
  return (
    <div id={id} className="flex flex-col gap-3">
      {hours.map(({ days, from, to }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: days and times are what is being edited
        <div key={index} className="flex flex-col gap-1.5">
          <fieldset className="flex flex-wrap gap-1" disabled={disabled}>
            <legend className="sr-only">{t('hours.days', { n: index + 1 })}</legend>
            {week.map((day) => (
              <button
                key={day}
                type="button"
                aria-pressed={days.includes(day)}
                onClick={() => set(index, { days: flip(days, day) })}
                className={cn(
                  'min-h-8 min-w-10 rounded-md border px-2 text-sm max-md:min-h-11',
                  days.includes(day) ? 'border-action bg-action-soft text-action' : 'border-line text-ink-2',
                )}
              >
                <span aria-hidden="true">{weekdayName(day, 'short')}</span>
                <span className="sr-only">{weekdayName(day, 'long')}</span>
              </button>
            ))}
          </fieldset>
          <div className="flex items-center gap-1.5">
            {(['from', 'to'] as const).map((edge) => (
              <span key={edge} className="flex items-center gap-1.5 text-sm">
                <label htmlFor={`${id}-${index}-${edge}`}>{t(edge === 'from' ? 'hours.from' : 'hours.to')}</label>
                <Input
                  id={`${id}-${index}-${edge}`}
                  className="num w-20"
                  inputMode="numeric"
                  placeholder={edge === 'from' ? '09:00' : '20:00'}
                  maxLength={5}
                  value={edge === 'from' ? from : to}
                  disabled={disabled}
                  onChange={(event) => set(index, { [edge]: event.target.value })}
                />
              </span>
            ))}
            {disabled ? null : (
              <IconButton
                icon={Trash2}
                size="icon-sm"
                label={t('form.remove_row', { n: index + 1 })}
                onClick={() => onChange(hours.toSpliced(index, 1))}
              />
            )}
          </div>
          {problemsAt(problems, index).map((problem) => (
            <FieldProblem key={`${problem.path.join('.')} ${problem.title}`} note={problem} />
          ))}
        </div>
      ))}
      {disabled || hours.length >= 14 ? null : (
        <Button
          className="self-start"
          onClick={() =>
            onChange([...hours, { days: hours.length === 0 ? [1, 2, 3, 4, 5] : [6], from: '09:00', to: '17:00' }])
          }
        >
          <Plus aria-hidden />
          {t('hours.add')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'week-hours',
  draws: ['list of {days, from, to}'],
  blank: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: WeekHoursControl };
