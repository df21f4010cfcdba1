import { X } from 'lucide-react';
import { useState } from 'react';
import { isComposing } from '../lib/keys.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
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
      {entries.length === 0 ? null : (
        <ul className="flex flex-wrap gap-1.5">
          {entries.map((entry, index) => (
            <li
              key={entry}
              dir="auto"
              className="inline-flex min-h-6.5 max-w-full items-center rounded-md bg-action-soft ps-2 font-mono text-action text-sm"
            >
              <span className="min-w-0 pe-2 [overflow-wrap:anywhere]">{entry}</span>
              {disabled ? null : (
                <button
                  type="button"
                  aria-label={t('form.remove_keyword', { word: entry })}
                  onClick={() => onChange(entries.toSpliced(index, 1))}
                  className="grid size-6.5 shrink-0 place-items-center rounded-md opacity-70 hover:opacity-100"
                >
                  <X aria-hidden className="size-3.5" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
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
