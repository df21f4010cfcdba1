import { useState } from 'react';
import { isComposing } from '../lib/keys.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Chips } from './chips.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described, problemsAt } from './control-props.ts';

const entriesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** A list of short texts that may hold blanks: one is added at a time, or several that are pasted with commas or lines between. */
function EntriesControl({ id, label, ui, value, onChange, problems, disabled }: ControlProps) {
  const entries = entriesOf(value);
  const [draft, setDraft] = useState('');
  const add = (text: string) => {
    const given = text
      .split(/[,;\n]+/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    setDraft('');
    if (given.length > 0) onChange([...new Set([...entries, ...given])]);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Chips
        chips={entries.map((entry) => ({ key: entry, name: entry }))}
        onRemove={(entry) => onChange(entries.filter((other) => other !== entry))}
        disabled={disabled}
        className="font-mono"
      />
      {entries.flatMap((entry, index) =>
        problemsAt(problems, index).map((problem) => (
          <FieldProblem key={`${entry} ${problem.title}`} note={{ ...problem, title: `${entry}: ${problem.title}` }} />
        )),
      )}
      {disabled ? null : (
        <div className="flex gap-1.5">
          <Input
            id={id}
            aria-label={label}
            dir="auto"
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-sm"
            value={draft}
            placeholder={ui?.placeholder === undefined ? '' : tr(ui.placeholder)}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || isComposing(event.nativeEvent)) return;
              event.preventDefault();
              add(draft);
            }}
            onPaste={(event) => {
              const text = event.clipboardData.getData('text');
              if (!/[,;\n]/.test(text.trim())) return;
              event.preventDefault();
              add(`${draft}${text}`);
            }}
            // What is being typed is not lost by leaving the field.
            onBlur={() => add(draft)}
            {...described(id, problems)}
          />
          <Button disabled={draft.trim() === ''} onClick={() => add(draft)}>
            {t('form.add_entry')}
          </Button>
        </div>
      )}
    </div>
  );
}

export const declared = {
  name: 'entries',
  draws: ['list of text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: EntriesControl };
