import { X } from 'lucide-react';
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react';
import { cn } from '../lib/cn.ts';
import { isComposing } from '../lib/keys.ts';
import { t, tr } from '../lib/translate.ts';
import { inputLook } from '../ui/input.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described, problemsAt } from './control-props.ts';

const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
const shown = (word: string): string => word.toUpperCase();

/** The finished words of what is typed, and the one under way. Blanks part words, but between quotation marks. */
function partWords(text: string): { readonly words: readonly string[]; readonly rest: string } {
  const parts = text.match(/"[^"]*(?:"|$)|[^\s,;"]+|[\s,;]+/g) ?? [];
  const last = parts.at(-1) ?? '';
  const open = last !== '' && !/^[\s,;]|^".*"$/.test(last);
  const words = (open ? parts.slice(0, -1) : parts)
    .filter((part) => !/^[\s,;]/.test(part))
    .map((part) => part.replaceAll('"', '').trim());
  return { words: words.filter((word) => word !== ''), rest: open ? last : '' };
}

/** Words as chips. What is being typed counts already, so nothing is lost by leaving the field. */
function KeywordsControl({ id, label, ui, value, onChange, problems, disabled }: ControlProps) {
  const words = wordsOf(value);
  const input = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  const [draft, setDraft] = useState('');
  // Undo and other sessions can change the list under the typing: then what was typed is a chip or gone.
  const typing = draft.trim() !== '' && words.at(-1) === draft.trim();
  const chips = typing ? words.slice(0, -1) : words;

  const type = (text: string) => {
    const { words: parts, rest } = partWords(text);
    const done = [...chips, ...parts];
    const unique = done.filter((word, index) => done.findIndex((other) => shown(other) === shown(word)) === index);
    setDraft(rest);
    onChange(rest === '' ? unique : [...unique, rest]);
  };
  /** A word that an input method is still being told: nothing in it parts words yet. */
  const compose = (text: string) => {
    setDraft(text);
    onChange(text.trim() === '' ? chips : [...chips, text.trim()]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      type(`${typing ? draft : ''} `);
    }
    if (event.key === 'Backspace' && (!typing || draft === '') && chips.length > 0) {
      event.preventDefault();
      setDraft('');
      onChange(chips.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!/[\s,;]/.test(text.trim())) return;
    event.preventDefault();
    type(`${typing ? draft : ''}${text.trim()} `);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click beside the chips puts the cursor into the field inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field itself is reached by Tab
    <div
      onClick={() => input.current?.focus()}
      className={cn(
        inputLook,
        'flex min-h-9 cursor-text flex-wrap items-center gap-1.5 px-1.5 py-1 focus-within:border-focus focus-within:outline-2 focus-within:outline-focus/35 max-md:min-h-11',
        problems.some((problem) => problem.severity === 'error') && 'border-stop',
      )}
    >
      {chips.map((word, index) => {
        const bad = problemsAt(problems, index).length > 0;
        return (
          <span
            key={word}
            dir="auto"
            className={cn(
              'inline-flex min-h-6.5 max-w-full items-center rounded-md ps-2 font-medium font-mono text-sm',
              bad ? 'bg-stop-soft text-stop' : 'bg-action-soft text-action',
              disabled && 'pe-2',
            )}
          >
            <span className="min-w-0 [overflow-wrap:anywhere]">{shown(word)}</span>
            {disabled ? null : (
              <button
                type="button"
                aria-label={t('form.remove_keyword', { word: shown(word) })}
                onClick={() => onChange(words.filter((_, at) => at !== index))}
                className="grid size-6.5 shrink-0 place-items-center rounded-md opacity-70 hover:opacity-100"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            )}
          </span>
        );
      })}
      {disabled ? null : (
        <input
          ref={input}
          dir="auto"
          id={id}
          aria-label={label}
          value={typing ? draft : ''}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder={chips.length === 0 && ui?.placeholder !== undefined ? tr(ui.placeholder) : ''}
          onChange={(event) => (composing.current ? compose : type)(event.target.value)}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={(event) => {
            composing.current = false;
            type(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => setDraft('')}
          className="h-6.5 min-w-16 flex-1 bg-transparent px-1 font-mono text-sm uppercase outline-none placeholder:text-ink-3"
          {...described(id, problems)}
        />
      )}
    </div>
  );
}

export const declared = {
  name: 'keywords',
  draws: ['list of text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: KeywordsControl };
