import { utmFields } from '@signalbox/nodes/text/utm';
import { Switch } from 'radix-ui';
import { isRecord } from '../flow-model/json-schema.ts';
import { t } from '../lib/translate.ts';
import { FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described, problemsAt } from './control-props.ts';

const nothing = { source: '', medium: '', campaign: '', content: '' };
/** What is there to begin with. */
const first = { ...nothing, source: 'signalbox', medium: 'sms' };

/** Whether links say where somebody came from, and what. */
function UtmControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const said = isRecord(value) ? value : null;
  const textOf = (field: (typeof utmFields)[number]): string => {
    const written = said?.[field];
    return typeof written === 'string' ? written : '';
  };
  return (
    <div className="flex flex-col gap-3">
      <Switch.Root
        id={id}
        aria-label={label}
        checked={said !== null}
        disabled={disabled}
        onCheckedChange={(asked) => onChange(asked ? first : null)}
        className="relative h-6 w-10 rounded-full bg-line-strong transition-colors data-[state=checked]:bg-action disabled:opacity-50"
      >
        <Switch.Thumb className="block size-5 translate-x-0.5 rounded-full bg-raised shadow-card transition-transform data-[state=checked]:translate-x-[18px]" />
      </Switch.Root>
      {said === null ? null : (
        <div className="grid grid-cols-2 gap-3">
          {utmFields.map((field) => {
            const own = problemsAt(problems, field);
            return (
              <div key={field} className="flex min-w-0 flex-col gap-1">
                <label htmlFor={`${id}-${field}`} className="text-ink-2 text-xs">
                  {t(`form.utm.${field}`)}
                </label>
                <Input
                  id={`${id}-${field}`}
                  value={textOf(field)}
                  maxLength={100}
                  disabled={disabled}
                  onChange={(event) => onChange({ ...nothing, ...said, [field]: event.target.value })}
                  {...described(`${id}-${field}`, own)}
                />
                {own.map((problem) => (
                  <FieldProblem key={problem.title} id={`${id}-${field}-problems`} note={problem} />
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

export const declared = {
  name: 'utm',
  draws: ['{campaign, content, medium, source}'],
  group: true,
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: UtmControl };
