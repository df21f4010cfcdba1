import type { Problem } from '@signalbox/engine/http/contract';
import { fieldNotes } from '../lib/form-problems.ts';
import { t } from '../lib/translate.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** Days as they are being typed. */
export type Windows = { readonly window_days: string; readonly delivery_days: string };

/** Within how many days after a click, and after a delivery, what somebody does is put down to it. */
export function WindowFields({
  windows,
  problem,
  onChange,
}: {
  readonly windows: Windows;
  readonly problem: Problem | null;
  readonly onChange: (windows: Windows) => void;
}) {
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {(['window_days', 'delivery_days'] as const).map((key) => (
        <Field
          key={key}
          id={`goal-${key}`}
          label={t(`goals.${key}`)}
          help={t(`goals.${key}.help`)}
          notes={fieldNotes(problem, key)}
        >
          <Input
            id={`goal-${key}`}
            type="number"
            min={1}
            max={90}
            className="num w-24"
            value={windows[key]}
            aria-describedby={`goal-${key}-help goal-${key}-problems`}
            onChange={(event) => onChange({ ...windows, [key]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}
