import type { OpeningHoursDocument } from '@signalbox/engine/access/contract';
import { Plus, Trash2 } from 'lucide-react';
import type { FlowProblem } from '../flow-model/flow-problems.ts';
import { problemsAt } from '../forms/control-props.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';

type Days = OpeningHoursDocument['closed_days'];
type DaysProps = {
  readonly days: Days;
  readonly problems: readonly FlowProblem[];
  readonly onChange: (days: Days) => void;
};

/** Days that are closed besides: a date each, and what it is. */
export function ClosedDays({ days, problems, onChange }: DaysProps) {
  const set = (index: number, part: Partial<Days[number]>) => {
    const old = days[index];
    if (old !== undefined) onChange(days.with(index, { ...old, ...part }));
  };
  return (
    <div className="flex flex-col gap-2">
      {days.map(({ date, name }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: date and name are what is being edited
        <div key={index} className="flex flex-col gap-1">
          <div className="flex items-center gap-2">
            <Input
              type="date"
              className="num w-40"
              aria-label={t('opening.day.date', { n: index + 1 })}
              value={date}
              onChange={(event) => set(index, { date: event.target.value })}
            />
            <Input
              className="min-w-0 flex-1"
              aria-label={t('opening.day.name', { n: index + 1 })}
              placeholder={t('opening.day.name.placeholder')}
              maxLength={80}
              dir="auto"
              value={name}
              onChange={(event) => set(index, { name: event.target.value })}
            />
            <IconButton
              icon={Trash2}
              size="icon-sm"
              label={t('opening.day.remove', { n: index + 1 })}
              onClick={() => onChange(days.toSpliced(index, 1))}
            />
          </div>
          {problemsAt(problems, index).map((problem) => (
            <FieldProblem key={problem.title} note={problem} />
          ))}
        </div>
      ))}
      <Button className="self-start" onClick={() => onChange([...days, { date: '', name: '' }])}>
        <Plus aria-hidden />
        {t('opening.day.add')}
      </Button>
    </div>
  );
}
