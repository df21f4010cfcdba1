import { Plus, Trash2 } from 'lucide-react';
import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, problemsAt } from './control-props.ts';

type Cap = { readonly messages: number | null; readonly hours: number | null };

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function capsOf(value: unknown): Cap[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isRecord)
    .map(({ messages, hours }) => ({ messages: numberOf(messages), hours: numberOf(hours) }));
}

/** So many messages in so many hours, a line each. */
function CapsControl({ id, value, onChange, problems, disabled }: ControlProps) {
  const caps = capsOf(value);
  const set = (index: number, part: Partial<Cap>) => {
    const old = caps[index];
    if (old !== undefined) onChange(caps.with(index, { ...old, ...part }));
  };
  return (
    <div id={id} className="flex flex-col gap-1.5">
      {caps.map((cap, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: both numbers are what is being edited
        <div key={index} className="flex flex-col gap-1">
          <div className="flex flex-wrap items-center gap-1.5">
            {(['messages', 'hours'] as const).map((part) => (
              <span key={part} className="flex items-center gap-1.5 text-sm">
                <Input
                  id={`${id}-${index}-${part}`}
                  type="number"
                  inputMode="numeric"
                  min={1}
                  className="num w-20"
                  value={cap[part] === null ? '' : String(cap[part])}
                  disabled={disabled}
                  onChange={(event) =>
                    set(index, { [part]: event.target.value === '' ? null : event.target.valueAsNumber })
                  }
                />
                <label htmlFor={`${id}-${index}-${part}`}>
                  {t(part === 'messages' ? 'caps.messages' : 'caps.hours')}
                </label>
              </span>
            ))}
            {disabled ? null : (
              <IconButton
                icon={Trash2}
                size="icon-sm"
                label={t('form.remove_row', { n: index + 1 })}
                onClick={() => onChange(caps.toSpliced(index, 1))}
              />
            )}
          </div>
          {problemsAt(problems, index).map((problem) => (
            <FieldProblem key={problem.title} note={problem} />
          ))}
        </div>
      ))}
      {disabled || caps.length >= 4 ? null : (
        <Button className="self-start" onClick={() => onChange([...caps, { messages: 4, hours: 168 }])}>
          <Plus aria-hidden />
          {t('caps.add')}
        </Button>
      )}
    </div>
  );
}

export const declared = {
  name: 'caps',
  draws: ['list of {hours, messages}'],
  blank: [{ messages: 4, hours: 168 }],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: CapsControl };
